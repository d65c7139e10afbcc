import { type Board, fileNameOf } from './board.ts';
import { classicBoard } from './classic/board.ts';

/**
 * The files under `generated/` by name. Grafana imports a board again only when its `revision` differs, so a board whose
 * content changed gets the next one, and an unchanged board keeps the one of its committed file.
 */
export function renderBoards(
  boards: readonly Board[],
  committed: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const board of boards) {
    const name = fileNameOf(board);
    if (files.has(name)) throw new Error(`two boards have the uid ${board.uid}: give one of them another`);
    files.set(name, renderBoard(board, committed.get(name)));
  }
  return files;
}

export function renderBoard(board: Board, committed: string | undefined): string {
  if (committed === undefined) return toText(classicBoard(board, 1));
  const before = parseCommitted(committed, board.uid);
  const unchanged = toText(classicBoard(board, before.revision));
  return unchanged === toText(before) ? unchanged : toText(classicBoard(board, before.revision + 1));
}

interface Committed {
  readonly revision: number;
}

function parseCommitted(text: string, uid: string): Committed {
  const remedy = 'restore it, or delete it to start again at revision 1';
  let board: unknown;
  try {
    board = JSON.parse(text);
  } catch (cause) {
    throw new Error(`the generated file of ${uid} is not JSON: ${remedy}`, { cause });
  }
  if (typeof board === 'object' && board !== null && 'revision' in board && Number.isInteger(board.revision)) {
    return { ...board, revision: Number(board.revision) };
  }
  throw new Error(`the generated file of ${uid} has no integer "revision": ${remedy}`);
}

/** Keys are sorted as in Grafana's own export, so that a file changes only where its board does. */
function toText(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

import type { FileState, SavedFile, SavedRunFiles } from './file-state.ts';
import { seamBytes } from './seam.ts';
import type { TailKind } from './tail.ts';

type Fields = Readonly<Record<string, unknown>>;

const tailKinds: readonly TailKind[] = ['event_files', 'logs', 'rank_logs'];

/** The largest --files.max. */
const maxFiles = 200_000;
const maxRuns = 20_000;
const maxPath = 4096;

/** Takes what is right in what was saved; a damaged entry means that its file is read from the beginning. */
export function readFileState(saved: unknown): FileState {
  const { files, runs } = fieldsOf(saved);
  return { files: listOf(files, maxFiles).flatMap(fileOf), runs: listOf(runs, maxRuns).flatMap(runOf) };
}

function listOf(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}

function fileOf(value: unknown): SavedFile[] {
  const { path, kind, identity, offset, position, seam, isInsideLine, isOpen, decoder } = fieldsOf(value);
  const { length, hash } = fieldsOf(seam);
  const known = tailKinds.find((one) => one === kind);
  if (known === undefined || !isPath(path) || typeof identity !== 'string' || !/^\d+:\d+$/.test(identity)) return [];
  if (!isCount(offset) || !isCount(position) || !isCount(length) || !isCount(hash)) return [];
  if (offset > position || length > Math.min(seamBytes, position)) return [];
  const point = { offset, position, seam: { length, hash }, isInsideLine: isInsideLine === true };
  return [{ path, kind: known, identity, ...point, isOpen: isOpen === true, decoder }];
}

function runOf(value: unknown): SavedRunFiles[] {
  const { key, checkpointsUntil, trainerState } = fieldsOf(value);
  if (!isPath(key)) return [];
  return [
    {
      key,
      checkpointsUntil: isAmount(checkpointsUntil) ? checkpointsUntil : undefined,
      trainerState: typeof trainerState === 'string' && trainerState.length <= 2 * maxPath ? trainerState : undefined,
    },
  ];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isCount(value: unknown): value is number {
  return isAmount(value) && Number.isSafeInteger(value);
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('/') && value.length <= maxPath;
}

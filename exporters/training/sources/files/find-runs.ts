import { basename, join } from 'node:path';
import { isCheckpointName } from './checkpoint-names.ts';
import type { Entry } from './file-system.ts';
import { type PatternPart, type RunPattern, runNameOf } from './run-pattern.ts';
import type { Folder, Walk } from './walk.ts';

/** A path that a pattern names: a run folder, or a file that is a run of its own. */
export interface RunMatch {
  readonly path: string;
  readonly realPath: string;
  readonly name: string;
  readonly isFolder: boolean;
  /** A log whatever its name. */
  readonly isNamedFile: boolean;
}

/** Any number of folders, but not without end: beyond the longest path that makes sense. */
const maxFolderDepth = 32;

/** What the patterns match, by real path. Of several names for one folder the one that is no link counts. */
export async function findRuns(patterns: readonly RunPattern[], walk: Walk): Promise<ReadonlyMap<string, RunMatch>> {
  const matches = new Map<string, RunMatch>();
  for (const pattern of patterns) await expand(pattern, walk, (match) => take(matches, match));
  return matches;
}

function take(matches: Map<string, RunMatch>, match: RunMatch): void {
  const before = matches.get(match.realPath);
  const isBetter = before !== undefined && before.path !== before.realPath && match.path === match.realPath;
  if (before === undefined || isBetter) matches.set(match.realPath, match);
}

async function expand(pattern: RunPattern, walk: Walk, onMatch: (match: RunMatch) => void): Promise<void> {
  const { parts } = pattern;

  function tell(path: string, realPath: string, isFolder: boolean): void {
    if (!isFolder && pattern.isForFolders) return;
    onMatch({ path, realPath, isFolder, name: runNameOf(pattern, path), isNamedFile: !isFolder && pattern.namesFiles });
  }

  async function atEnd(path: string, parent: Folder | undefined, entry: Entry | undefined): Promise<void> {
    if (entry?.is === 'other') return;
    if (parent !== undefined && entry !== undefined && entry.is !== 'link')
      return tell(path, join(parent.realPath, entry.name), entry.is === 'folder');
    const facts = await walk.identify(path);
    if (facts === undefined || (!facts.isFile && !facts.isFolder)) return;
    const real = await walk.realPath(path);
    if (real !== undefined) tell(path, real, facts.isFolder);
  }

  async function go(path: string, parent: Folder | undefined, entry: Entry | undefined, index: number): Promise<void> {
    const part = parts[index];
    if (part === undefined) return atEnd(path, parent, entry);
    if (part.is === 'name') return go(join(path, part.name), undefined, undefined, index + 1);
    if (entry?.is === 'file' || entry?.is === 'other') return;
    const folder = await walk.folder(path, parent, entry);
    if (folder === undefined) return;
    if (part.is === 'folders') return goDeep(folder, index, new Set(), 0);
    await goInto(folder, await walk.list(folder), part, index);
  }

  async function goInto(
    folder: Folder,
    entries: readonly Entry[],
    part: Extract<PatternPart, { is: 'names' }>,
    index: number,
  ): Promise<void> {
    for (const entry of entries)
      if (part.matches(entry.name)) await go(join(folder.path, entry.name), folder, entry, index + 1);
  }

  /** `**`: what comes next in the pattern is looked for in this folder and in all below, each real folder once. */
  async function goDeep(folder: Folder, index: number, seen: Set<string>, depth: number): Promise<void> {
    if (seen.has(folder.facts.identity) || depth > maxFolderDepth) return;
    seen.add(folder.facts.identity);
    const entries = await walk.list(folder);
    const next = parts[index + 1];
    if (next === undefined) tell(folder.path, folder.realPath, true);
    else if (next.is === 'names') await goInto(folder, entries, next, index + 1);
    else await go(folder.path, folder, { name: basename(folder.path), is: 'link' }, index + 1);
    for (const entry of entries.filter(mayHoldRuns)) {
      const below = await walk.folder(join(folder.path, entry.name), folder, entry);
      if (below !== undefined) await goDeep(below, index, seen, depth + 1);
    }
  }

  await go(pattern.base, undefined, undefined, 0);
}

/** Hidden folders are left out as a shell does, and what is in a checkpoint belongs to the run above it. */
function mayHoldRuns({ name, is }: Entry): boolean {
  return (is === 'folder' || is === 'link') && !name.startsWith('.') && !isCheckpointName(name);
}

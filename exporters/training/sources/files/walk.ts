import { errnoOf } from '../../../../kit/errors.ts';
import type { SourceKind } from '../../journal.ts';
import type { Entry, FileFacts, FileSystem } from './file-system.ts';
import type { Gate } from './gate.ts';
import type { Listings } from './listings.ts';
import type { LocalDisks } from './local-disks.ts';
import type { Act, TroubleLog } from './trouble-log.ts';

/** One look at the folders of all patterns stops at these; what is beyond is left out and counted. */
export interface WalkLimits {
  readonly folders: number;
  readonly entries: number;
}

export const walkLimits: WalkLimits = { folders: 100_000, entries: 2_000_000 };

export interface Folder {
  readonly path: string;
  readonly realPath: string;
  readonly facts: FileFacts;
}

/** Reads folders for one whole look; what cannot be read is reported and left out. */
export interface Walk {
  /** Undefined for what is not there or cannot be seen. */
  readonly identify: (path: string, kind?: SourceKind) => Promise<FileFacts | undefined>;
  /** The folder, with its real path if it is a link; undefined if it is none. */
  readonly folder: (path: string, parent: Folder | undefined, entry: Entry | undefined) => Promise<Folder | undefined>;
  /** The same for one whose real path is known. */
  readonly folderAt: (path: string, realPath: string) => Promise<Folder | undefined>;
  readonly list: (folder: Folder) => Promise<readonly Entry[]>;
  readonly realPath: (path: string) => Promise<string | undefined>;
  /** True if something may be there that was not seen. */
  readonly isIncomplete: () => boolean;
  /** True if a limit was reached. */
  readonly isCut: () => boolean;
}

interface Deps {
  readonly fs: FileSystem;
  readonly gate: Gate;
  readonly troubles: TroubleLog;
  readonly disks: LocalDisks;
  readonly listings: Listings;
}

export function startWalk({ fs, gate, troubles, disks, listings }: Deps, limits: WalkLimits = walkLimits): Walk {
  let folders = 0;
  let entries = 0;
  let isCut = false;
  let isIncomplete = false;

  async function attempt<T>(
    path: string,
    act: Act,
    operation: () => Promise<T>,
    kind: SourceKind = 'event_files',
  ): Promise<T | undefined> {
    try {
      // What was of this machine a moment ago needs no care, and costs less without.
      const result = await (listings.has(path) ? operation() : gate.run(path, operation));
      troubles.clear(path, act);
      return result;
    } catch (error) {
      // Files and folders come and go while they are looked at.
      if (isGone(error)) return undefined;
      isIncomplete = true;
      troubles.report(kind, path, act, error);
      return undefined;
    }
  }

  const identify = (path: string, kind?: SourceKind) => attempt(path, 'look', () => fs.identify(path), kind);
  const realPath = (path: string) => attempt(path, 'look', () => fs.realPath(path));

  async function folder(path: string, parent: Folder | undefined, entry: Entry | undefined) {
    const facts = await identify(path);
    if (facts?.isFolder !== true) return undefined;
    const isPlain = parent !== undefined && entry?.is === 'folder';
    const real = isPlain ? `${parent.realPath === '/' ? '' : parent.realPath}/${entry.name}` : await realPath(path);
    return real === undefined ? undefined : { path, realPath: real, facts };
  }

  async function read({ path, facts }: Folder, limit: number): Promise<readonly Entry[]> {
    const found = await attempt(path, 'list', () => fs.list(path, facts.size, limit));
    if (found === undefined) return [];
    const sorted = [...found].sort(byName);
    if (found.length < limit && (await disks.isLocal(facts.dev, path))) listings.keep(path, facts, sorted);
    return sorted;
  }

  listings.begin();
  return {
    identify,
    realPath,
    folder,
    folderAt: async (path, real) => {
      const facts = await identify(path);
      return facts?.isFolder === true ? { path, realPath: real, facts } : undefined;
    },
    list: async (asked) => {
      folders++;
      const left = limits.entries - entries;
      if (folders > limits.folders || left <= 0) {
        isCut = true;
        return [];
      }
      const found = listings.find(asked.path, asked.facts) ?? (await read(asked, left));
      entries += found.length;
      return found;
    },
    isIncomplete: () => isIncomplete || isCut,
    isCut: () => isCut || entries >= limits.entries,
  };
}

/** A link that leads to itself leads nowhere too. */
const goneCodes: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

export function isGone(error: unknown): boolean {
  return goneCodes.has(errnoOf(error));
}

function byName(a: Entry, b: Entry): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

import { basename, join } from 'node:path';
import { checkpointOfFolder } from './checkpoint-names.ts';
import type { FileKind } from './file-kind.ts';
import type { Entry } from './file-system.ts';
import type { RunMatch } from './find-runs.ts';
import type { Folder, Walk } from './walk.ts';

export interface FoundFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly isLink: boolean;
}

export interface RunContents {
  readonly files: readonly FoundFile[];
  /** All folders that were read, with what is in them. */
  readonly folders: readonly ReadFolder[];
}

export interface ReadFolder {
  readonly folder: Folder;
  readonly entries: readonly Entry[];
}

interface Settings {
  readonly depth: number;
  readonly kindOf: (name: string) => FileKind | undefined;
  /** Other run folders inside this one keep their files for themselves. */
  readonly isOtherRun: (realPath: string) => boolean;
  /** What is known already of a checkpoint need not be read again. */
  readonly isKnownCheckpoint: (path: string) => boolean;
}

/** Everything of a run that matters, to a depth; each real folder once. */
export async function walkRun(match: RunMatch, walk: Walk, settings: Settings): Promise<RunContents> {
  if (!match.isFolder) return { files: fileItself(match, settings.kindOf), folders: [] };
  const seen = new Set<string>();
  const files: FoundFile[] = [];
  const folders: ReadFolder[] = [];

  async function visit(folder: Folder, depth: number): Promise<void> {
    if (seen.has(folder.facts.identity)) return;
    seen.add(folder.facts.identity);
    const entries = await walk.list(folder);
    folders.push({ folder, entries });
    files.push(...entries.flatMap((entry) => fileOf(folder, entry)));
    const isInCheckpoint = depth > 0 && checkpointOfFolder(basename(folder.path)) !== undefined;
    if (depth < settings.depth && !isInCheckpoint) await descend(folder, entries, depth);
  }

  function fileOf(folder: Folder, { name, is }: Entry): FoundFile[] {
    if (is === 'folder' || is === 'other' || name.startsWith('.')) return [];
    const kind = settings.kindOf(name);
    const isElsewhere = kind === undefined || settings.isOtherRun(join(folder.realPath, name));
    return isElsewhere ? [] : [{ path: join(folder.path, name), kind, isLink: is === 'link' }];
  }

  async function descend(folder: Folder, entries: readonly Entry[], depth: number): Promise<void> {
    for (const entry of entries) {
      const path = join(folder.path, entry.name);
      if (!mayHoldFiles(entry) || settings.isKnownCheckpoint(path)) continue;
      const below = await walk.folder(path, folder, entry);
      if (below !== undefined && !settings.isOtherRun(below.realPath)) await visit(below, depth + 1);
    }
  }

  const root = await walk.folderAt(match.path, match.realPath);
  if (root !== undefined) await visit(root, 0);
  return { files, folders };
}

/** A link may lead to a file as well, which costs a look. */
function mayHoldFiles({ name, is }: Entry): boolean {
  return (is === 'folder' || is === 'link') && !name.startsWith('.') && !name.endsWith('.ckpt');
}

function fileItself({ path, realPath, isNamedFile }: RunMatch, kindOf: Settings['kindOf']): readonly FoundFile[] {
  const kind = kindOf(basename(path)) ?? (isNamedFile ? 'logs' : undefined);
  return kind === undefined ? [] : [{ path, kind, isLink: path !== realPath }];
}

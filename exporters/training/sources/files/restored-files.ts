import type { SavedFile } from './file-state.ts';
import type { FileFacts } from './file-system.ts';
import type { TailKind } from './tail.ts';

/** Where an earlier exporter was in files that did not show up yet. */
export interface RestoredFiles {
  /** What is known of a file that shows up, also if it was under another name; undefined if it is another file. */
  readonly take: (path: string, kind: TailKind, facts: FileFacts) => SavedFile | undefined;
  readonly left: () => Iterable<SavedFile>;
  readonly clear: () => void;
}

export function createRestoredFiles(files: readonly SavedFile[]): RestoredFiles {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const byIdentity = new Map(files.map((file) => [file.identity, file]));

  return {
    take: (path, kind, facts) => {
      const atPath = byPath.get(path);
      const isSame = atPath !== undefined && isSameInode(atPath, facts);
      const found = isSame ? atPath : byIdentity.get(facts.identity);
      if (found === undefined) return undefined;
      byPath.delete(found.path);
      byIdentity.delete(found.identity);
      return found.kind === kind && facts.size >= found.position ? found : undefined;
    },
    left: () => byPath.values(),
    clear: () => {
      byPath.clear();
      byIdentity.clear();
    },
  };
}

/** The device number of a disk of the network changes when it is mounted again; the seam will tell whether it is the same file. */
function isSameInode(saved: SavedFile, facts: FileFacts): boolean {
  return saved.identity.split(':')[1] === facts.identity.split(':')[1];
}

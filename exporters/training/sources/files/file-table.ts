import type { SourceLedger } from '../../source-ledger.ts';
import { type FollowedFile, type FollowedRun, rememberFormer } from './followed-run.ts';
import { type Tail, type TailKind, unreadBytes } from './tail.ts';

/** All files that are followed, and their runs. */
export interface FileTable {
  /** By the real path of what a pattern matched. */
  readonly runs: Map<string, FollowedRun>;
  readonly files: () => Iterable<FollowedFile>;
  readonly add: (file: FollowedFile) => void;
  /** Its stream says no more. What was read of it is remembered, in case it comes back. */
  readonly remove: (file: FollowedFile) => void;
  readonly ofTail: (tail: Tail) => FollowedFile | undefined;
  /** False where the limit is reached, which is counted once for each path. */
  readonly hasRoom: (path: string) => boolean;
  /** Lets go of what is so old that nobody asks for it any more. */
  readonly removeOld: (oldestSeconds: number) => void;
  readonly count: () => void;
}

const kinds: readonly TailKind[] = ['event_files', 'logs', 'rank_logs'];

export function createFileTable(maxFiles: number, ledger: SourceLedger): FileTable {
  const runs = new Map<string, FollowedRun>();
  const byTail = new Map<Tail, FollowedFile>();
  const dropped = new Set<string>();

  function remove(file: FollowedFile): void {
    const { run, tail, voice } = file;
    rememberFormer(run, tail);
    run.files.delete(tail.path);
    byTail.delete(tail);
    voice.close();
  }

  return {
    runs,
    files: () => byTail.values(),
    add: (file) => void byTail.set(file.tail, file),
    remove,
    ofTail: (tail) => byTail.get(tail),
    hasRoom: (path) => {
      if (byTail.size < maxFiles) return true;
      if (!dropped.has(path) && dropped.size < maxFiles) ledger.dropped('files');
      if (dropped.size < maxFiles) dropped.add(path);
      return false;
    },
    removeOld: (oldestSeconds) => {
      for (const run of runs.values()) {
        const files = [...run.files.values()];
        if (files.length === 0) continue;
        // A run is let go of as a whole: its older files may still be needed to know what was read.
        if (files.some(({ tail }) => tail.mtimeSeconds >= oldestSeconds || unreadBytes(tail) > 0)) continue;
        for (const file of files) remove(file);
        run.former.clear();
      }
    },
    count: () => {
      for (const kind of kinds) {
        let files = 0;
        let unread = 0;
        for (const tail of byTail.keys()) {
          if (tail.kind !== kind) continue;
          files++;
          unread += unreadBytes(tail);
        }
        ledger.files(kind, files);
        ledger.unread(kind, unread);
      }
    },
  };
}

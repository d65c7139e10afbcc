import { join } from 'node:path';
import type { CreateDecoder, FileDecoder } from '../../../exporters/training/decoders/file-decoder.ts';
import type { ProblemReason } from '../../../exporters/training/source-ledger.ts';
import type { FileSystem } from '../../../exporters/training/sources/files/file-system.ts';
import type { TailKind } from '../../../exporters/training/sources/files/tail.ts';

/** What was seen of one file while it was read. */
export interface FileNote {
  readonly path: string;
  readonly problems: ReadonlyMap<ProblemReason, number>;
  readonly records: number;
  readonly decoder: FileDecoder;
}

/** Stands between the sources and the disk, and between the sources and the decoders, to learn which file told what. */
export interface FileNotes {
  readonly fs: FileSystem;
  readonly decoders: Readonly<Record<TailKind, CreateDecoder>>;
  readonly ofFile: (path: string) => FileNote | undefined;
}

interface Note {
  readonly path: string;
  readonly problems: Map<ProblemReason, number>;
  records: number;
  decoder: FileDecoder;
}

interface Settings {
  readonly fs: FileSystem;
  readonly decoders: Readonly<Record<TailKind, CreateDecoder>>;
  /** Runs inside this one, which are looked at by themselves. */
  readonly isHidden: (path: string) => boolean;
  readonly onBytes: (count: number) => void;
}

export function createFileNotes({ fs, decoders, isHidden, onBytes }: Settings): FileNotes {
  const notes = new Map<string, Note>();
  /** Files are read one after the other, and what was read is decoded before the next is. */
  let path = '';

  function noting(create: CreateDecoder): CreateDecoder {
    return (context) => {
      let note: Note | undefined;
      const decoder = create({
        ...context,
        onRecord: (count) => {
          context.onRecord(count);
          if (note !== undefined) note.records += count;
        },
        onProblem: (reason) => {
          context.onProblem(reason);
          note?.problems.set(reason, (note.problems.get(reason) ?? 0) + 1);
        },
      });
      return {
        ...decoder,
        push: (bytes) => {
          if (note === undefined) {
            note = { path, problems: new Map(), records: 0, decoder };
            notes.set(path, note);
          }
          decoder.push(bytes);
        },
      };
    };
  }

  return {
    fs: {
      ...fs,
      list: async (folder, size, limit) => {
        const entries = await fs.list(folder, size, limit);
        return entries.filter(({ name }) => !isHidden(join(folder, name)));
      },
      read: async (read, position, buffer) => {
        path = read;
        const piece = await fs.read(read, position, buffer);
        path = read;
        onBytes(piece.bytesRead);
        return piece;
      },
    },
    decoders: {
      event_files: noting(decoders.event_files),
      logs: noting(decoders.logs),
      rank_logs: noting(decoders.rank_logs),
    },
    ofFile: (wanted) => notes.get(wanted),
  };
}

import { closeSync, openSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { readUpTo } from '../../../../kit/bounded-file.ts';

/** The proc file system, as far as it is read here. Undefined is what is not there, or not for us to see. */
export interface ProcFiles {
  /** The first bytes of a file that the kernel makes up on the spot. */
  readonly read: (path: string, limit: number) => Buffer | undefined;
  /** The first bytes of what is in the memory of a process, which may wait for the process. */
  readonly readMemory: (path: string, limit: number) => Promise<Buffer | undefined>;
  readonly list: (path: string) => Promise<readonly string[]>;
}

export const procFiles: ProcFiles = {
  // Without a thread of the pool in between: there are hundreds of processes, and to wake a thread costs more than to read.
  read: (path, limit) => {
    try {
      return readAtOnce(path, limit);
    } catch {
      return undefined;
    }
  },
  readMemory: async (path, limit) => {
    try {
      return await readUpTo(path, limit);
    } catch {
      return undefined;
    }
  },
  list: (path) => readdir(path).catch(() => []),
};

function readAtOnce(path: string, limit: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(limit);
    let length = 0;
    while (length < limit) {
      const count = readSync(file, buffer, length, limit - length, null);
      if (count === 0) break;
      length += count;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { errnoOf } from '../../../kit/errors.ts';
import type { DeadLetter } from '../dead-letter.ts';

/** Writes what a robot refused for good, a line each. Rejects if the disk does not take it. */
export interface DeadLetters {
  readonly write: (letter: DeadLetter) => Promise<void>;
}

/** Of one file; when it is full it becomes `<file>.1`, in place of the one before. */
export function createDeadLetters(file: string, maxBytes: number): DeadLetters {
  let last = Promise.resolve();

  async function append(line: string): Promise<void> {
    const size = await sizeOf(file);
    if (size > 0 && size + Buffer.byteLength(line) > maxBytes) await rename(file, `${file}.1`);
    const handle = await open(file, 'a+', 0o600);
    try {
      await handle.appendFile((await isTorn(handle)) ? `\n${line}` : line);
    } finally {
      await handle.close();
    }
  }

  return {
    write: (letter) => {
      const written = last.then(() => append(`${JSON.stringify(letter)}\n`));
      last = written.catch(() => undefined);
      return written;
    },
  };
}

/** True after a line that a full disk or a crash cut short. */
async function isTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

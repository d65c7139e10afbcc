import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { errnoOf, SourceError } from './errors.ts';

/** What daemons need that keep some state in a plain file, on a disk that may be full, damaged or hanging. */

/** Text of a file; undefined if there is none. Reads no more than one byte beyond what is allowed, whatever the size pretends to be. */
export async function readBounded(path: string, maxBytes: number): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (size === undefined) return undefined;
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(size, maxBytes) + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Only a plain file is opened: a pipe would wait for somebody to write. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new SourceError('it is no plain file');
    return stats.size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file that only its owner may read. Whoever reads it sees the old text or the new one, whenever the process ends. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  try {
    await rm(temporary, { force: true });
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Whether a text begins as ours do. An empty file, or one of zeros, is what a power failure leaves; all else belongs to somebody. */
export function isMarked(text: string, mark: string): boolean {
  return text.startsWith(mark.slice(0, text.length)) || /^\0*$/.test(text);
}

/** `late` if the work is still under way after that time. */
export async function within<T, L>(milliseconds: number, work: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), milliseconds);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}

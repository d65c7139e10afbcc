import { open, stat } from 'node:fs/promises';
import { errnoOf, SourceError } from './errors.ts';

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

/** The first `limit` bytes of a file that has no size, as the kernel makes them up: it gives a page at a time. */
export async function readUpTo(path: string, limit: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const chunks: Buffer[] = [];
    for (let left = limit; left > 0; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(left, pageBytes)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      left -= bytesRead;
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

const pageBytes = 16_384;

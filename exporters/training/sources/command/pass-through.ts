import { write } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from '../../../../kit/errors.ts';

export interface PassThrough {
  /** Resolves when everything was passed on, or when nobody takes it any more. */
  readonly done: Promise<void>;
  /** Goes up with each piece that is passed on; a piece that is under way has not counted yet. */
  readonly passed: () => number;
  readonly isBusy: () => boolean;
}

/** How long to wait where the other side of a file that does not block is full. */
const fullMs = 10;

/**
 * Passes an output on to a file descriptor, unchanged and piece by piece: no piece is read before the one before it was written, so a
 * reader that is slow slows the writer down as if nobody were between them. It writes by itself because process.stdout would hold the whole
 * process up meanwhile, and with it the answers to scrapes.
 */
export function passThrough(from: Readable, fd: number, onBytes: (bytes: Buffer) => void): PassThrough {
  let passed = 0;
  let isBusy = false;

  async function run(): Promise<void> {
    try {
      for await (const chunk of from) {
        const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        isBusy = true;
        const writing = writeAll(fd, bytes);
        onBytes(bytes);
        await writing;
        isBusy = false;
        passed++;
      }
    } catch {
      // Whoever reads went away, or the output was closed from here. Without a reader the writer gets what it would get from a broken pipe.
    }
    isBusy = false;
    from.destroy();
  }

  return { done: run(), passed: () => passed, isBusy: () => isBusy };
}

async function writeAll(fd: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += await writeSome(fd, bytes, at);
}

async function writeSome(fd: number, bytes: Buffer, at: number): Promise<number> {
  try {
    return await new Promise<number>((resolve, reject) =>
      write(fd, bytes, at, bytes.length - at, null, (error, written) => (error ? reject(error) : resolve(written))),
    );
  } catch (error) {
    if (errnoOf(error) !== 'EAGAIN') throw error;
    await sleep(fullMs);
    return 0;
  }
}

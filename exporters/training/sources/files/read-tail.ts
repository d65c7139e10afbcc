import type { FileSystem } from './file-system.ts';
import { type Gate, LateError } from './gate.ts';
import { fits, noSeam, seamBytes, seamOf } from './seam.ts';
import type { Tail } from './tail.ts';

export const pieceBytes = 128 * 1024;
const newline = 0x0a;

export type ReadResult =
  | { readonly is: 'read'; readonly bytes: number }
  /** Another file has come under the name, or this one was written anew. */
  | { readonly is: 'replaced' };

interface Deps {
  readonly fs: FileSystem;
  readonly gate: Gate;
}

/** Reads files piece by piece into one buffer that all share. */
export interface TailReader {
  /** The next piece of what `size` says is there. Rejects if the file cannot be read. */
  readonly readOn: (tail: Tail, limit: number) => Promise<ReadResult>;
  /** Whether what was read last is still there. */
  readonly isUnchanged: (tail: Tail) => Promise<boolean>;
}

export function createTailReader({ fs, gate }: Deps): TailReader {
  let buffer = Buffer.alloc(seamBytes + pieceBytes);

  async function fill(tail: Tail, position: number, length: number): Promise<Uint8Array | undefined> {
    const target = buffer.subarray(0, length);
    try {
      const piece = await gate.run(tail.readPath, () => fs.read(tail.readPath, position, target), tail.dev);
      return piece.identity === tail.identity ? target.subarray(0, piece.bytesRead) : undefined;
    } catch (error) {
      // A read that was given up may still write into its buffer.
      if (error instanceof LateError) buffer = Buffer.alloc(seamBytes + pieceBytes);
      throw error;
    }
  }

  async function isStillTheSame(tail: Tail, { position, seam }: Pick<Tail, 'position' | 'seam'>): Promise<boolean> {
    const bytes = await fill(tail, position - seam.length, seam.length);
    return bytes !== undefined && fits(seam, bytes);
  }

  async function readOn(tail: Tail, limit: number): Promise<ReadResult> {
    if (tail.resumedAt !== undefined && !(await isStillTheSame(tail, tail.resumedAt))) return { is: 'replaced' };
    tail.resumedAt = undefined;
    const { seam, position } = tail;
    const wanted = Math.min(pieceBytes, limit, tail.size - position);
    const bytes = await fill(tail, position - seam.length, seam.length + wanted);
    if (bytes === undefined || !fits(seam, bytes.subarray(0, seam.length))) return { is: 'replaced' };
    const fresh = bytes.subarray(seam.length);
    tail.position += fresh.length;
    tail.seam = bytes.length === 0 ? noSeam : seamOf(bytes);
    push(tail, fresh);
    return { is: 'read', bytes: fresh.length };
  }

  return { readOn, isUnchanged: (tail) => isStillTheSame(tail, tail.resumedAt ?? tail) };
}

function push(tail: Tail, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  tail.piecesBehind++;
  const start = tail.isInsideLine ? bytes.indexOf(newline) + 1 : 0;
  if (tail.isInsideLine && start === 0) return;
  tail.isInsideLine = false;
  if (start < bytes.length) tail.decoder.push(bytes.subarray(start));
}

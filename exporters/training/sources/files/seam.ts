/** What the last bytes were that were read, to see whether a file was written anew under the same inode. */
export interface Seam {
  readonly length: number;
  readonly hash: number;
}

/** Enough to differ where two files do: a time, a counter, a checksum. */
export const seamBytes = 64;

export const noSeam: Seam = { length: 0, hash: 0 };

/** Of the end of what was read. */
export function seamOf(bytes: Uint8Array): Seam {
  const tail = bytes.subarray(Math.max(0, bytes.length - seamBytes));
  return { length: tail.length, hash: fnv1a(tail) };
}

export function fits(seam: Seam, bytes: Uint8Array): boolean {
  return bytes.length === seam.length && (seam.length === 0 || fnv1a(bytes) === seam.hash);
}

/** 32 bits, isthe.com/chongo/tech/comp/fnv. */
function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

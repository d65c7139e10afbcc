interface Part<T> {
  readonly start: number;
  readonly end: number;
  readonly made: T;
}

interface Answer<T> {
  readonly bytes: Buffer;
  readonly parts: Map<number, Part<T>>;
}

/** Parts of the answer before, and what was made of them. */
export interface PartCache<T> {
  /** To be called with each answer before its parts are asked for. */
  readonly begin: (bytes: Buffer) => void;
  /** What was made last time if the part is the same to the byte, wherever it stood; else what `make` makes of it. */
  readonly get: (start: number, end: number, make: (start: number, end: number) => T) => T;
}

/**
 * Answers come every few seconds, with the same pods in another order: decoding them costs ten times as much as knowing them again. The
 * last answer is kept for that.
 */
export function createPartCache<T>(): PartCache<T> {
  let before: Answer<T> = { bytes: Buffer.alloc(0), parts: new Map() };
  let now = before;
  return {
    begin: (bytes) => {
      before = now;
      now = { bytes, parts: new Map() };
    },
    get: (start, end, make) => {
      const hash = hashOf(now.bytes, start, end);
      const known = before.parts.get(hash);
      const isKnown = known !== undefined && now.bytes.compare(before.bytes, known.start, known.end, start, end) === 0;
      const made = isKnown ? known.made : make(start, end);
      now.parts.set(hash, { start, end, made });
      return made;
    },
  };
}

function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  return hash;
}

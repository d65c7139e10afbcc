/** Gathers what the database writes, 8 KiB at a time, to pieces that are worth a message. */
export interface Chunks {
  /** Copies the bytes. */
  readonly add: (bytes: Uint8Array) => void;
  /** What has not been sent yet. */
  readonly rest: () => Uint8Array;
}

const chunkBytes = 262_144;

export function createChunks(send: (chunk: Uint8Array) => void): Chunks {
  let buffer = new Uint8Array(0);
  let used = 0;

  function take(): Uint8Array {
    const chunk = buffer.slice(0, used);
    used = 0;
    return chunk;
  }

  return {
    add: (bytes) => {
      if (used + bytes.length > buffer.length && used > 0) send(take());
      if (bytes.length > buffer.length) buffer = new Uint8Array(Math.max(chunkBytes, bytes.length));
      buffer.set(bytes, used);
      used += bytes.length;
    },
    rest: take,
  };
}

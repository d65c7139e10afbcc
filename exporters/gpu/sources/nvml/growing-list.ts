import { returnCode } from './return-codes.ts';

/** Memory for a list of structs of which NVML decides how long it is. It grows with the lists and is never given back. */
export interface GrowingList {
  /** Calls with memory for entries of that size. What it answers is valid until the next call. */
  fill(entrySize: number, call: (count: Buffer, entries: Buffer) => number): ListAnswer;
}

export interface ListAnswer {
  readonly code: number;
  /** How many entries were written; what is behind them is 0. */
  readonly count: number;
  readonly entries: Buffer;
}

const firstRoom = 16;
// Processes may be started between two tries, but not for ever.
const mostTries = 5;

/**
 * NVML answers with INSUFFICIENT_SIZE and the number of entries that it has where there is too little room. `mostEntries` bounds the
 * room; a list that is longer stays INSUFFICIENT_SIZE. There is room for entries of `largestSize`, whatever size a call believes in.
 */
export function createGrowingList(largestSize: number, mostEntries: number): GrowingList {
  const count = Buffer.alloc(4);
  let room = Math.min(firstRoom, mostEntries);
  let entries = Buffer.alloc(largestSize * room);

  function makeRoom(needed: number): void {
    room = Math.min(2 * Math.max(needed, room) + 5, mostEntries);
    entries = Buffer.alloc(largestSize * room);
  }

  return {
    fill(entrySize, call) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        count.writeUInt32LE(room);
        entries.fill(0);
        const code = call(count, entries.subarray(0, entrySize * room));
        const told = count.readUInt32LE();
        if (code === returnCode.success) return { code, count: Math.min(told, room), entries };
        if (code !== returnCode.insufficientSize) return { code, count: 0, entries };
        if (room === mostEntries) break;
        makeRoom(told);
      }
      return { code: returnCode.insufficientSize, count: 0, entries };
    },
  };
}

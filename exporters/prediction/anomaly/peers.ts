import { deviationsOfMad } from './bands.ts';
import type { Floor } from './tail-ratio.ts';
import { medianDistanceOfSorted, quantileOfSorted } from './windows/sorted-window.ts';

export interface PeerSettings {
  /** One for each signal. */
  readonly floors: readonly Floor[];
  /** A group with fewer readings of a signal says nothing: 5. */
  readonly minPeers: number;
}

/** Entities in groups: `members` holds them group after group, and those of group g stand from `starts[g]` up to `starts[g + 1]`. */
export interface Groups {
  readonly members: Uint32Array;
  readonly starts: Uint32Array;
}

export interface PeerTables {
  /** Entities × signals; NaN for no reading. */
  readonly values: Float64Array;
  /** Filled: distance to the median of the peers, signed, in the unit of the signal. */
  readonly residuals: Float64Array;
  /** What these distances usually are; NaN where that is not known. */
  readonly usual: Float64Array;
  /** Filled: how far they are from usual, in robust deviations over `peerLimit`. */
  readonly scores: Float64Array;
}

/** So many robust deviations from the median of the peers are the border of usual. Our choice, not measured. */
export const peerLimit = 6;

/**
 * Compares each entity with the median of its peers, over 1.4826 × the median distance, which is at least the floor. No warm-up. Where it is known
 * how far the peers usually are from their median, that is taken off first: a GPU in a hot slot is hotter every day.
 */
export function createPeers({ floors, minPeers }: PeerSettings): (groups: Groups, tables: PeerTables) => void {
  const signals = floors.length;
  let scratch = new Float64Array(0);

  /** Sorts what is there of the members into `scratch`; gives how many these are. */
  function gather(members: Uint32Array, signal: number, readingAt: (at: number) => number): number {
    let count = 0;
    for (const member of members) {
      const value = readingAt(member * signals + signal);
      if (!Number.isNaN(value)) scratch[count++] = value;
    }
    scratch.subarray(0, count).sort();
    return count;
  }

  function judge(members: Uint32Array, signal: number, { scores }: PeerTables, of: Comparison): void {
    const count = gather(members, signal, of.readingAt);
    if (count < minPeers) return;
    const median = quantileOfSorted(scratch, count, 0.5);
    const border = peerLimit * Math.max(deviationsOfMad * medianDistanceOfSorted(scratch, count), of.floor);
    for (const member of members) {
      const at = member * signals + signal;
      const distance = Math.abs(of.readingAt(at) - median);
      if (!Number.isNaN(distance)) scores[at] = distance === 0 ? 0 : Math.min(50, distance / border);
    }
  }

  function compare(members: Uint32Array, signal: number, tables: PeerTables): void {
    const { values, residuals, usual } = tables;
    const count = gather(members, signal, (at) => values[at] as number);
    if (count < minPeers) return;
    const median = quantileOfSorted(scratch, count, 0.5);
    for (const member of members)
      residuals[member * signals + signal] = (values[member * signals + signal] as number) - median;
    const { absolute, relative } = floors[signal] as Floor;
    const floor = Math.max(absolute, relative * Math.abs(median));
    judge(members, signal, tables, { floor, readingAt: (at) => residuals[at] as number });
    judge(members, signal, tables, { floor, readingAt: (at) => (residuals[at] as number) - (usual[at] as number) });
  }

  return ({ members, starts }, tables) => {
    if (scratch.length < members.length) scratch = new Float64Array(members.length * 2);
    tables.residuals.fill(Number.NaN);
    tables.scores.fill(Number.NaN);
    for (let group = 0; group + 1 < starts.length; group++) {
      const own = members.subarray(starts[group], starts[group + 1]);
      for (let signal = 0; signal < signals; signal++) compare(own, signal, tables);
    }
  };
}

interface Comparison {
  readonly floor: number;
  readonly readingAt: (at: number) => number;
}

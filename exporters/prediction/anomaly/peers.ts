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
  /** Filled: the same in robust deviations, over `peerLimit`. */
  readonly scores: Float64Array;
}

/** So many robust deviations from the median of the peers are the border of usual. Our choice, not measured. */
export const peerLimit = 6;

/** Compares each entity with the median of its group, over 1.4826 × the median distance, which is at least the floor. No warm-up. */
export function createPeers({ floors, minPeers }: PeerSettings): (groups: Groups, tables: PeerTables) => void {
  const signals = floors.length;
  let scratch = new Float64Array(0);

  function compare(members: Uint32Array, signal: number, { values, residuals, scores }: PeerTables): void {
    let count = 0;
    for (const member of members) {
      const value = values[member * signals + signal] as number;
      if (!Number.isNaN(value)) scratch[count++] = value;
    }
    if (count < minPeers) return;
    const sorted = scratch.subarray(0, count).sort();
    const median = quantileOfSorted(sorted, count, 0.5);
    const { absolute, relative } = floors[signal] as Floor;
    const spread = deviationsOfMad * medianDistanceOfSorted(sorted, count);
    const border = peerLimit * Math.max(spread, absolute, relative * Math.abs(median));
    for (const member of members) {
      const at = member * signals + signal;
      const residual = (values[at] as number) - median;
      residuals[at] = residual;
      scores[at] = residual === 0 ? 0 : Math.min(50, Math.abs(residual) / border);
    }
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

/** A normal distribution has its standard deviation at this many median absolute deviations. */
const toSd = 1.4826;
const fewestPeers = 3;

export interface PeerDeviation {
  readonly difference: Float64Array;
  readonly robustZ: Float64Array;
}

/**
 * Of values of peers, NaN for those without a reading: how far each is from their median, and that by 1.4826 × their median absolute deviation, which is
 * taken as at least `floor`, because that of equal readings is 0. All NaN below three readings.
 */
export function deviationsOf(values: Float64Array, floor: number): PeerDeviation {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  if (known.length < fewestPeers) {
    const none = new Float64Array(values.length).fill(Number.NaN);
    return { difference: none, robustZ: none };
  }
  const median = middleOf(known);
  const difference = values.map((value) => value - median);
  const spread = Math.max(floor, toSd * middleOf(known.map((value) => Math.abs(value - median)).sort()));
  return { difference, robustZ: difference.map((each) => each / spread) };
}

/** Of sorted values, at least one. */
function middleOf(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}

/** What the peers of a row had, from a column and its difference from them; undefined where there were too few. */
export function peerMedianOf(value: number, difference: number): number | undefined {
  return Number.isFinite(value - difference) ? value - difference : undefined;
}

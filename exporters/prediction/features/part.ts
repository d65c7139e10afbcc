/**
 * What is known of some samples, in a row of a Float64Array, so that parts can be put together without looking at the samples again: Chan, Golub and
 * LeVeque, Updating formulae and a pairwise algorithm for computing sample variances (1979). Sums of the whole series, subtracted from each other, would
 * be faster, but one reading of 1e30 would spoil all that come after it.
 */
export const lane = {
  count: 0,
  mean: 1,
  squares: 2,
  max: 3,
  last: 4,
  time: 5,
  timeSquares: 6,
  product: 7,
  sum: 8,
} as const;
export const lanes = 9;

export function clearPart(parts: Float64Array, at: number): void {
  parts.fill(0, at, at + lanes);
}

/** Adds samples that come later in time. `from` has at least one. Lanes by number, because this is where most of the time goes. */
export function mergePart(into: Float64Array, to: number, from: Float64Array, at: number): void {
  const more = from[at] as number;
  const before = into[to] as number;
  const share = more / (before + more);
  const step = (from[at + 1] as number) - (into[to + 1] as number);
  const timeStep = (from[at + 5] as number) - (into[to + 5] as number);
  const weight = before * share;
  const most = from[at + 3] as number;
  into[to] = before + more;
  into[to + 1] = share === 1 ? (from[at + 1] as number) : (into[to + 1] as number) + step * share;
  into[to + 2] = (into[to + 2] as number) + (from[at + 2] as number) + step * step * weight;
  if (before === 0 || most > (into[to + 3] as number)) into[to + 3] = most;
  into[to + 4] = from[at + 4] as number;
  into[to + 5] = share === 1 ? (from[at + 5] as number) : (into[to + 5] as number) + timeStep * share;
  into[to + 6] = (into[to + 6] as number) + (from[at + 6] as number) + timeStep * timeStep * weight;
  into[to + 7] = (into[to + 7] as number) + (from[at + 7] as number) + step * timeStep * weight;
  into[to + 8] = (into[to + 8] as number) + (from[at + 8] as number);
}

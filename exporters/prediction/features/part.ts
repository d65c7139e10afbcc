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

/** Adds samples that come later in time. `from` has at least one. */
export function mergePart(into: Float64Array, to: number, from: Float64Array, at: number): void {
  const more = from[at] as number;
  const before = into[to] as number;
  if (before === 0) {
    for (let each = 0; each < lanes; each += 1) into[to + each] = from[at + each] as number;
    return;
  }
  const count = before + more;
  const share = more / count;
  const step = (from[at + lane.mean] as number) - (into[to + lane.mean] as number);
  const timeStep = (from[at + lane.time] as number) - (into[to + lane.time] as number);
  const weight = before * share;
  into[to] = count;
  into[to + lane.mean] = (into[to + lane.mean] as number) + step * share;
  into[to + lane.squares] =
    (into[to + lane.squares] as number) + (from[at + lane.squares] as number) + step * step * weight;
  into[to + lane.max] = Math.max(into[to + lane.max] as number, from[at + lane.max] as number);
  into[to + lane.last] = from[at + lane.last] as number;
  into[to + lane.time] = (into[to + lane.time] as number) + timeStep * share;
  into[to + lane.timeSquares] =
    (into[to + lane.timeSquares] as number) + (from[at + lane.timeSquares] as number) + timeStep * timeStep * weight;
  into[to + lane.product] =
    (into[to + lane.product] as number) + (from[at + lane.product] as number) + step * timeStep * weight;
  into[to + lane.sum] = (into[to + lane.sum] as number) + (from[at + lane.sum] as number);
}

/** Counts by bucket, not cumulative; one more than there are bounds, for what is above the last. */
export interface Histogram {
  readonly counts: number[];
  sum: number;
}

export function createHistogram(bounds: readonly number[]): Histogram {
  return { counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
}

/** Takes a finite value, `weight` times. */
export function observe(histogram: Histogram, bounds: readonly number[], value: number, weight = 1): void {
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] ?? value)) bucket++;
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + weight;
  histogram.sum += value * weight;
}

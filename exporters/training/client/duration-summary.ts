/** Sums up durations in bounded memory. */
export interface DurationSummary {
  readonly add: (seconds: number) => void;
  readonly count: () => number;
  readonly total: () => number;
  /** Infinity, and -Infinity for max, before anything was added. */
  readonly min: () => number;
  readonly max: () => number;
  /** By nearest rank: the smallest duration that at least this part of all does not exceed. NaN before anything was added. */
  readonly quantile: (part: number) => number;
}

/** So many durations are kept as they are, and quantiles of them are exact. */
export const exactDurations = 1024;
/** Of more, quantiles are right within this part of their value. */
export const relativeError = 0.005;

/** Buckets of DDSketch (arXiv 1908.10693): each reaches from one power of gamma to the next. */
const gamma = (1 + relativeError) / (1 - relativeError);
const logGamma = Math.log(gamma);
/** What is shorter counts as that, which bounds the number of buckets: no clock sees less. */
const shortest = 1e-9;

export function createDurationSummary(): DurationSummary {
  let exact: number[] | undefined = [];
  const buckets = new Map<number, number>();
  let count = 0;
  let total = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;

  function addToBucket(seconds: number): void {
    const index = Math.ceil(Math.log(Math.max(seconds, shortest)) / logGamma);
    buckets.set(index, (buckets.get(index) ?? 0) + 1);
  }

  function ofBuckets(rank: number): number {
    let seen = 0;
    for (const [index, size] of [...buckets].sort(([left], [right]) => left - right)) {
      seen += size;
      if (seen >= rank) return Math.min(max, Math.max(min, (2 * gamma ** index) / (gamma + 1)));
    }
    return max;
  }

  return {
    add: (seconds) => {
      count++;
      total += seconds;
      if (seconds < min) min = seconds;
      if (seconds > max) max = seconds;
      if (exact === undefined) return addToBucket(seconds);
      exact.push(seconds);
      if (exact.length <= exactDurations) return undefined;
      for (const one of exact) addToBucket(one);
      exact = undefined;
    },
    count: () => count,
    total: () => total,
    min: () => min,
    max: () => max,
    quantile: (part) => {
      if (count === 0) return Number.NaN;
      const rank = Math.max(1, Math.ceil(part * count));
      return exact?.toSorted((left, right) => left - right)[rank - 1] ?? ofBuckets(rank);
    },
  };
}

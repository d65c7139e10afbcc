import type { CellCounts, Cells } from '../cells.ts';
import type { RollingSize } from './rolling-moments.ts';

/** The last `size` values in order of their size; NaN are not there. Exact. */
export interface SortedWindow {
  readonly push: (value: number) => void;
  /** How many values are there. */
  readonly count: () => number;
  /** Between order statistics as numpy does it by default. NaN while fewer than `minimum` values are there. */
  readonly quantile: (share: number) => number;
  /** Median of the distances to the median. NaN while fewer than `minimum` values are there. */
  readonly medianDistance: () => number;
}

const ring = 2;

export function cellsOfSortedWindow({ size }: RollingSize): CellCounts {
  return { f64: ring + 2 * size };
}

/** A ring and its sorted copy: finding a place takes O(log n), and one move of memory between the places of what goes and what comes. */
export function createSortedWindow({ size, minimum }: RollingSize, { f64 }: Cells): SortedWindow {
  const sorted = f64.subarray(ring + size, ring + 2 * size);
  const count = (): number => f64[1] as number;

  function take(value: number): void {
    const place = firstNotBelow(sorted, count(), value);
    sorted.copyWithin(place, place + 1, count());
    f64[1] = count() - 1;
  }

  function add(value: number): void {
    const place = firstNotBelow(sorted, count(), value);
    sorted.copyWithin(place + 1, place, count());
    sorted[place] = value;
    f64[1] = count() + 1;
  }

  function replace(gone: number, value: number): void {
    const from = firstNotBelow(sorted, count(), gone);
    const to = firstNotBelow(sorted, count(), value);
    if (to > from) {
      sorted.copyWithin(from, from + 1, to);
      sorted[to - 1] = value;
    } else {
      sorted.copyWithin(to + 1, to, from);
      sorted[to] = value;
    }
  }

  return {
    push: (value) => {
      const pushed = f64[0] as number;
      const slot = ring + (pushed % size);
      const gone = pushed >= size ? (f64[slot] as number) : Number.NaN;
      f64[slot] = value;
      f64[0] = pushed + 1;
      if (!Number.isNaN(gone) && !Number.isNaN(value)) replace(gone, value);
      else if (!Number.isNaN(gone)) take(gone);
      else if (!Number.isNaN(value)) add(value);
    },
    count,
    quantile: (share) => (count() < minimum ? Number.NaN : quantileOfSorted(sorted, count(), share)),
    medianDistance: () => (count() < minimum ? Number.NaN : medianDistanceOfSorted(sorted, count())),
  };
}

/** The quantile of the first `count` of ascending values, between the two next to it. */
export function quantileOfSorted(sorted: ArrayLike<number>, count: number, share: number): number {
  const rank = share * (count - 1);
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  return below + 1 >= count ? low : low + (rank - below) * ((sorted[below + 1] as number) - low);
}

/** Median absolute deviation of the first `count` of ascending values, in O(log² n) and exact: distances ascend to both sides of the median. */
export function medianDistanceOfSorted(sorted: ArrayLike<number>, count: number): number {
  const median = quantileOfSorted(sorted, count, 0.5);
  const above = firstNotBelow(sorted, count, median);
  const left = (n: number): number => median - (sorted[above - 1 - n] as number);
  const right = (n: number): number => (sorted[above + n] as number) - median;
  const nth = (rank: number): number => nthOfTwo({ left, lefts: above, right, rights: count - above }, rank);
  const half = (count - 1) / 2;
  const low = nth(Math.floor(half));
  return Number.isInteger(half) ? low : low + (nth(Math.ceil(half)) - low) / 2;
}

interface TwoAscending {
  readonly left: (n: number) => number;
  readonly lefts: number;
  readonly right: (n: number) => number;
  readonly rights: number;
}

/** The value of the rank, from 0, among two ascending lists together. */
function nthOfTwo({ left, lefts, right, rights }: TwoAscending, rank: number): number {
  let low = Math.max(0, rank + 1 - rights);
  let high = Math.min(lefts, rank + 1);
  // How many of the rank + 1 smallest are from the left.
  while (low < high) {
    const fromLeft = (low + high) >> 1;
    if (left(fromLeft) < right(rank - fromLeft)) low = fromLeft + 1;
    else high = fromLeft;
  }
  const fromRight = rank + 1 - low;
  if (low === 0) return right(fromRight - 1);
  if (fromRight === 0) return left(low - 1);
  return Math.max(left(low - 1), right(fromRight - 1));
}

/** Where the first value is that is not below the given one, among the first `count`. */
function firstNotBelow(sorted: ArrayLike<number>, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

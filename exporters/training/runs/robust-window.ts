/** The last values of something, with their median and the median of the distances to it (MAD). */
export interface RobustWindow {
  /** Oldest first. Saved and restored as it is. */
  readonly values: number[];
  readonly sorted: number[];
}

export const windowLength = 128;

export function createWindow(values: readonly number[] = []): RobustWindow {
  const kept = values.slice(-windowLength);
  return { values: kept, sorted: kept.toSorted((a, b) => a - b) };
}

/** Takes a finite value and lets go of the oldest one beyond the length. */
export function addToWindow({ values, sorted }: RobustWindow, value: number): void {
  if (values.length >= windowLength) {
    const oldest = values.shift() ?? value;
    sorted.splice(placeOf(sorted, oldest), 1);
  }
  values.push(value);
  sorted.splice(placeOf(sorted, value), 0, value);
}

/** Undefined for an empty window. */
export function medianOf({ sorted }: RobustWindow): number | undefined {
  const { length } = sorted;
  const upper = sorted[length >> 1];
  if (upper === undefined || length % 2 === 1) return upper;
  return ((sorted[(length >> 1) - 1] ?? upper) + upper) / 2;
}

export function madOf(window: RobustWindow): number | undefined {
  const median = medianOf(window);
  if (median === undefined) return undefined;
  const distances = window.sorted.map((value) => Math.abs(value - median)).sort((a, b) => a - b);
  return medianOf({ values: distances, sorted: distances });
}

/** Where the value is, or would be, by binary search. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

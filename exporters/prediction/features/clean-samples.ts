import type { SignalSamples } from './fleet-samples.ts';

/** Samples that ascend by time, each time once, all of them plausible. */
export interface CleanSamples {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** How many raw samples each stands for; undefined for 1. */
  readonly counts: Float64Array | undefined;
  readonly sds: Float64Array | undefined;
  readonly maxes: Float64Array | undefined;
  readonly lasts: Float64Array | undefined;
}

/** Beyond it, squares and sums of a fleet would no longer be numbers; no quantity is so large. */
export const largest = 1e30;

/**
 * Sorted by time, without readings that cannot be. Of two at one time the larger counts, so that the order in which they come does not matter.
 */
export function cleanSamples(
  samples: SignalSamples,
  [low, high]: readonly [number, number] = [-largest, largest],
): CleanSamples {
  const { timesMs, values, reduced } = samples;
  const bounds = [Math.max(low, -largest), Math.min(high, largest)] as const;
  const kept = keptIndices(timesMs, values, ...bounds);
  const pick = (column: Float64Array | undefined, [from, to]: readonly [number, number]): Float64Array | undefined =>
    column === undefined ? undefined : within(picked(column, kept), from, to);
  return {
    timesMs: picked(timesMs, kept),
    values: picked(values, kept),
    counts: pick(reduced?.counts, [1, largest]),
    sds: pick(reduced?.sds, [0, largest]),
    maxes: pick(reduced?.maxes, bounds),
    lasts: pick(reduced?.lasts, bounds),
  };
}

/** Undefined: all of them, as they are. */
function keptIndices(times: Float64Array, values: Float64Array, low: number, high: number): Int32Array | undefined {
  if (isClean(times, values, low, high)) return undefined;
  const kept = plausibleIndices(times, values, low, high);
  return ascends(times, kept) ? kept : sortedIndices(times, values, kept);
}

function plausibleIndices(times: Float64Array, values: Float64Array, low: number, high: number): Int32Array {
  const indices = new Int32Array(values.length);
  let count = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    // NaN fails each comparison.
    if (value >= low && value <= high && Number.isFinite(times[at])) indices[count++] = at;
  }
  return indices.subarray(0, count);
}

function ascends(times: Float64Array, indices: Int32Array): boolean {
  for (let at = 1; at < indices.length; at += 1)
    if (!((times[indices[at] as number] as number) > (times[indices[at - 1] as number] as number))) return false;
  return true;
}

function sortedIndices(times: Float64Array, values: Float64Array, indices: Int32Array): Int32Array {
  const sorted = indices.sort((a, b) => {
    const byTime = (times[a] as number) - (times[b] as number);
    return byTime !== 0 ? byTime : (values[b] as number) - (values[a] as number);
  });
  let unique = 0;
  for (const index of sorted) {
    if (unique > 0 && times[sorted[unique - 1] as number] === times[index]) continue;
    sorted[unique++] = index;
  }
  return sorted.subarray(0, unique);
}

function isClean(times: Float64Array, values: Float64Array, low: number, high: number): boolean {
  let before = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at += 1) {
    const time = times[at] as number;
    const value = values[at] as number;
    if (!(time > before && time < Number.POSITIVE_INFINITY && value >= low && value <= high)) return false;
    before = time;
  }
  return true;
}

function picked(column: Float64Array, indices: Int32Array | undefined): Float64Array {
  if (indices === undefined) return column;
  const result = new Float64Array(indices.length);
  for (let at = 0; at < indices.length; at += 1) result[at] = column[indices[at] as number] as number;
  return result;
}

/** NaN in the place of what cannot be. */
function within(column: Float64Array, low: number, high: number): Float64Array {
  return column.every((value) => value >= low && value <= high)
    ? column
    : column.map((value) => (value >= low && value <= high ? value : Number.NaN));
}

import { ascendingScores } from '../ranking/descending.ts';

/** Rows with about the same probability. */
export interface ReliabilityBin {
  readonly rows: number;
  readonly lowest: number;
  readonly highest: number;
  /** Mean probability. */
  readonly expected: number;
  /** Share that failed. */
  readonly observed: number;
}

/**
 * Bins of about the same number of rows, from the lowest probability up. Rows of one probability stay together, so there may be fewer bins than asked
 * for: where most entities have the base rate, most are in one.
 */
export function reliability(
  scores: Float64Array,
  labels: Uint8Array,
  rows: Uint32Array,
  bins = 10,
): readonly ReliabilityBin[] {
  const sorted = ascendingScores(scores, rows);
  const failed = ascendingScores(scores, rows, { labels, hasFailed: true });
  const found: ReliabilityBin[] = [];
  let [from, failedFrom] = [0, 0];
  for (let bin = 1; bin <= bins; bin++) {
    const to = endOfTie(sorted, Math.max(from, Math.round((bin * sorted.length) / bins)));
    const highest = sorted[to - 1] ?? 0;
    let failedTo = failedFrom;
    while (failedTo < failed.length && (failed[failedTo] ?? 0) <= highest) failedTo += 1;
    if (to > from) found.push(binOf(sorted.subarray(from, to), failedTo - failedFrom));
    [from, failedFrom] = [to, failedTo];
  }
  return found;
}

/** The first place at or behind `at` that has another number than the one before it. */
function endOfTie(sorted: Float64Array, at: number): number {
  let end = at;
  while (end > 0 && end < sorted.length && sorted[end] === sorted[end - 1]) end += 1;
  return end;
}

function binOf(sorted: Float64Array, failed: number): ReliabilityBin {
  let expected = 0;
  for (const score of sorted) expected += score;
  return {
    rows: sorted.length,
    lowest: sorted[0] ?? Number.NaN,
    highest: sorted.at(-1) ?? Number.NaN,
    expected: expected / sorted.length,
    observed: failed / sorted.length,
  };
}

/** Mean distance of expected and observed over the bins, by their rows. Undefined without a row. */
export function calibrationError(bins: readonly ReliabilityBin[]): number | undefined {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const distance = bins.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.expected - bin.observed), 0);
  return rows === 0 ? undefined : distance / rows;
}

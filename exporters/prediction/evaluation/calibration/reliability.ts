import { descending } from '../ranking/descending.ts';

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
  const sorted = descending(scores, rows).reverse();
  const found: ReliabilityBin[] = [];
  let from = 0;
  for (let bin = 1; bin <= bins; bin++) {
    let to = Math.max(from, Math.round((bin * sorted.length) / bins));
    while (to > from && to < sorted.length && scores[sorted[to] ?? 0] === scores[sorted[to - 1] ?? 0]) to += 1;
    if (to > from) found.push(binOf(scores, labels, sorted.subarray(from, to)));
    from = to;
  }
  return found;
}

function binOf(scores: Float64Array, labels: Uint8Array, rows: Uint32Array): ReliabilityBin {
  let [expected, failed] = [0, 0];
  for (const row of rows) {
    expected += scores[row] ?? 0;
    failed += labels[row] === 1 ? 1 : 0;
  }
  return {
    rows: rows.length,
    lowest: scores[rows[0] ?? 0] ?? Number.NaN,
    highest: scores[rows.at(-1) ?? 0] ?? Number.NaN,
    expected: expected / rows.length,
    observed: failed / rows.length,
  };
}

/** Mean distance of expected and observed over the bins, by their rows. Undefined without a row. */
export function calibrationError(bins: readonly ReliabilityBin[]): number | undefined {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const distance = bins.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.expected - bin.observed), 0);
  return rows === 0 ? undefined : distance / rows;
}

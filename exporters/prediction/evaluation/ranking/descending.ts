import { labelOf } from '../../labels/incident.ts';

/** Rows from the highest score to the lowest; of equal ones in the order of the list. */
export function descending(scores: Float64Array, rows: Uint32Array): Uint32Array {
  return rows.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/** The first k of `descending`, without an order of the others: sorting numbers alone takes a tenth of the time. */
export function highest(k: number, scores: Float64Array, rows: Uint32Array): Uint32Array {
  const sorted = ascendingScores(scores, rows);
  const least = sorted[sorted.length - k] ?? Number.NEGATIVE_INFINITY;
  const candidates = rows.filter((row) => (scores[row] ?? 0) >= least);
  return descending(scores, candidates).subarray(0, k);
}

/** Of all rows, or of those with one label. */
export function ascendingScores(
  scores: Float64Array,
  rows: Uint32Array,
  only?: { readonly labels: Uint8Array; readonly hasFailed: boolean },
): Float64Array {
  const kept = new Float64Array(rows.length);
  let count = 0;
  for (const row of rows) {
    if (only !== undefined && (only.labels[row] === labelOf.failed) !== only.hasFailed) continue;
    kept[count] = scores[row] ?? Number.NaN;
    count += 1;
  }
  return kept.subarray(0, count).sort();
}

/** Calls back for each group of equal scores, the highest first, with how many rows it has and how many of them failed. No score may be NaN. */
export function forEachTie(
  scores: Float64Array,
  labels: Uint8Array,
  rows: Uint32Array,
  tell: (size: number, failed: number) => void,
): void {
  const failed = ascendingScores(scores, rows, { labels, hasFailed: true });
  const quiet = ascendingScores(scores, rows, { labels, hasFailed: false });
  let [failedLeft, quietLeft] = [failed.length, quiet.length];
  while (failedLeft + quietLeft > 0) {
    const score = Math.max(
      failed[failedLeft - 1] ?? Number.NEGATIVE_INFINITY,
      quiet[quietLeft - 1] ?? Number.NEGATIVE_INFINITY,
    );
    const [failedAbove, quietAbove] = [below(failed, failedLeft, score), below(quiet, quietLeft, score)];
    tell(failedLeft - failedAbove + quietLeft - quietAbove, failedLeft - failedAbove);
    [failedLeft, quietLeft] = [failedAbove, quietAbove];
  }
}

/** How many of the first `count` ascending numbers are below a score that none of them is above. */
function below(ascending: Float64Array, count: number, score: number): number {
  let left = count;
  while (left > 0 && !((ascending[left - 1] ?? 0) < score)) left -= 1;
  return left;
}

/** Rows from the highest score to the lowest; of equal ones in the order of the list. */
export function descending(scores: Float64Array, rows: Uint32Array): Uint32Array {
  return rows.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/** Calls back for each group of equal scores, the highest first, with how many rows it has and how many of them failed. */
export function forEachTie(
  scores: Float64Array,
  labels: Uint8Array,
  rows: Uint32Array,
  tell: (size: number, failed: number) => void,
): void {
  let [size, failed] = [0, 0];
  let score = Number.NaN;
  for (const row of descending(scores, rows)) {
    const own = scores[row] ?? Number.NaN;
    if (size > 0 && own !== score) {
      tell(size, failed);
      [size, failed] = [0, 0];
    }
    score = own;
    size += 1;
    failed += labels[row] === 1 ? 1 : 0;
  }
  if (size > 0) tell(size, failed);
}

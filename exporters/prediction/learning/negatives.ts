import type { LabelledMatrix } from './matrix.ts';
import type { Allocate } from './prepare.ts';
import { choose, type Random } from './random.ts';

export interface KeptNegatives {
  readonly matrix: LabelledMatrix;
  /** To be added to the log-odds of a model of the kept rows: the logarithm of the share of quiet rows that were kept. */
  readonly correction: number;
}

/**
 * All rows that failed and about `share` of the others. With r the share that was kept, the odds of the kept rows are those of all rows / r,
 * so p becomes p / (p + (1 - p) / r): Dal Pozzolo et al., Calibrating Probability with Undersampling, 2015.
 */
export function keepNegatives(
  matrix: LabelledMatrix,
  share: number,
  random: Random,
  allocate: Allocate,
): KeptNegatives {
  if (share >= 1) return { matrix, correction: 0 };
  const { labels } = matrix;
  const negatives = labels.reduce((count, label) => count + (label === 0 ? 1 : 0), 0);
  const chosen = choose(negatives, Math.max(1, Math.round(share * negatives)), random);
  const rows = keptRows(labels, chosen);
  return { matrix: takeRows(matrix, rows, allocate), correction: Math.log(chosen.length / negatives) };
}

/** Rows that failed, and those whose place among the others is in `chosen`. */
function keptRows(labels: Uint8Array, chosen: Int32Array): Int32Array {
  const kept: number[] = [];
  let negative = 0;
  let next = 0;
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === 1) kept.push(row);
    else if (negative++ === chosen[next]) {
      kept.push(row);
      next++;
    }
  }
  return Int32Array.from(kept);
}

/** Those rows of a matrix, in the order they are named. */
export function takeRows(
  { columns, values, labels }: LabelledMatrix,
  rows: Int32Array,
  allocate: Allocate,
): LabelledMatrix {
  const taken = new Float32Array(allocate(rows.length * columns * 4));
  const takenLabels = new Uint8Array(allocate(rows.length));
  for (let at = 0; at < rows.length; at++) {
    const from = (rows[at] ?? 0) * columns;
    taken.set(values.subarray(from, from + columns), at * columns);
    takenLabels[at] = labels[rows[at] ?? 0] ?? 0;
  }
  return { rows: rows.length, columns, values: taken, labels: takenLabels };
}

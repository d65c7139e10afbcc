import type { Matrix } from '../matrix.ts';

export interface Scale {
  readonly means: Float64Array;
  /** Standard deviations; 0 for a column that does not vary and so says nothing. */
  readonly deviations: Float64Array;
}

/** So many deviations from the mean are as far as it goes, so that one wild reading does not decide everything. */
const furthest = 100;

/** Rounding makes the deviation of a constant no smaller than this part of it. */
const noise = 1e-7;

/** Of the finite values of each column. */
export function scaleOf({ rows, columns, values }: Matrix): Scale {
  const counts = new Float64Array(columns);
  const means = new Float64Array(columns);
  const deviations = new Float64Array(columns);
  sumFinite(values, columns, (column, value) => {
    counts[column] = (counts[column] ?? 0) + 1;
    means[column] = (means[column] ?? 0) + value;
  });
  for (let column = 0; column < columns; column++)
    means[column] = (means[column] ?? 0) / Math.max(1, counts[column] ?? 0);
  sumFinite(values, columns, (column, value) => {
    deviations[column] = (deviations[column] ?? 0) + (value - (means[column] ?? 0)) ** 2;
  });
  for (let column = 0; column < columns; column++) {
    const deviation = Math.sqrt((deviations[column] ?? 0) / Math.max(1, counts[column] ?? 0));
    deviations[column] = deviation <= noise * Math.abs(means[column] ?? 0) ? 0 : deviation;
  }
  return { means, deviations };

  function sumFinite(all: Float32Array, width: number, add: (column: number, value: number) => void): void {
    for (let at = 0; at < rows * width; at++) {
      const value = all[at] ?? 0;
      if (Number.isFinite(value)) add(at % width, value);
    }
  }
}

/** Deviations from the mean; 0 for a missing value. */
export function standardised(value: number, mean: number, deviation: number): number {
  if (deviation === 0 || Number.isNaN(value)) return 0;
  return Math.min(furthest, Math.max(-furthest, (value - mean) / deviation));
}

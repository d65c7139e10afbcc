/** One-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const quantiles = [
  6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.74,
  1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
];
const normalQuantile = 1.645;

export interface PairedTest {
  readonly pairs: number;
  readonly mean: number;
  /** The mean of the differences lies above it in 19 of 20 cases. -Infinity for fewer than two pairs. */
  readonly lowerBound: number;
}

/** How far differences of pairs are from 0, by Student's t. */
export function pairedTest(differences: readonly number[]): PairedTest {
  const pairs = differences.length;
  const mean = differences.reduce((sum, each) => sum + each, 0) / pairs;
  if (pairs < 2) return { pairs, mean: pairs === 0 ? 0 : mean, lowerBound: Number.NEGATIVE_INFINITY };
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const error = Math.sqrt(squares / (pairs - 1) / pairs);
  return { pairs, mean, lowerBound: mean - (quantiles[pairs - 2] ?? normalQuantile) * error };
}

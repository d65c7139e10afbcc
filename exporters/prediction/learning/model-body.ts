import type { Tree } from './trees/tree.ts';

/** Log-odds = `base` + what each tree adds. */
export interface BoostedBody {
  readonly kind: 'boosted';
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** Log-odds of (`base` + the mean of the trees), + `shift` for quiet rows that were left out. Here `base` is a probability. */
export interface ForestBody {
  readonly kind: 'forest';
  readonly base: number;
  readonly shift: number;
  readonly trees: readonly Tree[];
}

/** Log-odds = `intercept` + each weight × (value - mean) / deviation; a missing value counts as the mean. */
export interface LogisticBody {
  readonly kind: 'logistic';
  readonly intercept: number;
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** What was learned, as plain data. */
export type ModelBody = BoostedBody | ForestBody | LogisticBody;

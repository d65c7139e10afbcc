export const modelKinds = ['boosted', 'forest', 'logistic'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** How a column may move the risk: never down when it grows (1), never up (-1), or either way (0). */
export type Monotone = -1 | 0 | 1;

interface AnySettings {
  /** Share of the quiet rows that are learned from, above 0; the probability is put right for it. 1 for all of them. */
  readonly negativeShare: number;
}

interface TreeSettings extends AnySettings {
  readonly trees: number;
  /** Per tree; those with the most gain come first, whatever their depth. */
  readonly leaves: number;
  /** At least so many rows in a leaf. */
  readonly minRows: number;
  /** Added to the sum of hessians: draws the value of a leaf with few rows towards 0. */
  readonly l2: number;
}

export interface BoostedSettings extends TreeSettings {
  readonly kind: 'boosted';
  readonly learningRate: number;
  /** At least so large a sum of p (1 - p) in a leaf: rows alone say little where hardly any of them fails. */
  readonly minHessian: number;
  /** The largest step of a leaf in log-odds, before the learning rate. */
  readonly leafClip: number;
  /** Share of rows each tree sees. */
  readonly rowShare: number;
  /** Share of columns each tree sees, at least one column. */
  readonly columnShare: number;
  /** Stops when so many trees in a row made the validation rows no better, and goes back to the best; 0 to make all trees. */
  readonly patienceTrees: number;
  /** One for each column, or empty for none. */
  readonly monotone: readonly Monotone[];
}

export interface ForestSettings extends TreeSettings {
  readonly kind: 'forest';
}

export interface LogisticSettings extends AnySettings {
  readonly kind: 'logistic';
  /** The inverse of the L2 penalty on standardised weights. */
  readonly c: number;
}

export type LearnerSettings = BoostedSettings | ForestSettings | LogisticSettings;

/** Fixed, not tuned on a fleet's data: with less damping boosting on rare failures falls back to the base rate. */
export const boostedDefaults: BoostedSettings = {
  kind: 'boosted',
  trees: 200,
  leaves: 15,
  minRows: 50,
  l2: 10,
  learningRate: 0.05,
  minHessian: 1,
  leafClip: 1,
  rowShare: 1,
  columnShare: 1,
  patienceTrees: 0,
  monotone: [],
  negativeShare: 1,
};

/** `l2` is one row at the base rate in each leaf, so that no leaf says never or always. */
export const forestDefaults: ForestSettings = {
  kind: 'forest',
  trees: 200,
  leaves: 256,
  minRows: 5,
  l2: 1,
  negativeShare: 1,
};

export const logisticDefaults: LogisticSettings = { kind: 'logistic', c: 1, negativeShare: 1 };

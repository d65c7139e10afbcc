import { createTreeExplainer } from './explain/explain-trees.ts';
import type { Explain } from './explain/explainer.ts';
import { standardised } from './logistic/standardise.ts';
import type { Learned } from './matrix.ts';
import type { BoostedBody, ForestBody, LogisticBody, ModelBody } from './model-body.ts';
import { createTreeSum } from './tree-sum.ts';

/** A learned model at work. */
export interface Learner extends Learned {
  readonly explain: Explain;
}

/** `columns` is the number of columns it was learned from. */
export function learnerOf(body: ModelBody, columns: number): Learner {
  switch (body.kind) {
    case 'boosted':
      return boostedLearner(body, columns);
    case 'forest':
      return forestLearner(body, columns);
    case 'logistic':
      return logisticLearner(body, columns);
  }
}

function boostedLearner({ base, trees }: BoostedBody, columns: number): Learner {
  const sum = createTreeSum(trees);
  const explainer = createTreeExplainer(trees);
  const logOdds = (values: Float32Array, offset: number): number => base + sum(values, offset);
  return {
    columns,
    logOdds,
    explain: (rows) => {
      const contributions = new Float64Array(rows.rows * columns);
      explainer.add(rows, contributions);
      return { bias: base + explainer.expected, contributions, logOdds: eachRow(logOdds, rows) };
    },
  };
}

/**
 * Trees of a forest add up in probability. Their contributions are stretched so that they add up in log-odds: by the slope between what is said of the
 * row and what is said of nothing known.
 */
function forestLearner({ base, shift, trees }: ForestBody, columns: number): Learner {
  const sum = createTreeSum(trees);
  const explainer = createTreeExplainer(trees);
  const share = 1 / trees.length;
  const logOdds = (values: Float32Array, offset: number): number => logit(base + share * sum(values, offset)) + shift;
  return {
    columns,
    logOdds,
    explain: (rows) => {
      const contributions = new Float64Array(rows.rows * columns);
      explainer.add(rows, contributions);
      const bias = logit(base + share * explainer.expected) + shift;
      const odds = eachRow(logOdds, rows);
      for (let row = 0; row < rows.rows; row++)
        stretch(contributions.subarray(row * columns, (row + 1) * columns), (odds[row] ?? 0) - bias);
      return { bias, contributions, logOdds: odds };
    },
  };
}

function logisticLearner({ intercept, weights, means, deviations }: LogisticBody, columns: number): Learner {
  const part = (values: Float32Array, offset: number, column: number): number =>
    (weights[column] ?? 0) * standardised(values[offset + column] ?? 0, means[column] ?? 0, deviations[column] ?? 0);
  const logOdds = (values: Float32Array, offset: number): number => {
    let score = intercept;
    for (let column = 0; column < columns; column++) score += part(values, offset, column);
    return score;
  };
  return {
    columns,
    logOdds,
    explain: (rows) => ({
      bias: intercept,
      contributions: Float64Array.from({ length: rows.rows * columns }, (_, at) =>
        part(rows.values, at - (at % columns), at % columns),
      ),
      logOdds: eachRow(logOdds, rows),
    }),
  };
}

function eachRow(
  logOdds: Learned['logOdds'],
  rows: { readonly rows: number; readonly columns: number; readonly values: Float32Array },
) {
  const all = new Float64Array(rows.rows);
  for (let row = 0; row < rows.rows; row++) all[row] = logOdds(rows.values, row * rows.columns);
  return all;
}

function stretch(contributions: Float64Array, total: number): void {
  let sum = 0;
  for (const each of contributions) sum += each;
  if (sum === 0) return;
  for (let column = 0; column < contributions.length; column++)
    contributions[column] = ((contributions[column] ?? 0) * total) / sum;
}

/** Of a probability, kept off 0 and 1, which no forest that was grown comes to. */
function logit(probability: number): number {
  const inside = Math.min(1 - 1e-12, Math.max(1e-12, probability));
  return Math.log(inside / (1 - inside));
}

import { failuresAmong } from '../check-matrix.ts';
import { type LabelledMatrix, probabilityOf } from '../matrix.ts';
import type { LogisticBody } from '../model-body.ts';
import type { LogisticSettings } from '../settings.ts';
import { solve } from './solve.ts';
import { type Scale, scaleOf, standardised } from './standardise.ts';

const maxSteps = 100;
const maxHalvings = 30;

/** The share by which the loss must fall for another step to be made. */
const tolerance = 1e-10;

/** Keeps the system solvable where all probabilities have come to 0 or 1. */
const ridge = 1e-9;

/**
 * Logistic regression by Newton's method with halved steps: least c × log-loss + half the squared weights, the intercept free, on standardised columns.
 * `correction` is added to the log-odds. The penalty keeps weights finite where the columns tell the classes apart without error.
 */
export function fitLogistic(matrix: LabelledMatrix, { c }: LogisticSettings, correction = 0): LogisticBody {
  const failures = failuresAmong(matrix);
  const scale = scaleOf(matrix);
  const problem = { matrix, scale, c };
  let weights = new Float64Array(matrix.columns + 1);
  weights[matrix.columns] = Math.log((failures + 0.5) / (matrix.rows - failures + 0.5));
  let loss = lossOf(problem, weights);
  for (let step = 0; step < maxSteps; step++) {
    const next = shorterUntilBetter(problem, weights, newtonStep(problem, weights), loss);
    if (next === undefined) break;
    const hasSettled = loss - next.loss <= tolerance * loss;
    weights = next.weights;
    loss = next.loss;
    if (hasSettled) break;
  }
  return {
    kind: 'logistic',
    intercept: (weights[matrix.columns] ?? 0) + correction,
    weights: weights.slice(0, matrix.columns),
    means: scale.means,
    deviations: scale.deviations,
  };
}

interface Problem {
  readonly matrix: LabelledMatrix;
  readonly scale: Scale;
  readonly c: number;
}

function shorterUntilBetter(problem: Problem, weights: Float64Array, step: Float64Array, loss: number) {
  for (let halving = 0; halving < maxHalvings; halving++) {
    const moved = weights.map((weight, at) => weight + (step[at] ?? 0) / 2 ** halving);
    const movedLoss = lossOf(problem, moved);
    if (movedLoss < loss) return { weights: moved, loss: movedLoss };
  }
  return undefined;
}

/** The last of the weights is the intercept. */
function lossOf({ matrix, scale, c }: Problem, weights: Float64Array): number {
  const { rows, columns, labels } = matrix;
  const row = new Float64Array(columns + 1);
  let loss = 0;
  for (let at = 0; at < rows; at++) {
    const score = scoreOfRow(matrix, scale, weights, at, row);
    const towards = labels[at] === 1 ? score : -score;
    loss += towards > 0 ? Math.log1p(Math.exp(-towards)) : -towards + Math.log1p(Math.exp(towards));
  }
  let squares = 0;
  for (let column = 0; column < columns; column++) squares += (weights[column] ?? 0) ** 2;
  return c * loss + squares / 2;
}

function newtonStep({ matrix, scale, c }: Problem, weights: Float64Array): Float64Array {
  const { rows, columns, labels } = matrix;
  const size = columns + 1;
  const hessian = new Float64Array(size * size);
  const downhill = new Float64Array(size);
  const row = new Float64Array(size);
  for (let at = 0; at < rows; at++) {
    const probability = probabilityOf(scoreOfRow(matrix, scale, weights, at, row));
    addRow(hessian, downhill, row, c * probability * (1 - probability), c * ((labels[at] ?? 0) - probability));
  }
  for (let column = 0; column < columns; column++) {
    hessian[column * size + column] = (hessian[column * size + column] ?? 0) + 1;
    downhill[column] = (downhill[column] ?? 0) - (weights[column] ?? 0);
  }
  hessian[size * size - 1] = (hessian[size * size - 1] ?? 0) + ridge;
  solve(hessian, downhill);
  return downhill;
}

/** Adds `curvature` × row × rowᵀ to the lower half of the hessian, and `slope` × row to the way down. */
function addRow(
  hessian: Float64Array,
  downhill: Float64Array,
  row: Float64Array,
  curvature: number,
  slope: number,
): void {
  const size = row.length;
  for (let i = 0; i < size; i++) {
    const value = row[i] ?? 0;
    if (value === 0) continue;
    downhill[i] = (downhill[i] ?? 0) + slope * value;
    const weighted = curvature * value;
    for (let j = 0; j <= i; j++) hessian[i * size + j] = (hessian[i * size + j] ?? 0) + weighted * (row[j] ?? 0);
  }
}

/** Log-odds of a row, whose standardised values and a 1 for the intercept are left in `row`. */
function scoreOfRow(
  { columns, values }: LabelledMatrix,
  { means, deviations }: Scale,
  weights: Float64Array,
  at: number,
  row: Float64Array,
): number {
  row[columns] = 1;
  let score = weights[columns] ?? 0;
  for (let column = 0; column < columns; column++) {
    const value = standardised(values[at * columns + column] ?? 0, means[column] ?? 0, deviations[column] ?? 0);
    row[column] = value;
    score += (weights[column] ?? 0) * value;
  }
  return score;
}

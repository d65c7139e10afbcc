import { learnerOf } from '../../../../exporters/prediction/learning/learner-of.ts';
import { type LabelledMatrix, probabilityOf } from '../../../../exporters/prediction/learning/matrix.ts';
import type { ModelBody } from '../../../../exporters/prediction/learning/model-body.ts';
import {
  boostedDefaults,
  forestDefaults,
  type LearnerSettings,
  logisticDefaults,
} from '../../../../exporters/prediction/learning/settings.ts';
import { learn, prepareTraining, train } from '../../../../exporters/prediction/learning/train.ts';
import { matrixOf, riskRows } from '../../../support/risk-rows.ts';

const boosted = { ...boostedDefaults, trees: 30, minRows: 20 };
const forest = { ...forestDefaults, trees: 30, leaves: 32 };
const kinds: readonly LearnerSettings[] = [boosted, forest, logisticDefaults];

function oddsOf(body: ModelBody, { rows, columns, values }: LabelledMatrix): Float64Array {
  return learnerOf(body, columns).explain({ rows, columns, values }).logOdds;
}

/** Share of pairs of a failed and a quiet row in which the failed one is told the higher risk. */
function rocOf(scores: Float64Array, labels: Uint8Array): number {
  const failed = scores.filter((_, row) => labels[row] === 1);
  const quiet = scores.filter((_, row) => labels[row] === 0);
  let won = 0;
  for (const high of failed) for (const low of quiet) won += high > low ? 1 : high === low ? 0.5 : 0;
  return won / (failed.length * quiet.length);
}

const meanOf = (scores: Float64Array): number =>
  scores.reduce((sum, each) => sum + probabilityOf(each), 0) / scores.length;

describe.each(kinds.map((settings) => [settings.kind, settings] as const))('%s', (_, settings) => {
  const matrix = riskRows({ rows: 1500, columns: 5, missing: 0.1 });

  test('tells rows it has not seen apart, and is calibrated', () => {
    const later = riskRows({ rows: 600, columns: 5, missing: 0.1, seed: 2 });
    const odds = oddsOf(train({ matrix, settings, seed: 1 }), later);
    expect(rocOf(odds, later.labels)).toBeGreaterThan(0.72);
    const share = later.labels.reduce((sum, label) => sum + label, 0) / later.rows;
    expect(Math.abs(meanOf(odds) - share)).toBeLessThan(0.04);
  });

  test('contributions and bias add up to the log-odds', () => {
    const learner = learnerOf(train({ matrix, settings, seed: 1 }), matrix.columns);
    const { bias, contributions, logOdds } = learner.explain(matrix);
    for (let row = 0; row < matrix.rows; row++) {
      const sum = contributions.subarray(row * 5, row * 5 + 5).reduce((a, b) => a + b, 0);
      expect(Math.abs(bias + sum - (logOdds[row] ?? 0))).toBeLessThan(1e-9);
      expect(logOdds[row]).toBe(learner.logOdds(matrix.values, row * 5));
    }
  });

  test('the same seed and rows give the same model', () => {
    expect(train({ matrix, settings, seed: 3 })).toEqual(train({ matrix, settings, seed: 3 }));
  });

  test('quiet rows that are left out do not raise the probability', () => {
    const rare = riskRows({ rows: 6000, columns: 4, logOdds: ([first = 0]) => -4 + 2 * first });
    const share = rare.labels.reduce((sum, label) => sum + label, 0) / rare.rows;
    const body = train({ matrix: rare, settings: { ...settings, negativeShare: 0.2 }, seed: 1 });
    expect(meanOf(oddsOf(body, rare)) / share).toBeGreaterThan(0.85);
    expect(meanOf(oddsOf(body, rare)) / share).toBeLessThan(1.2);
  });

  test('wild, constant and missing columns do not spoil it', () => {
    const wild = [1e308, -1e308, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, -3e38, 1e-45, 0];
    const rows = Array.from({ length: 400 }, (_, row) => [
      row % 2 === 0 ? Number.NaN : (wild[row % 8] ?? 0),
      7,
      Number.NaN,
      (row * 37) % 100,
    ]);
    const hard = matrixOf(
      rows,
      rows.map(([, , , reading = 0]) => Number(reading > 60)),
    );
    const odds = oddsOf(
      train({
        matrix: hard,
        settings: { ...settings, ...(settings.kind === 'boosted' ? { minHessian: 0.1 } : {}) },
        seed: 1,
      }),
      hard,
    );
    expect(odds.every(Number.isFinite)).toBe(true);
    expect(rocOf(odds, hard.labels)).toBeGreaterThan(0.95);
  });

  test('half of the readings missing still leaves something to learn', () => {
    const holes = riskRows({ rows: 1500, columns: 3, missing: 0.5, seed: 9, logOdds: ([first = 0]) => 4 * first });
    expect(rocOf(oddsOf(train({ matrix: holes, settings, seed: 1 }), holes), holes.labels)).toBeGreaterThan(0.68);
  });

  test('rows of one class are refused', () => {
    expect(() => train({ matrix: matrixOf([[1], [2]], [0, 0]), settings, seed: 1 })).toThrow(
      'none of the 2 training rows failed, so there is nothing to learn from',
    );
    expect(() => train({ matrix: matrixOf([[1], [2]], [1, 1]), settings, seed: 1 })).toThrow(
      'all of the 2 training rows failed, so there is nothing to tell apart',
    );
  });
});

test.each<[string, LabelledMatrix, string]>([
  ['no rows', matrixOf([], []), 'there are no training rows'],
  ['no columns', { rows: 2, columns: 0, values: new Float32Array(), labels: Uint8Array.of(0, 1) }, 'have no columns'],
  ['too few values', { ...matrixOf([[1], [2]], [0, 1]), columns: 2 }, 'have 2 values; 2 rows of 2 columns need 4'],
  ['too few labels', { ...matrixOf([[1], [2]], [0, 1]), labels: Uint8Array.of(1) }, 'have 1 labels for 2 rows'],
  [
    'a label of an unusable row',
    matrixOf([[1], [2], [3]], [0, 1, 255]),
    'row 2 of the training rows has the label 255',
  ],
])('%s: refused in words', (_, matrix, sentence) => {
  expect(() => train({ matrix, settings: boosted, seed: 1 })).toThrow(sentence);
});

test('validation rows must have the same columns', () => {
  const input = { matrix: riskRows({ rows: 50, columns: 2 }), settings: boosted, seed: 1 };
  expect(() => train({ ...input, validation: riskRows({ rows: 50, columns: 3 }) })).toThrow(
    'the validation rows have 3 columns, the training rows 2',
  );
});

test.each<[Partial<Record<string, unknown>>, string]>([
  [{ trees: 0 }, 'settings.trees must be a whole number from 1 to 10000, got 0'],
  [{ leaves: 1 }, 'settings.leaves must be a whole number from 2 to 255, got 1'],
  [{ learningRate: Number.NaN }, 'settings.learningRate must be a number from 0.0001 to 1, got NaN'],
  [{ l2: -1 }, 'settings.l2 must be a number from 0'],
  [{ negativeShare: 0 }, 'settings.negativeShare must be a number from'],
  [{ monotone: [1] }, 'settings.monotone has 1 entries; it must have one for each of 2 columns'],
  [{ monotone: [1, 2] }, 'settings.monotone[1] must be -1, 0 or 1, got 2'],
  [{ depth: 3 }, 'settings has the unknown key depth'],
  [
    { kind: 'boosting' },
    'settings.kind must be one of boosted, forest, logistic, got "boosting"; did you mean boosted?',
  ],
])('settings %j are refused in words', (change, sentence) => {
  const settings = { ...boosted, ...change } as unknown as LearnerSettings;
  expect(() => train({ matrix: riskRows({ rows: 50, columns: 2 }), settings, seed: 1 })).toThrow(sentence);
});

test('a training is ended by what is told of its trees', () => {
  const seen: number[] = [];
  const preparation = prepareTraining({ matrix: riskRows({ rows: 300, columns: 2 }), settings: boosted, seed: 1 });
  const stop = (trees: number): void => {
    seen.push(trees);
    if (trees === 3) throw new Error('enough');
  };
  expect(() => learn(preparation, { onTree: stop })).toThrow('enough');
  expect(seen).toEqual([1, 2, 3]);
});

import { learnerOf } from '../../../../../exporters/prediction/learning/learner-of.ts';
import { fitLogistic } from '../../../../../exporters/prediction/learning/logistic/fit-logistic.ts';
import { standardised } from '../../../../../exporters/prediction/learning/logistic/standardise.ts';
import { probabilityOf } from '../../../../../exporters/prediction/learning/matrix.ts';
import { logisticDefaults } from '../../../../../exporters/prediction/learning/settings.ts';
import { matrixOf, riskRows } from '../../../../support/risk-rows.ts';

test('the loss is level where it ends: each slope is that of the penalty, the intercept has none', () => {
  const matrix = riskRows({ rows: 500, columns: 4, missing: 0.1 });
  const c = 0.7;
  const body = fitLogistic(matrix, { ...logisticDefaults, c });
  const learner = learnerOf(body, 4);
  const slopes = new Array(5).fill(0);
  for (let row = 0; row < 500; row++) {
    const error = probabilityOf(learner.logOdds(matrix.values, row * 4)) - (matrix.labels[row] ?? 0);
    for (let column = 0; column < 4; column++) {
      const value = matrix.values[row * 4 + column] ?? 0;
      slopes[column] += c * error * standardised(value, body.means[column] ?? 0, body.deviations[column] ?? 0);
    }
    slopes[4] += c * error;
  }
  for (const [column, weight] of body.weights.entries()) expect(slopes[column] + weight).toBeCloseTo(0, 4);
  expect(slopes[4]).toBeCloseTo(0, 4);
});

test('columns that tell the classes apart without error leave weights finite', () => {
  const rows = Array.from({ length: 100 }, (_, row) => [row]);
  const body = fitLogistic(
    matrixOf(
      rows,
      rows.map(([value = 0]) => Number(value >= 50)),
    ),
    logisticDefaults,
  );
  expect(body.weights[0]).toBeGreaterThan(2);
  expect(body.weights[0]).toBeLessThan(20);
});

test('the same column twice shares its weight', () => {
  const { labels, values } = riskRows({ rows: 300, columns: 1 });
  const body = fitLogistic(
    matrixOf(
      [...values].map((value) => [value, value]),
      [...labels],
    ),
    logisticDefaults,
  );
  expect(body.weights[0]).toBeCloseTo(body.weights[1] ?? 0, 6);
});

test('a missing reading counts as the mean, and a constant column as nothing', () => {
  expect(standardised(Number.NaN, 3, 2)).toBe(0);
  expect(standardised(9, 3, 0)).toBe(0);
  expect(standardised(9, 3, 2)).toBe(3);
  expect(standardised(Number.POSITIVE_INFINITY, 3, 2)).toBe(100);
  const rows = Array.from({ length: 50 }, (_, row) => [0.1, row % 5]);
  const body = fitLogistic(
    matrixOf(
      rows,
      rows.map((_, row) => Number(row % 5 > 2)),
    ),
    logisticDefaults,
  );
  expect([body.weights[0], body.deviations[0]]).toEqual([0, 0]);
});

import { keepNegatives } from '../../../../exporters/prediction/learning/negatives.ts';
import { createRandom } from '../../../../exporters/prediction/learning/random.ts';
import { riskRows } from '../../../support/risk-rows.ts';

const allocate = (bytes: number): ArrayBuffer => new ArrayBuffer(bytes);
const matrix = riskRows({ rows: 1000, columns: 3 });
const failures = matrix.labels.reduce((sum, label) => sum + label, 0);

test('keeps all rows that failed and a share of the others, in their order', () => {
  const kept = keepNegatives(matrix, 0.25, createRandom(1), allocate);
  const negatives = Math.round((1000 - failures) * 0.25);
  expect(kept.matrix.rows).toBe(failures + negatives);
  expect(kept.matrix.labels.reduce((sum, label) => sum + label, 0)).toBe(failures);
  expect(kept.correction).toBeCloseTo(Math.log(negatives / (1000 - failures)), 12);
  const rows = Array.from({ length: 1000 }, (_, row) => [...matrix.values.subarray(row * 3, row * 3 + 3)].join());
  const places = Array.from({ length: kept.matrix.rows }, (_, row) =>
    rows.indexOf([...kept.matrix.values.subarray(row * 3, row * 3 + 3)].join()),
  );
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places.map((place) => matrix.labels[place])).toEqual([...kept.matrix.labels]);
});

test('all of them need no correction', () => {
  expect(keepNegatives(matrix, 1, createRandom(1), allocate)).toEqual({ matrix, correction: 0 });
});

test('the correction of log-odds is that of probabilities', () => {
  const r = 0.2;
  const p = 0.6;
  const corrected = p / (p + (1 - p) / r);
  expect(Math.log(corrected / (1 - corrected))).toBeCloseTo(Math.log(p / (1 - p)) + Math.log(r), 12);
});

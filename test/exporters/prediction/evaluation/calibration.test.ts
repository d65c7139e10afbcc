import fc from 'fast-check';
import { brier, brierSkill, constantBrier } from '../../../../exporters/prediction/evaluation/calibration/brier.ts';
import { calibrationError, reliability } from '../../../../exporters/prediction/evaluation/calibration/reliability.ts';
import { rowsOf } from './scored.ts';

test('Brier score and skill', () => {
  const scores = Float64Array.from([0.8, 0.1, 0.5]);
  const labels = Uint8Array.from([1, 0, 1]);
  expect(brier(scores, labels, rowsOf(labels))).toBeCloseTo((0.04 + 0.01 + 0.25) / 3, 12);
  expect(brier(scores, labels, Uint32Array.from([1]))).toBeCloseTo(0.01, 12);
  expect(brier(scores, labels, new Uint32Array())).toBeUndefined();
  expect(constantBrier(0.5, labels, rowsOf(labels))).toBe(0.25);
  expect(brierSkill(0.2, 0.25)).toBeCloseTo(0.2, 12);
  expect(brierSkill(0.3, 0.25)).toBeLessThan(0);
  expect(brierSkill(undefined, 0.25)).toBeUndefined();
  expect(brierSkill(0, 0)).toBeUndefined();
});

test('bins of the same number of rows, from the lowest up', () => {
  const scores = Float64Array.from({ length: 20 }, (_, row) => (row + 1) / 100).reverse();
  const labels = Uint8Array.from({ length: 20 }, (_, row) => (row < 2 ? 1 : 0));
  const bins = reliability(scores, labels, rowsOf(labels));
  expect(bins).toHaveLength(10);
  expect(bins.map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => 2));
  expect(bins[0]).toMatchObject({ lowest: 0.01, highest: 0.02, observed: 0 });
  expect(bins[0]?.expected).toBeCloseTo(0.015, 12);
  expect(bins[9]).toMatchObject({ lowest: 0.19, highest: 0.2, observed: 1 });
  expect(calibrationError(bins)).toBeCloseTo(
    (0.015 + 0.035 + 0.055 + 0.075 + 0.095 + 0.115 + 0.135 + 0.155 + 0.175 + 0.805) / 10,
    12,
  );
});

test('rows of one probability stay together, every row is in one bin, and the order of rows makes no difference', () => {
  const anyRow = fc.tuple(fc.constantFrom(0.01, 0.02, 0.02001, 0.3), fc.constantFrom(0, 1));
  fc.assert(
    fc.property(
      fc
        .array(anyRow, { maxLength: 40 })
        .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      ([rows, others]) => {
        const binsOf = (own: typeof rows) =>
          reliability(
            Float64Array.from(own, ([p]) => p),
            Uint8Array.from(own, ([, label]) => label),
            rowsOf(own),
          );
        const bins = binsOf(rows);
        expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
        for (const [index, bin] of bins.entries()) expect(bin.lowest).toBeGreaterThan(bins[index - 1]?.highest ?? -1);
        expect(binsOf(others).map((bin) => [bin.rows, bin.observed])).toEqual(
          bins.map((bin) => [bin.rows, bin.observed]),
        );
      },
    ),
  );
  expect(calibrationError([])).toBeUndefined();
});

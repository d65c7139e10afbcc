import fc from 'fast-check';
import { featureDrift, shapesOf } from '../../../../exporters/prediction/evaluation/drift/feature-drift.ts';
import { psi, shapeOf } from '../../../../exporters/prediction/evaluation/drift/psi.ts';
import { tellTales } from '../../../../exporters/prediction/evaluation/tell-tales.ts';
import { dayMs, gpu, momentsOf, seeded, startMs, tableOf } from '../fleet.ts';
import { rowsOf } from './scored.ts';

const uniform = (seed: number, count: number, from = 0) => {
  const random = seeded(seed);
  return Float32Array.from({ length: count }, () => from + random());
};

test('ten bins of about the same number of values, and one of missing ones', () => {
  const shape = shapeOf(
    Float32Array.from([...Array.from({ length: 100 }, (_, index) => index), Number.NaN, Number.NaN]),
  );
  expect(shape.edges).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
  expect(shape.counts).toEqual([11, 10, 10, 10, 10, 10, 10, 10, 10, 9, 2]);
  expect(shapeOf(new Float32Array(200)).counts).toEqual([200, 0, 0]);
  expect(shapeOf(new Float32Array(3).fill(Number.NaN))).toEqual({ edges: [], counts: [0, 3] });
});

test('the same values have not drifted, others have, and so have values that go missing', () => {
  const shape = shapeOf(uniform(1, 2000));
  expect(psi(shape, uniform(2, 2000))).toBeLessThan(0.03);
  expect(psi(shape, uniform(3, 2000, 0.3))).toBeGreaterThan(0.2);
  expect(
    psi(
      shape,
      uniform(4, 2000).map((value, index) => (index % 3 === 0 ? Number.NaN : value)),
    ),
  ).toBeGreaterThan(0.2);
  expect(
    psi(
      shape,
      Float32Array.from({ length: 200 }, () => Number.POSITIVE_INFINITY),
    ),
  ).toBeGreaterThan(1);
});

test('too few values tell nothing', () => {
  expect(psi(shapeOf(uniform(1, 99)), uniform(2, 200))).toBeUndefined();
  expect(psi(shapeOf(uniform(1, 200)), uniform(2, 99))).toBeUndefined();
});

test('is the sum of (p - q) ln(p / q), by brute force, and never below 0', () => {
  const values = fc.array(fc.constantFrom(1, 2, 3, 5, 8, Number.NaN), { minLength: 100, maxLength: 160 });
  fc.assert(
    fc.property(values, values, (before, now) => {
      const shape = shapeOf(Float32Array.from(before));
      const bounds = [Number.NEGATIVE_INFINITY, ...shape.edges, Number.POSITIVE_INFINITY];
      const bins = bounds
        .slice(1)
        .map((upper, index) => (value: number) => value > (bounds[index] ?? 0) && value <= upper);
      const share = (all: readonly number[], isIn: (value: number) => boolean) =>
        (all.filter(isIn).length + 0.5) / (all.length + (bins.length + 1) / 2);
      const expected = [...bins, Number.isNaN].reduce((sum, isIn) => {
        const [p, q] = [share(now, isIn), share(before, isIn)];
        return sum + (p - q) * Math.log(p / q);
      }, 0);
      const drift = psi(shape, Float32Array.from(now));
      expect(drift).toBeCloseTo(expected, 9);
      expect(drift).toBeGreaterThanOrEqual(0);
    }),
  );
});

describe('columns', () => {
  const random = seeded(5);
  const moments = momentsOf(
    [gpu('a')],
    Array.from({ length: 400 }, (_, day) => startMs + day * dayMs),
  );
  const table = tableOf(moments, { still: () => random(), moved: (row) => random() + (row >= 200 ? 1 : 0) });
  const [before, now] = [rowsOf(moments.atMs).subarray(0, 200), rowsOf(moments.atMs).subarray(200)];

  test('that have drifted are named', () => {
    const drift = featureDrift(shapesOf(table, before), table, now);
    expect(drift.map(({ feature, hasDrifted }) => [feature, hasDrifted])).toEqual([
      ['still', false],
      ['moved', true],
    ]);
    expect(() => featureDrift([], table, now)).toThrow('0 shapes for 2 columns');
  });

  test('that tell the label are found: by high values, low ones, or by being there', () => {
    const labels = Uint8Array.from(moments.atMs, (_, row) => (row % 10 === 3 ? 1 : row % 10 === 7 ? 255 : 0));
    const hasFailed = (row: number) => labels[row] === 1;
    const known = tableOf(moments, {
      noise: () => random(),
      strong: (row) => random() + (hasFailed(row) ? 0.8 : 0),
      high: (row) => random() + (hasFailed(row) ? 1 : 0),
      low: (row) => random() - (hasFailed(row) ? 1 : 0),
      there: (row) => (hasFailed(row) ? random() : Number.NaN),
      gone: (row) => (hasFailed(row) ? Number.NaN : random()),
    });
    expect(tellTales(known, labels).map(({ feature }) => feature)).toEqual(['high', 'low', 'there', 'gone']);
    expect(
      tellTales(
        known,
        labels.map((label, row) => (row > 150 && label === 1 ? 0 : label)),
      ),
    ).toEqual([]);
  });
});

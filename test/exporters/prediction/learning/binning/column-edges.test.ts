import fc from 'fast-check';
import { binOf } from '../../../../../exporters/prediction/learning/binning/bin-column.ts';
import { columnEdges, maxEdges } from '../../../../../exporters/prediction/learning/binning/column-edges.ts';

function edgesOf(values: readonly number[]): readonly number[] {
  const edges = new Float64Array(maxEdges);
  const sorted = Float32Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return [...edges.subarray(0, columnEdges(sorted, edges))];
}

test('few different values get a bin each, cut half way between neighbours', () => {
  expect(edgesOf([3, 1, 1, 2, 3, 3])).toEqual([1.5, 2.5]);
});

test('a constant column and one without readings have no edges', () => {
  expect(edgesOf([5, 5, 5])).toEqual([]);
  expect(edgesOf([Number.NaN, Number.NaN])).toEqual([]);
  expect(edgesOf([])).toEqual([]);
});

test('254 different values have 254 bins, and more share as many', () => {
  expect(edgesOf(Array.from({ length: 254 }, (_, at) => at))).toHaveLength(253);
  expect(edgesOf(Array.from({ length: 255 }, (_, at) => at))).toHaveLength(253);
  expect(edgesOf(Array.from({ length: 5000 }, (_, at) => at))).toHaveLength(253);
});

test('many different values are spread over bins of equal size', () => {
  const edges = edgesOf(Array.from({ length: 25_400 }, (_, at) => at));
  expect(edges[0]).toBeCloseTo(99.5);
  expect(edges[126]).toBeCloseTo(12_699.5);
});

test('a value that fills most of a column takes one bin and leaves the others to the rest', () => {
  const zeros = new Array(50_000).fill(0);
  const rest = Array.from({ length: 500 }, (_, at) => at + 1);
  expect(edgesOf([...zeros, ...rest]).length).toBeGreaterThan(240);
});

test('infinite values and those that overflow have bins of their own and finite edges', () => {
  const edges = edgesOf([Number.NEGATIVE_INFINITY, -1, 1, 1e308]);
  expect(edges).toEqual([-Number.MAX_VALUE, 0, 1]);
  expect(edgesOf([-1e308, 1e308])).toEqual([0]);
});

test('edges ascend, are finite, and tell apart what is apart by enough rows', () => {
  const reading = fc.oneof(
    fc.float(),
    fc.float({ noInteger: false, min: 0, max: 1 }),
    fc.constantFrom(0, -0, 1e38, Infinity),
  );
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 600 }), (values) => {
      const edges = edgesOf(values);
      expect(edges.every(Number.isFinite)).toBe(true);
      expect(edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? 0))).toBe(true);
      expect(edges.length).toBeLessThanOrEqual(253);
      const different = new Set(
        Float32Array.from(values)
          .filter((value) => !Number.isNaN(value))
          .map((v) => v + 0),
      );
      if (different.size <= 254) expect(edges).toHaveLength(Math.max(0, different.size - 1));
    }),
    { numRuns: 100 },
  );
});

test('the bin of a value is 1 + the edges below it; missing is bin 0', () => {
  const edges = Float64Array.of(1, 2, 3);
  expect([Number.NaN, -Infinity, 1, 1.5, 2, 3, 3.1, Infinity].map((value) => binOf(value, edges, 3))).toEqual([
    0, 1, 1, 2, 2, 3, 4, 4,
  ]);
});

import fc from 'fast-check';
import { daysOf } from '../../../../exporters/prediction/evaluation/days.ts';
import { averagePrecision } from '../../../../exporters/prediction/evaluation/ranking/average-precision.ts';
import { descending, highest } from '../../../../exporters/prediction/evaluation/ranking/descending.ts';
import { precisionAt } from '../../../../exporters/prediction/evaluation/ranking/precision-at.ts';
import { rocArea } from '../../../../exporters/prediction/evaluation/ranking/roc-area.ts';
import { dayMs, gpu, hourMs, momentsOf, startMs } from '../fleet.ts';
import { rowsOf } from './scored.ts';

const anyRows = fc.array(fc.tuple(fc.constantFrom(0.1, 0.2, 0.3, 0.5, 0.9), fc.constantFrom(0, 1)), { maxLength: 30 });
const columnsOf = (rows: readonly (readonly [number, number])[]) => ({
  scores: Float64Array.from(rows, ([score]) => score),
  labels: Uint8Array.from(rows, ([, label]) => label),
});

test('average precision is the sum over thresholds, by brute force', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const { scores, labels } = columnsOf(rows);
      const failed = rows.filter(([, label]) => label === 1).length;
      let [area, recallBefore] = [0, 0];
      for (const threshold of [0.9, 0.5, 0.3, 0.2, 0.1]) {
        const told = rows.filter(([score]) => score >= threshold);
        const found = told.filter(([, label]) => label === 1).length;
        if (told.length > 0) area += (found / failed - recallBefore) * (found / told.length);
        recallBefore = found / failed;
      }
      const own = averagePrecision(scores, labels, rowsOf(labels));
      if (failed === 0) expect(own).toBeUndefined();
      else expect(own).toBeCloseTo(area, 12);
    }),
    { numRuns: 500 },
  );
});

test('ROC is the share of pairs in the right order, by brute force', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const { scores, labels } = columnsOf(rows);
      const pairs = rows.flatMap(([own, label]) =>
        label === 1
          ? rows.filter(([, other]) => other === 0).map(([other]) => (own > other ? 1 : own === other ? 0.5 : 0))
          : [],
      );
      const area = rocArea(scores, labels, rowsOf(labels));
      if (pairs.length === 0) expect(area).toBeUndefined();
      else expect(area).toBeCloseTo(pairs.reduce((sum: number, won) => sum + won, 0) / pairs.length, 12);
    }),
    { numRuns: 500 },
  );
});

test('the highest are the first of all in descending order', () => {
  fc.assert(
    fc.property(anyRows, fc.integer({ min: 1, max: 12 }), (rows, k) => {
      const { scores, labels } = columnsOf(rows);
      const all = rowsOf(labels);
      expect(highest(k, scores, all)).toEqual(descending(scores, all).subarray(0, k));
    }),
  );
});

test('only the rows that are asked for count', () => {
  const scores = Float64Array.from([0.9, 0.8, 0.1]);
  const labels = Uint8Array.from([0, 1, 0]);
  expect(averagePrecision(scores, labels, Uint32Array.from([1, 2]))).toBe(1);
  expect(rocArea(scores, labels, Uint32Array.from([0, 1]))).toBe(0);
});

describe('precision at k', () => {
  const moments = momentsOf([gpu('a'), gpu('b'), gpu('c'), gpu('d')], [startMs, startMs + dayMs]);
  const at = (k: number, scores: readonly number[], labels: readonly number[], rows = rowsOf(labels)) =>
    precisionAt(k, Float64Array.from(scores), Uint8Array.from(labels), daysOf(moments, rows));

  test('is the mean over days', () => {
    expect(at(2, [4, 3, 2, 1, 4, 3, 2, 1], [1, 1, 0, 0, 0, 1, 1, 0])).toBe(0.75);
    expect(at(1, [4, 3, 2, 1, 1, 2, 3, 4], [1, 0, 0, 0, 0, 0, 0, 0])).toBe(0.5);
  });

  test('equal scores share alike, in whatever order they stand', () => {
    expect(at(1, [1, 1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 1, 1])).toBe((1 / 4 + 2 / 4) / 2);
    expect(at(3, [9, 1, 1, 1, 9, 1, 1, 1], [1, 0, 0, 1, 1, 1, 0, 0])).toBeCloseTo((1 + 2 / 3) / 3, 12);
  });

  test('a day with fewer rows counts with all of them', () => {
    expect(at(3, [4, 3, 2, 1, 4, 3, 2, 1], [1, 0, 0, 0, 1, 1, 0, 0], Uint32Array.from([0, 1]))).toBe(0.5);
    expect(at(3, [], [], new Uint32Array())).toBeUndefined();
  });

  test('of several rows of an entity on a day the first counts', () => {
    const often = momentsOf([gpu('a'), gpu('b')], [startMs + hourMs, startMs + 5 * hourMs, startMs + 25 * hourMs]);
    const days = daysOf(often, rowsOf(often.atMs));
    expect(days.map(({ rows }) => [...rows])).toEqual([
      [0, 1],
      [4, 5],
    ]);
  });
});

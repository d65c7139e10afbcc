import fc from 'fast-check';
import {
  createDurationSummary,
  exactDurations,
  relativeError,
} from '../../../../exporters/training/client/duration-summary.ts';

const parts = [0, 0.5, 0.95, 0.99, 1];

function summaryOf(durations: readonly number[]) {
  const summary = createDurationSummary();
  for (const seconds of durations) summary.add(seconds);
  return summary;
}

function nearestRank(durations: readonly number[], part: number): number {
  const sorted = durations.toSorted((left, right) => left - right);
  return sorted[Math.max(1, Math.ceil(part * sorted.length)) - 1] ?? Number.NaN;
}

test('the quantiles of a hundred durations are exact', () => {
  const summary = summaryOf([...Array(100).keys()].map((index) => (index + 1) / 100).reverse());
  expect(parts.map(summary.quantile)).toEqual([0.01, 0.5, 0.95, 0.99, 1]);
  expect([summary.count(), summary.min(), summary.max()]).toEqual([100, 0.01, 1]);
  expect(summary.total()).toBeCloseTo(50.5);
});

test('those of more are within the error of the exact ones, whatever the durations', () => {
  const duration = fc.double({ min: 1e-9, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(duration, { minLength: 200, maxLength: 400 }), fc.constantFrom(...parts), (some, part) => {
      const durations = Array(10).fill(some).flat();
      expect(durations.length).toBeGreaterThan(exactDurations);
      const exact = nearestRank(durations, part);
      const given = summaryOf(durations).quantile(part);
      expect(Math.abs(given - exact)).toBeLessThanOrEqual(exact * relativeError * (1 + 1e-9));
    }),
    { numRuns: 50 },
  );
});

test('zeros are durations too, and nothing is no duration', () => {
  const zeros = summaryOf(Array(exactDurations + 1).fill(0));
  expect(parts.map(zeros.quantile)).toEqual([0, 0, 0, 0, 0]);
  expect(summaryOf([]).quantile(0.5)).toBeNaN();
});

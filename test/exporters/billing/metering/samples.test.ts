import { cleanSamples, holdOf, scrapeIntervalOf } from '../../../../exporters/billing/metering/samples.ts';
import { seriesOf } from '../../../support/billing-counter.ts';

function cleaned(samples: readonly (readonly [number, number])[]) {
  const { timesMs, values, unusable } = cleanSamples(seriesOf(samples));
  return { samples: [...timesMs].map((time, at) => [time, values[at]]), unusable };
}

test('sound samples are left as they are', () => {
  const series = seriesOf([
    [1, 0],
    [2, 5],
  ]);
  expect(cleanSamples(series)).toEqual({ timesMs: series.timesMs, values: series.values, unusable: 0 });
  expect(cleanSamples(series).timesMs).toBe(series.timesMs);
});

test('values that are no numbers from 0 are dropped and counted', () => {
  expect(
    cleaned([
      [1, 1],
      [2, Number.NaN],
      [3, Number.POSITIVE_INFINITY],
      [4, -1],
      [Number.NaN, 2],
      [6, 2],
    ]),
  ).toEqual({
    samples: [
      [1, 1],
      [6, 2],
    ],
    unusable: 4,
  });
});

test('samples out of order are sorted, and of several at one time the largest counts', () => {
  expect(
    cleaned([
      [30, 3],
      [10, 1],
      [20, 2],
      [30, 4],
      [10, 1],
    ]),
  ).toEqual({
    samples: [
      [10, 1],
      [20, 2],
      [30, 4],
    ],
    unusable: 0,
  });
});

test('times are whole milliseconds', () => {
  expect(cleaned([[1.4, 1]]).samples).toEqual([[1, 1]]);
});

test('the scrape interval is what most steps are, whatever is missing or double', () => {
  expect(scrapeIntervalOf(Float64Array.of(0, 15, 30, 90, 105, 105, 120))).toBe(15);
  expect(scrapeIntervalOf(Float64Array.of(120, 0, 60))).toBe(60);
  expect(scrapeIntervalOf(Float64Array.of(5))).toBeUndefined();
  expect(scrapeIntervalOf(Float64Array.of(5, 5))).toBeUndefined();
});

test('a sample holds for 2.5 intervals', () => {
  expect(holdOf(15_000)).toBe(37_500);
});

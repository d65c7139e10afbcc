import { createMeanBand, createRobustBand } from '../../../../exporters/prediction/anomaly/bands.ts';
import { dailySeries, meanAndDeviation, noiseOf, quantileOf } from './generated.ts';

const settings = { stepMs: 1000, size: 20, minimum: 5, deviations: 2 };
const start = 1_700_000_000_000;

test('the bands are mean ± deviations and median ± 1.4826 median distances of what came before', () => {
  const values = dailySeries(60, 30, 1);
  const [mean, robust] = [createMeanBand(settings), createRobustBand(settings)];
  values.forEach((value, at) => {
    mean.next(start + at * 1000, value);
    robust.next(start + at * 1000, value);
  });
  const window = values.slice(-20);
  const { mean: middle, deviation } = meanAndDeviation(window);
  const median = quantileOf(window, 0.5);
  const distance = quantileOf(
    window.map((value) => Math.abs(value - median)),
    0.5,
  );
  const [meanBand, robustBand] = [mean.band(), robust.band()];
  expect(meanBand?.low).toBeCloseTo(middle - 2 * deviation, 9);
  expect(meanBand?.high).toBeCloseTo(middle + 2 * deviation, 9);
  expect(robustBand?.middle).toBeCloseTo(median, 9);
  expect(robustBand?.high).toBeCloseTo(median + 2 * 1.4826 * distance, 9);
  expect(mean.next(start + 60_000, middle + 4 * deviation)).toBeCloseTo(2, 9);
  expect(robust.next(start + 60_000, median - 2 * 1.4826 * distance)).toBeCloseTo(1, 9);
});

test('no band and no score until warm', () => {
  const band = createMeanBand(settings);
  for (let at = 0; at < 5; at++) {
    expect([band.band(), band.next(start + at * 1000, at)]).toEqual([undefined, undefined]);
  }
  expect(band.band()).toBeDefined();
  expect(band.next(start + 5000, 2)).toBe(0);
});

function warm() {
  const band = createMeanBand(settings);
  const noise = noiseOf(2);
  for (let at = 0; at < 30; at++) band.next(start + at * 1000, noise());
  return band;
}

test.each([
  ['the same time again', start + 29_000],
  ['a time within the slot', start + 29_400],
  ['a time before', start + 3000],
  ['no time', Number.NaN],
  ['an endless time', Number.POSITIVE_INFINITY],
])('%s changes nothing', (_, atMs) => {
  const band = warm();
  const before = band.save();
  expect(band.next(atMs, 1e6)).toBeUndefined();
  expect(band.save()).toEqual(before);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308])(
  'a reading of %p is a slot without a reading',
  (value) => {
    const [band, gap] = [warm(), warm()];
    expect(band.next(start + 30_000, value)).toBeUndefined();
    expect(band.next(start + 31_000, 0.5)).toBe(gap.next(start + 31_000, 0.5));
    expect(band.band()).toEqual(gap.band());
  },
);

test('a reading a little early or late stays in its slot', () => {
  const [exact, late] = [createMeanBand(settings), createMeanBand(settings)];
  const random = noiseOf(3);
  for (let at = 0; at < 40; at++) {
    const value = random();
    exact.next(start + at * 1000, value);
    late.next(start + at * 1000 + (at === 0 ? 0 : ((at * 379) % 900) - 450), value);
  }
  expect(late.band()).toEqual(exact.band());
});

test('when every second scrape is gone half the readings fill the window, and it goes on', () => {
  const band = createMeanBand(settings);
  for (let at = 0; at < 40; at++) band.next(start + at * 2000, at);
  // The last 20 seconds hold the readings 30 to 39.
  expect(band.band()?.middle).toBeCloseTo(34.5, 9);
});

test('after a gap longer than the window it is cold again, however long the gap', () => {
  const band = warm();
  expect(band.next(start + 1e12, 5)).toBeUndefined();
  expect(band.band()).toBeUndefined();
  for (let at = 1; at < 5; at++) band.next(start + 1e12 + at * 1000, 5);
  expect(band.band()).toEqual({ low: 5, middle: 5, high: 5 });
  expect(band.next(start + 1e12 + 5000, 6)).toBe(50);
});

test('memory is fixed', () => {
  const band = createRobustBand({ ...settings, size: 1000 });
  const { bytes } = band;
  for (let at = 0; at < 5000; at++) band.next(start + at * 1000, at % 17);
  expect([band.bytes, band.save().length]).toEqual([bytes, bytes]);
  expect(bytes).toBeLessThan(17_000);
});

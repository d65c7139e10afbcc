import fc from 'fast-check';
import { newCells } from '../../../../exporters/prediction/anomaly/cells.ts';
import { createSeriesDetector } from '../../../../exporters/prediction/anomaly/series-detector.ts';
import { type SeriesSettings, seriesSettings } from '../../../../exporters/prediction/anomaly/series-settings.ts';
import {
  cellsOfSeriesTailRatio,
  createSeriesTailRatio,
} from '../../../../exporters/prediction/anomaly/series-tail-ratio.ts';
import { closeTo, dailySeries, isThere, meanAndDeviation, quantileOf } from './generated.ts';

const small: SeriesSettings = {
  ...seriesSettings(3_600_000),
  day: 6,
  hour: 4,
  minimum: 5,
  tailMinimum: 8,
  floorReadings: 12,
};

function streamed(values: readonly number[], settings: SeriesSettings): readonly (readonly number[])[] {
  const ratio = createSeriesTailRatio(settings, newCells(cellsOfSeriesTailRatio(settings)).cells);
  return values.map((value) => [ratio.step(value), ...ratio.ratios]);
}

function meanFrom(values: readonly number[], minimum: number): number {
  const known = values.filter(isThere);
  return known.length < minimum ? Number.NaN : meanAndDeviation(known).mean;
}

/** Section 8 word by word, from all that came before. */
function bruteForce(values: readonly number[], settings: SeriesSettings): readonly (readonly number[])[] {
  const { day, hour, minimum, tailMinimum, floorReadings } = settings;
  const before = <T>(all: readonly T[], at: number, slots: number): readonly T[] =>
    all.slice(Math.max(0, at - slots), at);
  const hourMeans = values.map((_, at) => meanFrom(before(values, at + 1, hour), 3));
  const residuals: number[][] = [[], [], [], []];
  const distances: number[][] = [[], [], [], []];
  return values.map((value, at) => {
    const level = value - meanFrom(before(values, at, 7 * day), minimum);
    const last = [1, 2, 3].map((back) => values[at - back] ?? Number.NaN).find(isThere) ?? Number.NaN;
    const days = [1, 2, 3, 4, 5, 6, 7].map((back) => values[at - back * day] ?? Number.NaN).filter(isThere);
    const hours = hourMeans.slice(Math.max(0, at + 1 - hour - 7 * day), Math.max(0, at + 1 - hour));
    const now = [
      level,
      value - last,
      days.length === 0 ? level : value - quantileOf(days, 0.5),
      isThere(value) ? (hourMeans[at] ?? Number.NaN) - meanFrom(hours, minimum) : Number.NaN,
    ];
    const learnt = values
      .slice(0, at + 1)
      .filter(isThere)
      .slice(0, floorReadings);
    const floor = 0.01 * meanAndDeviation(learnt).deviation;
    const ratios = now.map((residual, each) => {
      const past = before(residuals[each] as number[], at, 7 * day).filter(isThere);
      const distance =
        past.length < minimum ? Number.NaN : Math.abs(residual) / Math.max(meanAndDeviation(past).deviation, floor);
      const tail = before(distances[each] as number[], at, 14 * day).filter(isThere);
      const ratio = tail.length < tailMinimum ? Number.NaN : distance / Math.max(1.5, quantileOf(tail, 0.995));
      residuals[each]?.push(residual);
      distances[each]?.push(distance);
      return ratio;
    });
    const known = ratios.filter(isThere).sort((a, b) => b - a);
    return [settings.combine === 'max' ? (known[0] ?? Number.NaN) : meanFrom(known.slice(0, 2), 1), ...ratios];
  });
}

test.each(['max', 'top2'] as const)(
  'streaming gives what the formula gives from all that came before: %s',
  (combine) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const settings = { ...small, combine };
        const values = dailySeries(180, 6, seed, 0.05);
        const [actual, expected] = [streamed(values, settings).flat(), bruteForce(values, settings).flat()];
        expect(expected.filter(isThere).length).toBeGreaterThan(500);
        expect([...actual.keys()].filter((at) => !closeTo(actual[at] as number, expected[at] as number, 1e-6))).toEqual(
          [],
        );
      }),
      { numRuns: 8, seed: 5 },
    );
  },
);

test('scale and shift change nothing, for the floor is of the series itself', () => {
  const values = dailySeries(150, 6, 3, 0.05);
  const plain = streamed(values, small).flat();
  for (const { scale, shift, error } of [
    { scale: -8, shift: 0, error: 1e-9 },
    { scale: 1e-6, shift: 0, error: 1e-6 },
    { scale: 1, shift: 1e9, error: 1e-4 },
  ]) {
    const moved = streamed(
      values.map((value) => value * scale + shift),
      small,
    ).flat();
    expect([...moved.keys()].filter((at) => !closeTo(moved[at] as number, plain[at] as number, error))).toEqual([]);
  }
});

test('lengths are those of the reference for samples every 5 minutes, and a slow series has a day and an hour too', () => {
  expect(seriesSettings(300_000)).toMatchObject({
    day: 288,
    hour: 12,
    minimum: 30,
    tailMinimum: 60,
    floorReadings: 576,
  });
  expect(seriesSettings(7_200_000)).toMatchObject({ day: 20, hour: 3 });
});

test('until its quantile is warm it gives undefined, or uses the one that it was told to', () => {
  const values = dailySeries(200, 20, 4);
  const cold = createSeriesDetector(seriesSettings(4_320_000));
  const told = createSeriesDetector({ ...seriesSettings(4_320_000), coldQuantile: 3 });
  const firstOf = (detector: typeof cold): number =>
    values.findIndex((value, at) => detector.next(at * 4_320_000, value) !== undefined);
  // A change is known one sample before a residual to the mean.
  expect(firstOf(cold)).toBe(1 + 30 + 60);
  expect(firstOf(told)).toBe(1 + 30);
});

test('one that was saved and loaded goes on as if nothing had been', () => {
  const values = dailySeries(160, 20, 5, 0.1);
  const settings = seriesSettings(4_320_000);
  const whole = createSeriesDetector(settings);
  const first = createSeriesDetector(settings);
  const second = createSeriesDetector(settings);
  const scores = values.map((value, at) => whole.next(at * 4_320_000, value));
  values.slice(0, 120).forEach((value, at) => {
    first.next(at * 4_320_000, value);
  });
  second.load(first.save());
  expect(values.slice(120).map((value, at) => second.next((120 + at) * 4_320_000, value))).toEqual(scores.slice(120));
  expect(second.save()).toEqual(whole.save());
  expect(() => second.load(first.save().slice(1))).toThrow('was saved with other settings');
});

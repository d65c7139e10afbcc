import fc from 'fast-check';
import { accrualOfCounter, type CounterOptions } from '../../../../exporters/billing/metering/counter.ts';
import { withinSpan } from '../../../../exporters/billing/metering/within-span.ts';
import { seriesOf } from '../../../support/billing-counter.ts';
import { accrual, span } from '../../../support/billing-device.ts';

type Samples = readonly (readonly [number, number])[];

const sound = { unusable: 0, tooLarge: 0, resets: 0, regressions: 0, clamped: 0, clampedAmount: 0 };

function counted(samples: Samples, options: Partial<CounterOptions> = {}) {
  return accrualOfCounter(seriesOf(samples), { scale: 1, fromMs: 0, ...options });
}

const from0 = (value: number): Samples => [
  [0, 0],
  [15_000, value],
];

test('differences are spread between the samples; the first is a baseline', () => {
  const { accrual: pieces, problems } = counted([
    [0, 100],
    [15_000, 107],
    [30_000, 107],
    [600_000, 200],
  ]);
  expect(pieces).toEqual(accrual([0, 15_000, 7], [30_000, 600_000, 93]));
  expect(problems).toEqual(sound);
});

test('errors of rounding do not add up', () => {
  // 1.001 * 1000 is 1000.9999999999999.
  expect(counted(from0(1.001), { scale: 1000 }).accrual).toEqual(accrual([0, 15_000, 1001]));
  expect(counted(from0(1.0004), { scale: 1000 }).accrual).toEqual(accrual([0, 15_000, 1000]));
  const samples = Array.from({ length: 10_001 }, (_, at): [number, number] => [at * 1000, at * 0.0004]);
  expect(withinSpan(counted(samples, { scale: 1000 }).accrual, span(0, 1e9))).toBe(4000n);
  const seconds = Array.from({ length: 1001 }, (_, at): [number, number] => [at * 1000, 1e9 + at * 0.1]);
  expect(withinSpan(counted(seconds, { scale: 1000 }).accrual, span(0, 1e9))).toBe(100_000n);
});

test('a value that falls is a restart from 0, also twice in a window', () => {
  const { accrual: pieces, problems } = counted([
    [0, 100],
    [15_000, 110],
    [30_000, 4],
    [45_000, 9],
    [60_000, 2],
    [75_000, 0],
  ]);
  expect(pieces).toEqual(accrual([0, 15_000, 10], [15_000, 30_000, 4], [30_000, 45_000, 5], [45_000, 60_000, 2]));
  expect(problems).toEqual({ ...sound, resets: 3 });
});

test('a restart is known to be no earlier than the process and the last scrape without the series', () => {
  const samples: Samples = [
    [0, 100],
    [60_000, 4],
  ];
  expect(counted(samples, { startedAt: Float64Array.of(50_000) }).accrual).toEqual(accrual([50_000, 60_000, 4]));
  expect(counted(samples, { scrapedAt: Float64Array.of(0, 15_000, 30_000, 60_000) }).accrual).toEqual(
    accrual([30_000, 60_000, 4]),
  );
  expect(
    counted(samples, { scrapedAt: Float64Array.of(0, 30_000, 60_000), startedAt: Float64Array.of(10_000) }).accrual,
  ).toEqual(accrual([30_000, 60_000, 4]));
});

describe('births', () => {
  const samples: Samples = [
    [30_000, 12],
    [45_000, 20],
  ];

  test('a series that was not there when its target was scraped before began at 0', () => {
    expect(counted(samples, { scrapedAt: Float64Array.of(0, 15_000, 30_000, 45_000) }).accrual).toEqual(
      accrual([15_000, 30_000, 12], [30_000, 45_000, 8]),
    );
  });

  test('the first scrape of a target is a baseline', () => {
    expect(counted(samples, { scrapedAt: Float64Array.of(30_000, 45_000) }).accrual).toEqual(
      accrual([30_000, 45_000, 8]),
    );
  });

  test('unless its process started within what was asked for', () => {
    const scrapedAt = Float64Array.of(30_000, 45_000);
    expect(counted(samples, { scrapedAt, startedAt: Float64Array.of(10_000) }).accrual).toEqual(
      accrual([10_000, 30_000, 12], [30_000, 45_000, 8]),
    );
    expect(counted(samples, { scrapedAt, startedAt: Float64Array.of(10_000), fromMs: 20_000 }).accrual).toEqual(
      accrual([30_000, 45_000, 8]),
    );
    expect(counted(samples, { scrapedAt, startedAt: Float64Array.of(40_000) }).accrual).toEqual(
      accrual([30_000, 45_000, 8]),
    );
  });

  test('a process that started since the scrape before makes the time shorter', () => {
    const scrapedAt = Float64Array.of(15_000, 30_000);
    expect(counted(samples, { scrapedAt, startedAt: Float64Array.of(1, 25_000) }).accrual).toEqual(
      accrual([25_000, 30_000, 12], [30_000, 45_000, 8]),
    );
  });

  test('nothing comes of nothing', () => {
    expect(counted([]).accrual).toEqual(accrual());
    expect(counted([[5, 5]]).accrual).toEqual(accrual());
  });
});

describe('bad samples', () => {
  test('what is no number is dropped and counted, and the counter bridges it', () => {
    const { accrual: pieces, problems } = counted([
      [0, 1],
      [10, Number.NaN],
      [20, Number.POSITIVE_INFINITY],
      [30, -5],
      [40, 9],
    ]);
    expect(pieces).toEqual(accrual([0, 40, 8]));
    expect(problems).toEqual({ ...sound, unusable: 3 });
  });

  test('what no number holds exactly is left out and told, and the counter bridges it', () => {
    const { accrual: pieces, problems } = counted(
      [
        [0, 10],
        [15_000, 1e17],
        [30_000, 20],
        [45_000, Number.MAX_VALUE],
        [60_000, 9_007_199_254_741],
      ],
      { scale: 1000 },
    );
    expect(problems).toEqual({ ...sound, tooLarge: 3 });
    expect(pieces).toEqual(accrual([0, 30_000, 10_000]));
  });

  test('a counter that two scrapers asked at nearly the same time did not begin again', () => {
    const { accrual: pieces, problems } = counted([
      [0, 1000],
      [15_000, 1100],
      [15_400, 1098],
      [30_000, 1200],
    ]);
    expect(withinSpan(pieces, span(0, 60_000))).toBe(200n);
    expect(problems).toEqual({ ...sound, regressions: 1 });
  });

  test('a restart is one also if the counter soon is where it was', () => {
    const { accrual: pieces, problems } = counted([
      [0, 100],
      [15_000, 3],
      [30_000, 120],
    ]);
    expect(pieces).toEqual(accrual([0, 15_000, 3], [15_000, 30_000, 117]));
    expect(problems).toEqual({ ...sound, resets: 1 });
  });

  test('two scrapers 7 s apart count as one', () => {
    const at = (offset: number): Samples =>
      Array.from({ length: 100 }, (_, n) => [n * 15_000 + offset, n * 150 + offset / 100]);
    const [one, two] = [counted(at(0)), counted([...at(0), ...at(7_000)])];
    expect(withinSpan(two.accrual, span(0, 1_400_000))).toBe(withinSpan(one.accrual, span(0, 1_400_000)));
  });

  test('order and duplicates do not matter', () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 10 ** 6 }), fc.integer({ min: 0, max: 10 ** 6 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(samples, fc.array(fc.nat(), { maxLength: 9 }), fc.boolean(), (list, again, growsWithTime) => {
        const mixed = [...list.toReversed(), ...again.flatMap((at) => list.slice(at % list.length).slice(0, 1))];
        expect(counted(mixed, { growsWithTime })).toEqual(counted(list, { growsWithTime }));
      }),
    );
  });
});

test('whatever the samples are, amounts are whole numbers from 1 in pieces that ascend', () => {
  const value = fc.oneof(fc.double(), fc.nat(), fc.constant(Number.NaN));
  const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 10 ** 6 }), value), { maxLength: 40 });
  fc.assert(
    fc.property(samples, fc.boolean(), fc.array(fc.nat(10 ** 6)), (list, growsWithTime, scraped) => {
      const scrapedAt = Float64Array.from(scraped).sort();
      const { fromMs, toMs, amounts } = counted(list, { growsWithTime, scrapedAt }).accrual;
      for (const [at, amount] of amounts.entries()) {
        const [from = 0, to = 0] = [fromMs[at], toMs[at]];
        expect(Number.isInteger(amount) && amount > 0).toBe(true);
        expect(from < to && from >= (toMs[at - 1] ?? Number.NEGATIVE_INFINITY)).toBe(true);
        if (growsWithTime) expect(amount).toBeLessThanOrEqual(to - from);
      }
    }),
    { numRuns: 500 },
  );
});

test('what a series shows that was away came after the last scrape without it', () => {
  const minutes = (...all: readonly number[]): Float64Array => Float64Array.from(all, (each) => each * 60_000);
  const series = { labels: {}, timesMs: minutes(0, 1, 60), values: Float64Array.from([10, 70, 20]) };
  for (const growsWithTime of [true, false]) {
    const options = { scale: 1000, fromMs: 0, scrapedAt: minutes(0, 1, 2, 30, 58, 60), growsWithTime };
    const { accrual } = accrualOfCounter(series, options);
    const last = accrual.amounts.length - 1;
    expect(accrual.amounts[last]).toBe(20_000);
    expect(accrual.fromMs[last]).toBeGreaterThanOrEqual(58 * 60_000);
  }
});

import fc from 'fast-check';
import { accrualOfCounter, type CounterOptions, marginOf } from '../../../../exporters/billing/metering/counter.ts';
import { withinSpan } from '../../../../exporters/billing/metering/within-span.ts';
import { countedSeries, fetched, heldUntil, scrapes, seriesOf } from '../../../support/billing-counter.ts';
import { accrual, hour, minute, span } from '../../../support/billing-device.ts';

const every = 15_000;
const law = { scale: 1000, growsWithTime: true };
const sound = { unusable: 0, tooLarge: 0, resets: 0, regressions: 0, clamped: 0, clampedAmount: 0 };

function placed(samples: readonly (readonly [number, number])[], options: Partial<CounterOptions> = {}) {
  return accrualOfCounter(seriesOf(samples), { ...law, fromMs: 0, ...options });
}

/** One sample each 15 s from `from` on, in seconds. */
function from(startMs: number, ...seconds: readonly number[]): readonly (readonly [number, number])[] {
  return seconds.map((value, at) => [startMs + at * every, value]);
}

const scraped = Float64Array.from(scrapes(0, hour, every));

describe('where it is placed', () => {
  test('what is held all the time is one piece', () => {
    expect(placed(from(0, 100, 115, 130, 145, 160)).accrual).toEqual(accrual([0, 60_000]));
  });

  test('a holder that begins and ends has it at those ends of the intervals, to the millisecond', () => {
    const samples = from(30_000, 4.001, 19.001, 34.001, 49.001, 51.5, 51.5, 51.5);
    expect(placed(samples, { scrapedAt: scraped })).toEqual({ accrual: accrual([25_999, 77_499]), problems: sound });
  });

  test('a holder that is seen in one interval alone has it spread over that', () => {
    expect(placed(from(30_000, 4, 4, 4), { scrapedAt: scraped }).accrual).toEqual(accrual([15_000, 30_000, 4000]));
    expect(placed(from(0, 7, 7, 11, 11, 11)).accrual).toEqual(accrual([15_000, 30_000, 4000]));
  });

  test('a holder that is told of once and never again had it at some time, not at the end', () => {
    const gone = Float64Array.of(0, 3_600_000, 3_615_000);
    expect(placed([[3_600_000, 360]], { scrapedAt: gone }).accrual).toEqual(accrual([0, 3_600_000, 360_000]));
    expect(placed([[3_600_000, 360]], { scrapedAt: gone.slice(0, 2) }).accrual).toEqual(
      accrual([3_240_000, 3_600_000]),
    );
  });

  test('a long pause lies in the middle of what is held before and after', () => {
    const samples = [...from(0, 100, 115, 130), ...from(1_800_000, 150, 165, 180, 195)];
    expect(placed(samples).accrual).toEqual(accrual([0, 40_000], [1_790_000, 1_845_000]));
  });

  test('through a gap of the scrapes the counter knows', () => {
    expect(placed([...from(0, 100, 115), ...from(7_215_000, 7315, 7330, 7345, 7360)]).accrual).toEqual(
      accrual([0, 7_260_000]),
    );
    const ended = [...from(0, 100, 115), ...from(7_215_000, 1915, 1915, 1915)];
    expect(placed(ended).accrual).toEqual(accrual([0, 1_815_000]));
    const scrapedAt = Float64Array.of(0, 15_000, ...scrapes(7_215_000, 7_300_000, every));
    expect(placed(from(7_215_000, 5400, 5415, 5430, 5445), { scrapedAt }).accrual).toEqual(
      accrual([1_815_000, 7_260_000]),
    );
  });
});

describe('an exporter that learns at other times than it is asked', () => {
  test('one that began again shows as much more than the time since the scrape before as it lags', () => {
    const { accrual: pieces, problems } = placed([...from(0, 600, 615, 630), ...from(45_000, 26, 41, 56, 71)]);
    expect(problems).toEqual({ ...sound, resets: 1 });
    expect(withinSpan(pieces, span(0, 90_000))).toBe(90_000n);
    // More cannot have come since: it went on from what it had saved.
    expect(placed([...from(0, 600, 615, 630), ...from(45_000, 28, 43, 58, 73)]).problems).toEqual({
      ...sound,
      regressions: 1,
    });
  });

  test('10 s and 20 s in turn are all of the time', () => {
    const { accrual: pieces, problems } = placed(from(0, 100, 110, 130, 140, 160, 170, 190, 200, 220));
    expect(withinSpan(pieces, span(0, 75_000))).toBe(75_000n);
    expect(problems).toEqual(sound);
  });

  test('one that asks the kubelet every 5 minutes, with a lag that says so', () => {
    const held = [span(1_000_000, 9_000_000)];
    const scrapedAt = scrapes(0, 3 * hour, every);
    const series = countedSeries({ held, scrapedAt, pollMs: 300_000 });
    const { accrual: pieces, problems } = accrualOfCounter(series, {
      scale: 1000,
      fromMs: 0,
      growsWithTime: true,
      scrapedAt: Float64Array.from(scrapedAt),
      lagMs: 320_000,
    });
    expect(withinSpan(pieces, span(0, 4 * hour))).toBe(8_000_000n);
    expect(withinSpan(pieces, span(1_500_000, 8_000_000))).toBe(6_500_000n);
    expect(problems).toEqual(sound);
  });

  test('one that begins to answer later takes no time from the holder', () => {
    const held = [span(60_000, hour)];
    for (let jitterMs = 0; jitterMs < 400; jitterMs += 7) {
      const scrapedAt = scrapes(0, hour + minute, 5_000, jitterMs);
      const series = countedSeries({ held, scrapedAt, pollMs: 5_000, pollOffsetMs: 298 });
      const { accrual: pieces, problems } = accrualOfCounter(series, { ...law, fromMs: 0 });
      expect(problems).toEqual(sound);
      expect(withinSpan(pieces, span(2 * minute, hour - minute))).toBe(BigInt(hour - 3 * minute));
    }
  });

  test('a pause that cannot be told from lag counts, a longer one does not', () => {
    const paused = (lost: number) =>
      from(0, 100, 115, 130, 145 - lost, 160 - lost, 175 - lost, 190 - lost, 205 - lost, 220 - lost);
    expect(withinSpan(placed(paused(11)).accrual, span(0, 75_000))).toBe(75_000n);
    expect(withinSpan(placed(paused(13)).accrual, span(0, 75_000))).toBe(62_000n);
  });

  test('a holder that began before the last scrape without it is placed by the lag', () => {
    const samples = from(30_000, 20, 35, 50, 65, 80);
    expect(placed(samples, { scrapedAt: scraped })).toEqual({ accrual: accrual([10_000, 90_000]), problems: sound });
  });
});

describe('what cannot be', () => {
  test('a new series with more than time explains counts with what fits', () => {
    const { accrual: pieces, problems } = placed(from(30_000, 3600, 3615, 3630, 3645), { scrapedAt: scraped });
    expect(pieces).toEqual(accrual([15_000, 75_000]));
    expect(problems).toEqual({ ...sound, clamped: 1, clampedAmount: 3_585_000 });
  });

  test('a jump counts with the time that passed', () => {
    const { accrual: pieces, problems } = placed(from(0, 100, 115, 130, 9_000_130, 9_000_145, 9_000_160, 9_000_175));
    expect(pieces).toEqual(accrual([0, 90_000]));
    expect(problems).toMatchObject({ clamped: 1, resets: 0 });
    expect(problems.clampedAmount).toBeGreaterThan(8_999_000_000);
  });

  test('a counter that runs twice as fast counts once', () => {
    const { accrual: pieces, problems } = placed(from(0, 100, 130, 160, 190, 220, 250, 280));
    expect(pieces).toEqual(accrual([0, 90_000]));
    expect(problems.clamped).toBeGreaterThan(0);
  });
});

describe('a series that was away while its target was scraped', () => {
  const scrapedAt = Float64Array.from(scrapes(0, 2 * hour, every));

  test('began again, if what it shows can have begun since, also if that is more than before', () => {
    const short = from(0, 100, 103, 103);
    const again = from(hour, 20, 35, 50, 65, 80);
    expect(placed([...short, ...again], { scrapedAt }).accrual).toEqual(
      accrual([0, 3_000], [hour - 20_000, hour + 60_000]),
    );
    const more = placed([...from(0, 8, 8, 8), ...again], { scrapedAt });
    expect(more.accrual).toEqual(accrual([hour - 20_000, hour + 60_000]));
    expect(more.problems).toEqual({ ...sound, resets: 1 });
  });

  test('went on, if it shows more than that', () => {
    const back = from(hour, 3700, 3715, 3730, 3745, 3760);
    expect(placed([...from(0, 100, 115, 130), ...back], { scrapedAt }).accrual).toEqual(accrual([0, hour + 60_000]));
  });

  test('is held on after a restart in which the first scrape did not have it yet', () => {
    const samples = [...from(0, 100, 115, 130), ...from(60_000, 2, 17, 32, 47, 62)];
    expect(placed(samples, { scrapedAt }).accrual).toEqual(accrual([0, 120_000]));
  });
});

describe('restarts of the exporter', () => {
  test('with the same holder on both sides it had the GPU throughout, if no more is missing than is held', () => {
    const samples = from(0, 100, 115, 130, 2, 17, 32, 47, 62);
    const { accrual: pieces, problems } = placed(samples);
    expect(pieces).toEqual(accrual([0, 105_000]));
    expect(problems).toEqual({ ...sound, resets: 1 });
    expect(placed(samples, { holdMs: 12_000 }).accrual).toEqual(accrual([0, 30_000], [43_000, 105_000]));
  });

  test('beyond that only what is counted since', () => {
    const samples = [...from(0, 100, 115, 130), ...from(600_000, 2, 17, 32, 47, 62)];
    expect(placed(samples).accrual).toEqual(accrual([0, 30_000], [598_000, 660_000]));
  });

  test('twice in a window', () => {
    const samples = from(0, 100, 115, 130, 2, 17, 3, 18, 33, 48, 63);
    const { accrual: pieces, problems } = placed(samples, { holdMs: 37_500 });
    expect(pieces).toEqual(accrual([0, 135_000]));
    expect(problems.resets).toBe(2);
  });

  test('one that goes on from what it saved a moment ago did not begin at 0', () => {
    const samples = from(0, 5000, 5015, 5010, 5040, 5055, 5070, 5085, 5100);
    const { accrual: pieces, problems } = placed(samples);
    expect(withinSpan(pieces, span(0, 60_000))).toBe(60_000n);
    expect(problems).toEqual({ ...sound, regressions: 1 });
  });

  test('and what it counts a second time is not billed twice', () => {
    const { accrual: pieces } = placed([...from(0, 5000, 5015), ...from(90_000, 5010, 5025, 5040, 5055, 5070, 5085)]);
    expect(pieces).toEqual(accrual([0, 15_000], [95_000, 165_000]));
  });

  test('one that goes on from an old state counts from there', () => {
    const samples = from(0, 5000, 5015, 3000, 3015, 3030, 3045, 3060);
    const { accrual: pieces, problems } = placed(samples);
    expect(Number(withinSpan(pieces, span(0, hour)))).toBeLessThanOrEqual(90_000);
    expect(Number(withinSpan(pieces, span(30_000, 90_000)))).toBe(60_000);
    expect(problems).toEqual({ ...sound, regressions: 1 });
  });
});

/** One or two holdings in four hours, scraped with jitter by an exporter that lags, some scrapes lost. */
const runs = fc.record({
  everyMs: fc.constantFrom(5_000, 15_000, 30_000, 60_000),
  jitterMs: fc.integer({ min: 0, max: 400 }),
  pollMs: fc.constantFrom(0, 0, 1_000, 5_000),
  pollOffsetMs: fc.integer({ min: 0, max: 4_999 }),
  edges: fc.uniqueArray(fc.integer({ min: 60_000, max: 4 * hour - 10 * minute }), { minLength: 4, maxLength: 4 }),
  lost: fc.array(fc.nat(), { maxLength: 20 }),
});

type Run = typeof runs extends fc.Arbitrary<infer T> ? T : never;

function play({ everyMs, jitterMs, edges, lost, ...exporter }: Run) {
  const [a = 0, b = 0, c = 0, d = 0] = edges.toSorted((left, right) => left - right);
  const all = scrapes(0, 4 * hour, everyMs, jitterMs);
  const gone = new Set(lost.map((at) => at % all.length).filter((at) => at > 0));
  const scrapedAt = all.filter((_, at) => !gone.has(at));
  const held = c - b > 5 * minute ? [span(a, b), span(c, d)] : [span(a, d)];
  const series = countedSeries({ ...exporter, held, scrapedAt, retentionMs: 24 * hour });
  return { held, series, scrapedAt: Float64Array.from(scrapedAt) };
}

test('what is billed is what was held: exactly if the exporter knows at once, else within what it lags at an edge', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { held, series, scrapedAt } = play(run);
      const { accrual: pieces, problems } = accrualOfCounter(series, { ...law, fromMs: 0, scrapedAt });
      const billed = Number(withinSpan(pieces, span(-hour, 5 * hour)));
      expect(Math.abs(billed - heldUntil(held, 5 * hour))).toBeLessThanOrEqual(held.length * run.pollMs);
      expect(problems).toEqual(sound);
      for (const { startMs, endMs } of held) {
        const inside = span(startMs + 2 * minute, endMs - 4 * minute);
        if (inside.endMs > inside.startMs)
          expect(withinSpan(pieces, inside)).toBe(BigInt(inside.endMs - inside.startMs));
      }
    }),
    { numRuns: 300 },
  );
});

test('windows that are fetched and metered apart add up to the period, whatever they are', () => {
  const windows = fc.constantFrom(5 * minute, 15 * minute, hour);
  fc.assert(
    fc.property(runs, windows, (run, length) => {
      const { series, scrapedAt } = play(run);
      const all = accrualOfCounter(series, { ...law, fromMs: 0, scrapedAt });
      for (let start = 0; start < 4 * hour; start += length) {
        // Lost scrapes make the usual distance longer.
        const margin = marginOf(run.everyMs) + 20 * run.everyMs;
        const asked = span(start - margin, start + length + margin);
        const part = accrualOfCounter(fetched(series, asked), {
          ...law,
          fromMs: asked.startMs,
          scrapedAt: scrapedAt.filter((at) => at > asked.startMs && at <= asked.endMs),
        });
        const window = span(start, start + length);
        expect(withinSpan(part.accrual, window)).toBe(withinSpan(all.accrual, window));
      }
    }),
    { numRuns: 60 },
  );
});

import { bridgedGaps } from '../../../../exporters/billing/sources/bridged.ts';
import { defaultGaps, type GapSettings } from '../../../../exporters/billing/sources/config/gaps.ts';
import { coverageOf, gapsOf } from '../../../../exporters/billing/sources/coverage.ts';
import type { Scrapes, TargetScrapes } from '../../../../exporters/billing/sources/scrapes.ts';
import type { Span } from '../../../../exporters/billing/span.ts';

const interval = 10;

function target(instance: string, attempts: readonly (readonly [number, number])[]): TargetScrapes {
  return {
    job: 'gpu',
    instance,
    attempts: {
      labels: {},
      timesMs: Float64Array.from(attempts, ([ms]) => ms),
      values: Float64Array.from(attempts, ([, up]) => up),
    },
    okMs: Float64Array.from(
      attempts.filter(([, up]) => up === 1),
      ([ms]) => ms,
    ),
    intervalMs: interval,
    range: { startMs: -100, endMs: 300 },
  };
}

const every = (from: number, until: number, up = 1): readonly (readonly [number, number])[] =>
  Array.from({ length: (until - from) / interval }, (_, index) => [from + index * interval, up] as const);

function scrapesOf(targets: readonly TargetScrapes[], dark: readonly Span[] = []): Scrapes {
  return {
    targets: new Map(targets.map((each) => [`gpu\n${each.instance}`, each])),
    intervalMs: interval,
    range: { startMs: -100, endMs: 300 },
    dark,
    newestMs: Math.max(...targets.map(({ attempts }) => attempts.timesMs.at(-1) ?? 0)),
  };
}

const window = { startMs: 0, endMs: 100 };

function cover(scrapes: Scrapes, gaps: Partial<GapSettings> = {}, nowMs = 1000, isBridged = false) {
  return coverageOf(window, { scrapes, gaps: { ...defaultGaps, ...gaps }, nowMs, isBridged: () => isBridged });
}

test('all is seen', () => {
  expect(cover(scrapesOf([target('a', every(-50, 200)), target('b', every(-50, 200))]))).toEqual({
    expectedScrapes: 20,
    seenScrapes: 20,
    gaps: [],
    gapMs: 0,
    isHeld: false,
  });
});

test('a target that does not answer', () => {
  const down = target('a', [...every(-50, 20), ...every(20, 60, 0), ...every(60, 200)]);
  expect(cover(scrapesOf([down]))).toEqual({
    expectedScrapes: 10,
    seenScrapes: 6,
    gaps: [{ span: { startMs: 25, endMs: 60 }, where: 'gpu a', policy: 'hold' }],
    gapMs: 35,
    isHeld: true,
  });
});

test('Prometheus is away in the middle: its targets are still expected', () => {
  const away = target('a', [...every(-50, 20), ...every(60, 200)]);
  expect(cover(scrapesOf([away], [{ startMs: 35, endMs: 60 }]))).toMatchObject({
    expectedScrapes: 10,
    seenScrapes: 6,
    isHeld: true,
  });
});

test('Prometheus does not come back: its targets are still expected', () => {
  const away = target('a', every(-50, 20));
  const covered = cover(scrapesOf([away], [{ startMs: 35, endMs: 300 }]));
  expect(covered).toMatchObject({ expectedScrapes: 10, seenScrapes: 2, isHeld: true });
  expect(covered.gapMs).toBe(75);
});

test('a target that is taken out while others go on is not expected any more', () => {
  const covered = cover(scrapesOf([target('a', every(-50, 20)), target('b', every(-50, 200))]));
  expect(covered).toMatchObject({ expectedScrapes: 12, seenScrapes: 12, isHeld: false });
  expect(covered.gapMs).toBe(0);
});

test('a window waits no longer than it is told to, and only by that policy', () => {
  const down = target('a', [...every(-50, 20), ...every(20, 60, 0), ...every(60, 200)]);
  const held = (gaps: Partial<GapSettings>, nowMs?: number, isBridged?: boolean) =>
    cover(scrapesOf([down]), gaps, nowMs, isBridged).isHeld;
  expect(held({ holdForMs: 901 }, 1000)).toBe(true);
  expect(held({ holdForMs: 900 }, 1000)).toBe(false);
  expect(held({ policy: 'zero' })).toBe(false);
  expect(held({ policy: 'last_known' })).toBe(false);
  expect(held({ minCoverage: 0.5 })).toBe(false);
  expect(held({}, 1000, true)).toBe(false);
});

test('a window after which nothing was seen yet waits, whatever the policy', () => {
  const young = scrapesOf([target('a', every(-50, 80))], [{ startMs: 95, endMs: 300 }]);
  expect(cover(young, { policy: 'zero' }).isHeld).toBe(true);
  expect(cover(young, { policy: 'zero', holdForMs: 0 }).isHeld).toBe(false);
  expect(cover(scrapesOf([target('a', every(-50, 120))]), { policy: 'zero' }).isHeld).toBe(false);
});

test('the longest gaps are listed, 100 at most', () => {
  const many = Array.from({ length: 150 }, (_, index) =>
    target(`t${index}`, [...every(-50, 0), ...every(0, 10 + (index % 5) * 10, 0), ...every(60, 200)]),
  );
  const { gaps } = cover(scrapesOf(many));
  expect(gaps).toHaveLength(100);
  const lengths = gaps.map(({ span }) => span.endMs - span.startMs);
  expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
});

describe('a gap is bridged', () => {
  const down = target('a', [...every(-50, 20), ...every(60, 200)]);
  const scrapes = scrapesOf([down]);
  const [gap] = gapsOf(down, []);
  type Samples = readonly (readonly [number, number])[];
  const series = (samples: Samples) => ({
    labels: {},
    timesMs: Float64Array.from(samples, ([ms]) => ms),
    values: Float64Array.from(samples, ([, value]) => value),
  });
  const bridged = (starts: Samples, counters: readonly Samples[]) =>
    bridgedGaps('gpu\na', scrapes, { starts: [series(starts)], counters: counters.map(series) });
  const key = `gpu\na\n${gap?.startMs}`;

  test('by the same process', () =>
    expect(
      bridged(
        [
          [10, 5],
          [60, 5.5],
        ],
        [],
      ),
    ).toEqual([key]));
  test('by counters that go on in another process', () =>
    expect(
      bridged(
        [
          [10, 5],
          [60, 900],
        ],
        [
          [
            [10, 7],
            [60, 9],
          ],
        ],
      ),
    ).toEqual([key]));
  test('not by counters that began again', () =>
    expect(
      bridged(
        [
          [10, 5],
          [60, 900],
        ],
        [
          [
            [10, 7],
            [60, 9],
          ],
          [
            [10, 7],
            [60, 1],
          ],
        ],
      ),
    ).toEqual([]));
  test('not where nobody counted', () =>
    expect(
      bridged(
        [
          [10, 5],
          [60, 900],
        ],
        [],
      ),
    ).toEqual([]));
  test('not where nothing came after it', () => expect(bridged([[10, 5]], [[[10, 7]]])).toEqual([]));
});

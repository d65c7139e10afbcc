import fc from 'fast-check';
import {
  clipped,
  difference,
  lengthOf,
  mergedSamples,
  presence,
  union,
} from '../../../../exporters/billing/sources/timeline.ts';
import type { Span } from '../../../../exporters/billing/span.ts';

const size = 60;
const span = fc
  .tuple(fc.nat(size), fc.nat(size))
  .map(([a, b]): Span => ({ startMs: Math.min(a, b), endMs: Math.max(a, b) }));
const spans = fc.array(span, { maxLength: 8 });

/** The ms that any of the spans holds. */
const moments = (of: readonly Span[]): ReadonlySet<number> =>
  new Set(of.flatMap(({ startMs, endMs }) => Array.from({ length: endMs - startMs }, (_, index) => startMs + index)));

test('union and difference are those of sets of moments', () => {
  fc.assert(
    fc.property(spans, spans, (some, others) => {
      const [left, right] = [union(some), union(others)];
      expect(moments(left)).toEqual(moments(some));
      expect(lengthOf(left)).toBe(moments(some).size);
      const rest = difference(left, right);
      expect(moments(rest)).toEqual(new Set([...moments(left)].filter((ms) => !moments(right).has(ms))));
      expect(lengthOf(rest)).toBe(moments(rest).size);
      for (const [index, each] of left.entries()) expect(each.startMs).toBeGreaterThan(left[index - 1]?.endMs ?? -1);
    }),
  );
});

test('what is clipped is inside', () => {
  fc.assert(
    fc.property(spans, span, (some, window) => {
      const inside = [...moments(union(some))].filter((ms) => ms >= window.startMs && ms < window.endMs);
      expect(moments(clipped(union(some), window))).toEqual(new Set(inside));
    }),
  );
});

const columns = (samples: readonly (readonly [number, number])[]) => ({
  labels: {},
  timesMs: Float64Array.from(samples, ([time]) => time),
  values: Float64Array.from(samples, ([, value]) => value),
});
const scrapes = (...times: readonly number[]) => Float64Array.from(times);

describe('presence', () => {
  test('lasts until the next scrape, whether that has the thing or not', () => {
    const series = columns([
      [10, 1],
      [20, 1],
    ]);
    expect(presence(series, scrapes(10, 20, 30, 40), 100)).toEqual([{ startMs: 10, endMs: 30 }]);
  });

  test('and no longer than the hold where nothing is scraped', () => {
    const series = columns([
      [10, 1],
      [100, 1],
    ]);
    expect(presence(series, scrapes(10, 100), 25)).toEqual([
      { startMs: 10, endMs: 35 },
      { startMs: 100, endMs: 125 },
    ]);
  });

  test('of some values only', () => {
    const series = columns([
      [10, 1],
      [20, 0],
      [30, 1],
    ]);
    expect(presence(series, scrapes(10, 20, 30), 15, (value) => value > 0)).toEqual([
      { startMs: 10, endMs: 20 },
      { startMs: 30, endMs: 45 },
    ]);
  });

  test('of nothing is nothing', () => expect(presence(columns([]), scrapes(1, 2), 10)).toEqual([]));

  test('goes on from sample to sample where the scrapes are not known', () => {
    const series = columns([
      [10, 1],
      [20, 1],
    ]);
    expect(presence(series, scrapes(), 15)).toEqual([{ startMs: 10, endMs: 35 }]);
  });
});

test('series that say the same become one, in the order of time, each time once', () => {
  const merged = mergedSamples([
    columns([
      [1, 10],
      [3, 30],
    ]),
    columns([
      [2, 20],
      [3, 99],
    ]),
  ]);
  expect([[...merged.timesMs], [...merged.values]]).toEqual([
    [1, 2, 3],
    [10, 20, 30],
  ]);
  expect(() => mergedSamples([])).toThrow(RangeError);
});

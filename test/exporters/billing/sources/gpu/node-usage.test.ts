import fc from 'fast-check';
import { fillGaps } from '../../../../../exporters/billing/sources/gpu/fill-gaps.ts';
import { installedOn } from '../../../../../exporters/billing/sources/gpu/installed.ts';
import { meterNodes, type NodeGpus } from '../../../../../exporters/billing/sources/gpu/node-usage.ts';
import { shardsOf } from '../../../../../exporters/billing/sources/gpu/shards.ts';
import { accrualOfSpans } from '../../../../../exporters/billing/sources/pieces.ts';
import type { Scrapes, TargetScrapes } from '../../../../../exporters/billing/sources/scrapes.ts';
import { union } from '../../../../../exporters/billing/sources/timeline.ts';
import type { Span } from '../../../../../exporters/billing/span.ts';

const size = 40;
const span = fc
  .tuple(fc.nat(size), fc.nat(size))
  .map(([a, b]): Span => ({ startMs: Math.min(a, b), endMs: Math.max(a, b) }));
const spans = fc.array(span, { maxLength: 4 }).map(union);
const node: fc.Arbitrary<NodeGpus> = fc.record({
  cluster: fc.constant('c'),
  node: fc.constant('n'),
  model: fc.constant('H100'),
  replicas: fc.constantFrom(1, 2),
  capacity: spans.map((all) => all.map((each) => ({ span: each, count: 4 }))),
  seen: spans,
  unavailable: spans.map((all) => all.map((each) => ({ span: each, reason: 'cordoned' }))),
  held: fc.array(
    fc.record({
      holder: fc.constantFrom({ namespace: 'a' }, { namespace: 'kube-system' }),
      count: fc.integer({ min: 1, max: 3 }),
      spans,
    }),
    {
      maxLength: 3,
    },
  ),
});

const has = (of: readonly Span[], ms: number): boolean => of.some(({ startMs, endMs }) => ms >= startMs && ms < endMs);

test('each ms of each GPU is counted once; what is held beyond the capacity is the error', () => {
  fc.assert(
    fc.property(node, span, (gpus, window) => {
      const { usages, conservation } = meterNodes([gpus], window, ['kube-system']);
      let [installed, excess] = [0, 0];
      for (let ms = window.startMs; ms < window.endMs; ms += 1) {
        const capacity = gpus.capacity.some((each) => has([each.span], ms)) ? 4 : 0;
        const held = gpus.held.reduce((total, each) => total + (has(each.spans, ms) ? each.count : 0), 0);
        installed += capacity;
        excess += Math.max(0, held - capacity);
      }
      const counted = usages.reduce((total, { quantity }) => total + Number(quantity), 0);
      expect(counted).toBe(installed + excess);
      expect(Number(conservation?.error.num) / Number(conservation?.error.den)).toBe(excess / gpus.replicas);
      for (const { state, holder } of usages) {
        if (state === 'used' || state === 'system')
          expect(state === 'system').toBe(holder['namespace'] === 'kube-system');
      }
    }),
  );
});

test('any partition of a window gives the same sums', () => {
  const sumsOf = (gpus: NodeGpus, windows: readonly Span[]) => {
    const sums: Record<string, number> = {};
    for (const { state, reason, holder, quantity } of windows.flatMap(
      (each) => meterNodes([gpus], each, ['kube-system']).usages,
    )) {
      const key = JSON.stringify([state, reason, holder]);
      sums[key] = (sums[key] ?? 0) + Number(quantity);
    }
    return sums;
  };
  fc.assert(
    fc.property(node, fc.array(fc.nat(size), { maxLength: 4 }), (gpus, moments) => {
      const cuts = [0, ...moments.toSorted((a, b) => a - b), size];
      const parts = cuts.slice(1).map((endMs, index) => ({ startMs: cuts[index] ?? 0, endMs }));
      expect(sumsOf(gpus, parts)).toEqual(sumsOf(gpus, [{ startMs: 0, endMs: size }]));
    }),
  );
});

describe('installed', () => {
  const given = {
    sightings: [{ node: 'a', seen: [{ startMs: 100, endMs: 200 }] }],
    lastSeenMs: undefined,
    forgetAfterMs: 50,
    span: { startMs: 0, endMs: 1000 },
    states: [],
  };
  const state = (fromMs: number, value: string) => ({ fromMs, values: { state: value } });

  test('from when it is seen until it is forgotten', () =>
    expect(installedOn(given)).toEqual([[{ startMs: 100, endMs: 250 }]]));
  test('from before, where it was seen before', () =>
    expect(installedOn({ ...given, lastSeenMs: -20 })).toEqual([
      [
        { startMs: 0, endMs: 30 },
        { startMs: 100, endMs: 250 },
      ],
    ]));
  test('on the other node from when it is seen there', () => {
    const moved = {
      node: 'b',
      seen: [
        { startMs: 150, endMs: 160 },
        { startMs: 220, endMs: 300 },
      ],
    };
    const first = { node: 'a', seen: [{ startMs: 100, endMs: 140 }] };
    expect(installedOn({ ...given, sightings: [first, moved] })).toEqual([
      [{ startMs: 100, endMs: 150 }],
      [
        { startMs: 150, endMs: 210 },
        { startMs: 220, endMs: 350 },
      ],
    ]);
  });
  test('and back', () => {
    const there = { node: 'b', seen: [{ startMs: 150, endMs: 160 }] };
    const here = {
      node: 'a',
      seen: [
        { startMs: 100, endMs: 140 },
        { startMs: 180, endMs: 200 },
      ],
    };
    expect(installedOn({ ...given, sightings: [here, there] })).toEqual([
      [
        { startMs: 100, endMs: 150 },
        { startMs: 180, endMs: 250 },
      ],
      [{ startMs: 150, endMs: 180 }],
    ]);
  });
  test('as the inventory says: there before it is seen, and not once it is retired', () => {
    const states = [state(Number.NEGATIVE_INFINITY, 'planned'), state(40, 'in_service'), state(150, 'retired')];
    expect(installedOn({ ...given, states })).toEqual([[{ startMs: 40, endMs: 150 }]]);
    expect(installedOn({ ...given, states: [state(Number.NEGATIVE_INFINITY, 'failed')] })).toEqual([
      [{ startMs: 0, endMs: 1000 }],
    ]);
  });
});

describe('gaps are filled', () => {
  const held = accrualOfSpans([
    { startMs: 0, endMs: 100 },
    { startMs: 500, endMs: 600 },
  ]);
  const pieces = (untilMs: number, gap = { startMs: 105, endMs: 480 }) => {
    const filled = fillGaps(held, [{ gap, untilMs }], 10);
    return Array.from(filled.fromMs, (from, index) => [from, filled.toMs[index], filled.amounts[index]]);
  };
  test('from the last that is known until the policy ends', () =>
    expect(pieces(300)).toEqual([
      [0, 100, 100],
      [100, 300, 200],
      [500, 600, 100],
    ]));
  test('until the gap ends', () =>
    expect(pieces(9999)).toEqual([
      [0, 100, 100],
      [100, 480, 380],
      [500, 600, 100],
    ]));
  test('until the next is known', () =>
    expect(pieces(9999, { startMs: 105, endMs: 550 })).toEqual([
      [0, 100, 100],
      [100, 500, 400],
      [500, 600, 100],
    ]));
  test('not where it had ended before the gap', () =>
    expect(pieces(300, { startMs: 111, endMs: 480 })).toHaveLength(2));
  test('not where what it grew by is known', () => expect(pieces(300, { startMs: 50, endMs: 90 })).toHaveLength(2));
  test('not before it began', () => expect(pieces(300, { startMs: -50, endMs: -10 })).toHaveLength(2));
});

describe('shards', () => {
  const target = (instance: string, range: Span): TargetScrapes => ({
    job: 'gpu',
    instance,
    attempts: { labels: {}, timesMs: new Float64Array(0), values: new Float64Array(0) },
    okMs: new Float64Array(0),
    intervalMs: 15,
    range,
  });
  const usual = { startMs: 0, endMs: 10 };
  const shards = (targets: readonly TargetScrapes[], gpus: Readonly<Record<string, readonly string[]>>, count = 2) => {
    const scrapes: Scrapes = {
      targets: new Map(targets.map((each) => [each.instance, each])),
      intervalMs: 15,
      range: usual,
      dark: [],
      newestMs: 0,
    };
    return shardsOf(scrapes, new Map(Object.entries(gpus).map(([key, uuids]) => [key, new Set(uuids)])), count);
  };

  test('a few targets each, by name and as they are written', () => {
    const found = shards(
      ['a.1', 'b', 'c'].map((each) => target(each, usual)),
      {},
    );
    expect(found.map(({ targets }) => targets)).toEqual([['a.1', 'b'], ['c']]);
    expect(found[0]?.matchers).toEqual(['job="gpu"', String.raw`instance=~"a\\.1|b"`]);
  });
  test('those that are read for longer apart', () => {
    const found = shards([target('a', usual), target('b', { startMs: -50, endMs: 10 }), target('c', usual)], {});
    expect(found.map(({ targets, range }) => [targets, range.startMs])).toEqual([
      [['a', 'c'], 0],
      [['b'], -50],
    ]);
  });
  test('those of one GPU together, whatever the size', () => {
    const found = shards(
      ['a', 'b', 'c', 'd'].map((each) => target(each, usual)),
      { a: ['1'], b: ['2', '1'], c: ['3'], d: ['2'] },
      1,
    );
    expect(found.map(({ targets }) => targets)).toEqual([['a', 'b', 'd'], ['c']]);
  });
});

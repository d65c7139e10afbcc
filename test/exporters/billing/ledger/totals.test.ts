import fc from 'fast-check';
import { sql } from 'kysely';
import { createLedger, type StoredLedger } from '../../../../exporters/billing/ledger/create-ledger.ts';
import type { Segment } from '../../../../exporters/billing/ledger/ledger.ts';
import type { BillingTables } from '../../../../exporters/billing/ledger/tables.ts';
import type { MeteredWindow, Usage } from '../../../../exporters/billing/usage.ts';
import type { Store } from '../../../../kit/store/store.ts';
import { at, dayMs, hourMs, openBillingStore, usage, windowAt } from '../../../support/billing-ledger.ts';
import { testClock } from '../../../support/cmdb-store.ts';
import { createStoreBench, engines } from '../../../support/stores.ts';

const bench = createStoreBench();
afterAll(() => bench.stop());

const first = at('2026-11-01T00:00:00Z');
const days = 4;
const meters = ['gpu_time', 'tokens'];
const clusters = ['east', 'west'];

/** A row of the model: what the database should have, kept in memory. */
interface ModelRow {
  readonly usage: Usage;
  readonly startMs: number;
  readonly endMs: number;
  readonly quantity: bigint;
}

function cutOff(quantity: bigint, part: number, length: number): bigint {
  return (quantity * BigInt(part)) / BigInt(length);
}

interface ModelFilter {
  readonly after?: bigint | undefined;
  readonly until?: bigint | undefined;
  readonly meters?: readonly string[];
  readonly clusters?: readonly string[];
}

function modelTotals(rows: readonly ModelRow[], segments: readonly Segment[], filter: ModelFilter): readonly string[] {
  const sums = new Map<string, { quantity: bigint; isDivided: boolean }>();
  for (const [index, row] of rows.entries()) {
    if (!isWanted(row, BigInt(index + 1), filter)) continue;
    for (const segment of segments) {
      const quantity = partWithin(row, segment);
      if (quantity === undefined) continue;
      const key = [segment.bucket, row.usage.meter, row.usage.cluster, row.usage.resource].join(' ');
      const sum = sums.get(key) ?? { quantity: 0n, isDivided: false };
      sum.quantity += quantity;
      // Segments of one bucket that meet divide nothing.
      sum.isDivided ||= !isWithin(row, segment.bucket, segments);
      sums.set(key, sum);
    }
  }
  return [...sums]
    .filter(([, { quantity }]) => quantity !== 0n)
    .map(([key, { quantity, isDivided }]) => `${key} ${quantity} ${isDivided}`)
    .sort();
}

function isWanted({ usage: { meter, cluster } }: ModelRow, position: bigint, filter: ModelFilter): boolean {
  const { after = 0n, until = position } = filter;
  const isOfPair = filter.meters?.includes(meter) !== false && filter.clusters?.includes(cluster) !== false;
  return position > after && position <= until && isOfPair;
}

function partWithin({ startMs, endMs, quantity }: ModelRow, { span }: Segment): bigint | undefined {
  const from = Math.max(span.startMs, startMs);
  const to = Math.min(span.endMs, endMs);
  if (from >= to) return undefined;
  const length = endMs - startMs;
  return cutOff(quantity, to - startMs, length) - cutOff(quantity, from - startMs, length);
}

function isWithin({ startMs, endMs }: ModelRow, bucket: number, segments: readonly Segment[]): boolean {
  const own = segments.filter((each) => each.bucket === bucket).toSorted((a, b) => a.span.startMs - b.span.startMs);
  let reached = startMs;
  for (const { span } of own) if (span.startMs <= reached && span.endMs > reached) reached = span.endMs;
  return reached >= endMs;
}

describe.each(engines)('totals on %s', (kind) => {
  let store: Store<BillingTables>;
  let ledger: StoredLedger;
  const rows: ModelRow[] = [];

  /** Windows of one meter in one cluster, as the ledger is to take them: differences to what is there. */
  async function record(...windows: readonly MeteredWindow[]): Promise<void> {
    const [{ meter, cluster, span: firstSpan } = windowOf(0, '', '', [])] = windows;
    const span = { startMs: firstSpan.startMs, endMs: Math.max(...windows.map((each) => each.span.endMs)) };
    const before = await ledger.entries({ span, meters: [meter], clusters: [cluster], limit: 1000 });
    const position = await ledger.position();
    await ledger.record(windows);
    const added = await ledger.entries({ span, after: position, limit: 1000 });
    for (const entry of added) {
      rows.push({ usage: entry, startMs: entry.span.startMs, endMs: entry.span.endMs, quantity: entry.quantity });
    }
    const sums = new Map<string, bigint>();
    const keyOf = (startMs: number, resource: string): string => `${startMs} ${resource}`;
    for (const { span: of, resource, quantity } of [...before, ...added]) {
      const key = keyOf(of.startMs, resource);
      sums.set(key, (sums.get(key) ?? 0n) + quantity);
    }
    for (const { span: of, usages } of windows) {
      for (const { resource, quantity } of usages) expect(sums.get(keyOf(of.startMs, resource)) ?? 0n).toBe(quantity);
    }
  }

  const windowOf = (hour: number, meter: string, cluster: string, quantities: readonly number[]): MeteredWindow =>
    windowAt(
      first + hour * hourMs,
      quantities.map((quantity, index) => usage(`gpu-${index}`, BigInt(quantity), { meter, cluster })),
      { meter, cluster },
    );

  beforeAll(async () => {
    store = await openBillingStore(bench, kind);
    ledger = await createLedger({ store, clock: testClock() });
    const pairs = meters.flatMap((meter) => clusters.map((cluster) => [meter, cluster] as const));
    const hours = Array.from({ length: days * 24 }, (_, hour) => hour);
    for (const [meter, cluster] of pairs) {
      // The third day of one of them has a hole, so that it is not rolled up.
      const there = hours.filter((hour) => hour !== 50 || meter === 'gpu_time' || cluster === 'east');
      for (let day = 0; day < days; day++) {
        const ofDay = there.filter((hour) => Math.floor(hour / 24) === day);
        await record(...ofDay.map((hour) => windowOf(hour, meter, cluster, [hour * 7 + 1, 13, hour % 5])));
      }
    }
    for (const hour of [3, 30, 31, 55, 80]) await record(windowOf(hour, 'gpu_time', 'east', [hour * 5, 14, 3, 9]));
    await record(windowOf(30, 'gpu_time', 'east', [1, 2, 3, 4]));
  });

  const totalsOf = async (query: Parameters<StoredLedger['totals']>[0]) =>
    (await ledger.totals(query))
      .map((each) =>
        [each.bucket, each.meter, each.cluster, each.resource, each.quantity, each.isDivided].map(String).join(' '),
      )
      .sort();

  test('days whose windows are all there have roll-ups', async () => {
    const { rows: found } = await sql<{ count: number }>`select count(*)::int as count from roll_up`.execute(store.db);
    expect(found).toEqual([{ count: meters.length * clusters.length * days - 1 }]);
  });

  const minute = 60_000;
  const border = fc
    .tuple(fc.integer({ min: -26, max: days * 24 + 26 }), fc.constantFrom(0, 0, 0, 1, 17, 30 * minute, 59 * minute))
    .map(([hour, ms]) => first + hour * hourMs + ms);
  const someSegments = fc
    .tuple(
      fc.uniqueArray(border, { minLength: 2, maxLength: 7 }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    )
    .map(([borders, buckets, kept]): Segment[] => {
      const sorted = borders.toSorted((a, b) => a - b);
      return sorted.slice(1).flatMap((endMs, index) => {
        const startMs = sorted[index] ?? 0;
        return kept[index] === true || index === 0 ? [{ span: { startMs, endMs }, bucket: buckets[index] ?? 0 }] : [];
      });
    });

  const position = fc.bigInt({ min: 0n, max: 1300n });
  const someFilter = fc.record(
    { after: position, until: position, meters: fc.subarray(meters), clusters: fc.subarray(clusters) },
    { requiredKeys: [] },
  );

  test('are those of a plain sum over all rows, whatever the segments and positions', async () => {
    await fc.assert(
      fc.asyncProperty(someSegments, someFilter, async (segments, filter) => {
        expect(await totalsOf({ segments, ...filter })).toEqual(modelTotals(rows, segments, filter));
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  test('of any partition of a period add up to those of the period', async () => {
    const sumOf = async (segments: readonly Segment[]) =>
      (await ledger.totals({ segments })).reduce((sum, { quantity }) => sum + quantity, 0n);
    const period = { startMs: first + 7, endMs: first + days * dayMs - 13 };
    const wanted = await sumOf([{ span: period, bucket: 0 }]);
    expect(wanted).toBeGreaterThan(100_000n);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: period.startMs + 1, max: period.endMs - 1 }), { maxLength: 8 }),
        async (cuts) => {
          const borders = [period.startMs, ...new Set(cuts.toSorted((a, b) => a - b)), period.endMs];
          const segments = borders.slice(1).map((endMs, index) => ({
            span: { startMs: borders[index] ?? 0, endMs },
            bucket: index,
          }));
          expect(await sumOf(segments)).toBe(wanted);
        },
      ),
      { numRuns: 30, seed: 11 },
    );
  });

  test('up to a position and after it add up to all of it, also where windows are divided', async () => {
    const segments = [{ span: { startMs: first + 17, endMs: first + 2.4 * dayMs }, bucket: 0 }];
    const sumOf = async (query: object) =>
      (await ledger.totals({ segments, ...query })).reduce((sum, { quantity }) => sum + quantity, 0n);
    const all = await sumOf({});
    for (const position of [1n, 100n, 555n, BigInt(rows.length) - 3n]) {
      expect((await sumOf({ until: position })) + (await sumOf({ after: position }))).toBe(all);
    }
  });

  test('of a day come from its roll-up, and from rows where that has more than is asked for', async () => {
    const day = [{ span: { startMs: first, endMs: first + dayMs }, bucket: 0 }];
    const before = await totalsOf({ segments: day });
    await store.transaction(async (tx) => {
      await sql`update usage_day set quantity = quantity + 1000000`.execute(tx);
    });
    expect(await totalsOf({ segments: day })).not.toEqual(before);
    expect(await totalsOf({ segments: day, until: 5n })).toEqual(modelTotals(rows, day, { until: 5n }));
    expect(await totalsOf({ segments: day, after: 1n })).toEqual(modelTotals(rows, day, { after: 1n }));
    await sql`truncate roll_up, usage_day`.execute(store.db);
    expect(await totalsOf({ segments: day })).toEqual(before);
  });

  test('a roll-up that has become stale is made again', async () => {
    const many = (quantity: bigint) =>
      Array.from({ length: 300 }, (_, index) => usage(`g${index}`, quantity, { cluster: 'north' }));
    const dayOf = (quantity: bigint) =>
      Array.from({ length: 24 }, (_, hour) => windowAt(first + hour * hourMs, many(quantity), { cluster: 'north' }));
    const rolled = async () =>
      (await sql<{ rows: string }>`select rows::text from roll_up where cluster = 'north'`.execute(store.db)).rows;
    await ledger.record(dayOf(1n));
    expect(await rolled()).toEqual([{ rows: '7200' }]);
    await ledger.record(dayOf(2n).slice(0, 3));
    expect(await rolled()).toEqual([{ rows: '7200' }]);
    await ledger.record(dayOf(3n).slice(3));
    expect(await rolled()).toEqual([{ rows: '14400' }]);
    const segments = [{ span: { startMs: first, endMs: first + dayMs }, bucket: 3 }];
    const found = await ledger.totals({ segments, clusters: ['north'] });
    expect(found).toHaveLength(300);
    expect(new Set(found.map(({ quantity }) => quantity))).toEqual(new Set([3n * 2n + 21n * 3n]));
  });

  test('segments that overlap are refused, empty ones are left out', async () => {
    const span = { startMs: first, endMs: first + 10 };
    await expect(
      ledger.totals({
        segments: [
          { span, bucket: 0 },
          { span: { startMs: first + 9, endMs: first + 20 }, bucket: 1 },
        ],
      }),
    ).rejects.toThrow('the segments 2026-11-01T00:00:00.000Z to 2026-11-01T00:00:00.010Z and');
    expect(await ledger.totals({ segments: [{ span: { startMs: 5, endMs: 5 }, bucket: 0 }] })).toEqual([]);
    expect(await ledger.totals({ segments: [] })).toEqual([]);
  });
});

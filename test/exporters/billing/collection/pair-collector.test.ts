import { sql } from 'kysely';
import { defaultCollection } from '../../../../exporters/billing/collection/collection-settings.ts';
import { createPairCollector, type PairCollector } from '../../../../exporters/billing/collection/pair-collector.ts';
import { createRecheckBook } from '../../../../exporters/billing/collection/recheck-book.ts';
import { createLedger, type StoredLedger } from '../../../../exporters/billing/ledger/create-ledger.ts';
import type { BillingTables } from '../../../../exporters/billing/ledger/tables.ts';
import type { Span } from '../../../../exporters/billing/span.ts';
import type { Store } from '../../../../kit/store/store.ts';
import { at, hourMs, openBillingStore } from '../../../support/billing-ledger.ts';
import { type FakeSource, fakeSource, gappy, held } from '../../../support/billing-source.ts';
import { type TestClock, testClock } from '../../../support/cmdb-store.ts';
import { createStoreBench, engines, quietLog } from '../../../support/stores.ts';

const bench = createStoreBench();
afterAll(() => bench.stop());

const start = at('2026-11-10T00:00:00Z');
const ever = { startMs: 0, endMs: at('2200-01-01T00:00:00Z') };
const hour = (index: number): number => start + index * hourMs;
const minutes = (count: number): number => count * 60;

describe.each(engines)('metering of one meter of a cluster on %s', (kind) => {
  let store: Store<BillingTables>;
  let ledger: StoredLedger;
  let clock: TestClock;
  let source: FakeSource;
  let cluster = 0;
  const never = new AbortController().signal;

  beforeAll(async () => {
    store = await openBillingStore(bench, kind);
  });

  beforeEach(async () => {
    cluster++;
    clock = testClock(start / 1000);
    source = fakeSource();
    ledger = await createLedger({ store, clock });
  });

  const pair = () => ({ cluster: `c${cluster}`, meter: 'gpu_time' });

  function open(
    more: { settings?: object; cuts?: (span: Span) => readonly number[]; earliest?: number } = {},
  ): PairCollector {
    return createPairCollector(pair(), {
      read: (request) => source.read(request),
      ledger,
      book: createRecheckBook(store.db),
      cuts: () => more.cuts ?? (() => []),
      earliest: async () => more.earliest,
      clock,
      log: quietLog,
      settings: { ...defaultCollection, startMs: start, ...more.settings },
    });
  }

  async function untilIdle(collector: Pick<PairCollector, 'turn' | 'isReady'>): Promise<void> {
    for (let turns = 0; turns < 200; turns++) {
      if (!collector.isReady() || !(await collector.turn(never))) return;
    }
    throw new Error('it always has more to do');
  }

  const windows = async () =>
    (await ledger.windows({ ...pair(), span: ever })).map(({ span, revision }) => [
      (span.startMs - start) / hourMs,
      (span.endMs - start) / hourMs,
      revision,
    ]);
  const watermark = async () => {
    const found = await ledger.begun(pair());
    return found === undefined ? undefined : (found.untilMs - start) / hourMs;
  };
  const sum = async () =>
    (await ledger.totals({ segments: [{ span: ever, bucket: 0 }], clusters: [pair().cluster] })).find(
      ({ resource }) => resource === 'a',
    )?.quantity;

  test('a window is metered once it is over and its delay has passed', async () => {
    const collector = open();
    clock.advance(minutes(69));
    await untilIdle(collector);
    expect(await windows()).toEqual([]);
    expect(await watermark()).toBe(0);
    clock.advance(minutes(1));
    await untilIdle(collector);
    expect(await windows()).toEqual([[0, 1, 0]]);
    expect(await watermark()).toBe(1);
    await untilIdle(collector);
    expect(source.asked).toEqual([hour(0)]);
    expect(collector.status()).toMatchObject({
      pendingWindows: 0,
      recorded: { first: 1, later: 0 },
      trouble: undefined,
    });
  });

  test('what was missed is made up, some windows at a time, in the order of time', async () => {
    clock.advance(minutes(60 * 15));
    await untilIdle(open());
    expect(await watermark()).toBe(14);
    expect(source.asked).toEqual(Array.from({ length: 14 }, (_, index) => hour(index)));
  });

  test('windows are cut where prices change, also the one that is not over', async () => {
    const cut = hour(1) + 20 * 60_000;
    const collector = open({ cuts: ({ startMs, endMs }) => [cut].filter((each) => each > startMs && each < endMs) });
    clock.advance(minutes(60 + 30));
    await untilIdle(collector);
    expect(await windows()).toEqual([
      [0, 1, 0],
      [1, 1 + 1 / 3, 0],
    ]);
    clock.advance(minutes(40));
    await untilIdle(collector);
    expect(await windows()).toHaveLength(3);
    expect(await sum()).toBe(BigInt(2 * hourMs));
  });

  test('a held window holds the watermark and nothing else, until its data is there', async () => {
    source.coverage.set(hour(1), held);
    const collector = open();
    clock.advance(minutes(4 * 60 + 10));
    await untilIdle(collector);
    expect(await windows()).toEqual([
      [0, 1, 0],
      [2, 3, 0],
      [3, 4, 0],
    ]);
    expect(await watermark()).toBe(1);
    expect(collector.status()).toMatchObject({
      pendingWindows: 1,
      trouble: undefined,
      waiting: [
        { kind: 'held', span: { startMs: hour(1) }, reason: '10 of 120 scrapes were seen, 3000 s are missing' },
      ],
    });
    const asked = source.asked.length;
    clock.advance(minutes(4));
    await untilIdle(collector);
    expect(source.asked).toHaveLength(asked);
    source.coverage.delete(hour(1));
    clock.advance(minutes(2));
    await untilIdle(collector);
    expect(await watermark()).toBe(4);
    expect(collector.status()).toMatchObject({ pendingWindows: 0, waiting: [] });
  });

  test('a held window of which the source waits no longer is recorded as the source says', async () => {
    source.coverage.set(hour(0), held);
    const collector = open();
    clock.advance(minutes(70));
    await untilIdle(collector);
    source.coverage.set(hour(0), { ...held, isHeld: false });
    clock.advance(minutes(40));
    await untilIdle(collector);
    expect(await ledger.windows({ ...pair(), span: ever })).toMatchObject([
      { coverage: { seenScrapes: 10, isHeld: false } },
    ]);
    expect(await watermark()).toBe(1);
  });

  test('after a restart held windows are found again', async () => {
    source.coverage.set(hour(0), held);
    clock.advance(minutes(130));
    await untilIdle(open());
    const again = open();
    await untilIdle(again);
    expect(again.status().waiting).toMatchObject([{ kind: 'held', span: { startMs: hour(0) } }]);
    expect(await windows()).toEqual([[1, 2, 0]]);
  });

  test('a source that is down is asked less and less often, says why, and loses nothing', async () => {
    source.down = 'connection refused';
    const collector = open();
    clock.advance(minutes(3 * 60 + 10));
    await untilIdle(collector);
    expect(collector.status()).toMatchObject({ trouble: 'connection refused', pendingWindows: 3 });
    expect(collector.isReady()).toBe(false);
    const asks: number[] = [];
    for (let minute = 0; minute < 120; minute++) {
      clock.advance(60);
      const before = source.asked.length;
      await untilIdle(collector);
      asks.push(source.asked.length - before);
    }
    expect(asks.slice(0, 10).filter((count) => count > 0).length).toBeGreaterThan(2);
    expect(asks.slice(60).reduce((total, count) => total + count, 0)).toBeLessThan(60);
    expect(await watermark()).toBe(0);
    source.down = undefined;
    for (let minute = 0; minute < 45; minute++) {
      clock.advance(60);
      await untilIdle(collector);
    }
    expect(await watermark()).toBe(5);
    expect(collector.status()).toMatchObject({ trouble: undefined, waiting: [] });
  });

  test('a window that can never be metered is shown and blocks no other', async () => {
    source.broken.add(hour(2));
    const collector = open();
    clock.advance(minutes(8 * 60 + 10));
    await untilIdle(collector);
    expect(await watermark()).toBe(2);
    expect((await windows()).map(([from]) => from)).toEqual([0, 1, 3, 4, 5, 6, 7]);
    expect(collector.status()).toMatchObject({
      pendingWindows: 1,
      waiting: [
        { kind: 'failed', attempts: 1, reason: `cannot read ${hour(2)}`, span: { startMs: hour(2), endMs: hour(3) } },
      ],
      trouble: `cannot read ${hour(2)}`,
    });
    clock.advance(minutes(60));
    await untilIdle(collector);
    expect((await windows()).map(([from]) => from)).toContain(8);
    expect(collector.status().waiting).toMatchObject([{ attempts: 2 }]);
    source.broken.clear();
    clock.advance(minutes(30));
    await untilIdle(collector);
    expect(await watermark()).toBe(9);
    expect(collector.status()).toMatchObject({ trouble: undefined, waiting: [] });
  });

  test('a window with an absurd quantity blocks no other either, and its error names the key', async () => {
    source.more.set(hour(1), -(10n ** 9n));
    const collector = open();
    clock.advance(minutes(3 * 60 + 10));
    await untilIdle(collector);
    expect((await windows()).map(([from]) => from)).toEqual([0, 2]);
    expect(collector.status().trouble).toMatch(/gpu_time a used .* has the negative quantity -996400000/);
  });

  test('a source that answers for other windows than it was asked for is not believed', async () => {
    const { read } = source;
    const shifted = createPairCollector(pair(), {
      read: async (request) =>
        (await read(request)).map((window) => ({ ...window, span: { startMs: 0, endMs: hourMs } })),
      ledger,
      book: createRecheckBook(store.db),
      cuts: () => () => [],
      earliest: async () => undefined,
      clock,
      log: quietLog,
      settings: { ...defaultCollection, startMs: start },
    });
    clock.advance(minutes(70));
    await untilIdle(shifted);
    expect(await windows()).toEqual([]);
    expect(shifted.status().trouble).toContain('the source gave no window of gpu_time');
  });

  test('a source that never answers is left after its deadline', async () => {
    const slow = createPairCollector(pair(), {
      read: () => new Promise(() => undefined),
      ledger,
      book: createRecheckBook(store.db),
      cuts: () => () => [],
      earliest: async () => undefined,
      clock,
      log: quietLog,
      settings: { ...defaultCollection, startMs: start, readDeadlineMs: 30 },
    });
    clock.advance(minutes(70));
    expect(await slow.turn(never)).toBe(false);
    expect(slow.status().trouble).toBe('no answer within 0 s');
    const stop = new AbortController();
    const stopped = createPairCollector(pair(), {
      read: () => new Promise(() => undefined),
      ledger,
      book: createRecheckBook(store.db),
      cuts: () => () => [],
      earliest: async () => undefined,
      clock,
      log: quietLog,
      settings: { ...defaultCollection, startMs: start },
    }).turn(stop.signal);
    stop.abort();
    await expect(stopped).rejects.toThrow('aborted');
  });

  describe('late data', () => {
    test('of a Prometheus that is filled up after two hours becomes revisions by itself', async () => {
      const collector = open();
      source.coverage.set(hour(1), gappy);
      source.coverage.set(hour(2), gappy);
      source.more.set(hour(1), -1_800_000n);
      source.more.set(hour(2), -1_800_000n);
      clock.advance(minutes(4 * 60 + 10));
      await untilIdle(collector);
      const before = await ledger.position();
      expect(await sum()).toBe(BigInt(4 * hourMs) - 3_600_000n);
      source.coverage.clear();
      source.more.clear();
      // Their ages were 70 and 130 minutes.
      clock.advance(minutes(71));
      await untilIdle(collector);
      expect((await windows()).map(([, , revision]) => revision)).toEqual([0, 0, 1, 0, 0]);
      clock.advance(minutes(60));
      await untilIdle(collector);
      expect((await windows()).map(([, , revision]) => revision)).toEqual([0, 1, 1, 0, 0, 0]);
      expect(await sum()).toBe(BigInt(6 * hourMs));
      const late = await ledger.entries({ span: ever, clusters: [pair().cluster], after: before, limit: 100 });
      expect(late.filter(({ revision }) => revision === 1).map(({ quantity }) => quantity)).toEqual([
        1_800_000n,
        1_800_000n,
      ]);
      expect(collector.status().recorded).toEqual({ first: 6, later: 2 });
    });

    test('that leaves no gap is found by the last recheck of each window', async () => {
      const collector = open();
      clock.advance(minutes(2 * 60 + 10));
      await untilIdle(collector);
      source.more.set(hour(0), 5n);
      source.more.set(hour(1), 7n);
      source.asked.length = 0;
      clock.advance(minutes(24 * 60));
      await untilIdle(collector);
      expect(await sum()).toBe(BigInt(26 * hourMs));
      clock.advance(minutes(60));
      await untilIdle(collector);
      expect(await sum()).toBe(BigInt(27 * hourMs) + 5n);
      clock.advance(minutes(60));
      await untilIdle(collector);
      expect(await sum()).toBe(BigInt(28 * hourMs) + 12n);
      expect(source.asked.filter((each) => each === hour(0))).toHaveLength(1);
      expect(source.asked.filter((each) => each === hour(1))).toHaveLength(1);
      // Not again after a restart.
      const again = open();
      source.asked.length = 0;
      await untilIdle(again);
      expect(source.asked).toEqual([]);
    });

    test('that comes after that is left to a back-fill', async () => {
      const collector = open();
      clock.advance(minutes(70));
      await untilIdle(collector);
      clock.advance(minutes(40 * 60));
      await untilIdle(collector);
      source.more.set(hour(0), 5n);
      source.asked.length = 0;
      for (let times = 0; times < 12; times++) {
        clock.advance(minutes(10));
        await untilIdle(collector);
      }
      expect(source.asked).not.toContain(hour(0));
    });

    test('a source that has lost data takes nothing back', async () => {
      const collector = open();
      source.coverage.set(hour(0), gappy);
      clock.advance(minutes(70));
      await untilIdle(collector);
      source.coverage.set(hour(0), { ...gappy, seenScrapes: 20 });
      source.more.set(hour(0), -3_000_000n);
      clock.advance(minutes(70));
      await untilIdle(collector);
      expect(source.asked.filter((each) => each === hour(0))).toHaveLength(2);
      expect(await windows()).toEqual([
        [0, 1, 0],
        [1, 2, 0],
      ]);
      source.coverage.set(hour(0), held);
      clock.advance(minutes(90));
      await untilIdle(collector);
      expect(collector.status().keptWindows).toBe(2);
      expect(await sum()).toBe(BigInt(3 * hourMs));
    });

    test('is looked for less and less often', async () => {
      const collector = open();
      source.coverage.set(hour(0), gappy);
      for (let tens = 0; tens < 6 * 30; tens++) {
        clock.advance(minutes(10));
        await untilIdle(collector);
      }
      const asked = source.asked.filter((each) => each === hour(0)).length;
      expect([asked >= 5, asked <= 8]).toEqual([true, true]);
    });

    test('a recheck that fails is made later, and those before it are not made again', async () => {
      const collector = open();
      clock.advance(minutes(4 * 60 + 10));
      await untilIdle(collector);
      clock.advance(minutes(23 * 60));
      await untilIdle(collector);
      expect(source.asked.filter((each) => each === hour(0))).toHaveLength(2);
      source.broken.add(hour(1));
      clock.advance(minutes(60));
      source.asked.length = 0;
      await untilIdle(collector);
      expect(source.asked.filter((each) => each === hour(0))).toHaveLength(0);
      expect(collector.status().trouble).toBe(`cannot read ${hour(1)}`);
      source.broken.clear();
      source.more.set(hour(1), 3n);
      source.asked.length = 0;
      for (let times = 0; times < 10; times++) {
        clock.advance(minutes(6));
        await untilIdle(collector);
      }
      expect(source.asked.filter((each) => each === hour(1))).toHaveLength(1);
      expect((await windows()).filter(([, , revision]) => revision === 1)).toEqual([[1, 2, 1]]);
    });
  });

  test('a clock that jumps back meters nothing twice and moves no watermark', async () => {
    const collector = open();
    clock.advance(minutes(5 * 60 + 10));
    await untilIdle(collector);
    const position = await ledger.position();
    source.asked.length = 0;
    clock.advance(-minutes(3 * 60));
    await untilIdle(collector);
    await untilIdle(open());
    expect(await watermark()).toBe(5);
    expect(source.asked).toEqual([]);
    clock.advance(minutes(4 * 60));
    await untilIdle(collector);
    expect(await watermark()).toBe(6);
    expect(await ledger.position()).toBe(position + 2n);
  });

  describe('the first run begins', () => {
    test('with the month, in UTC', async () => {
      clock.advance(minutes(70));
      await untilIdle(open({ settings: { startMs: undefined }, earliest: at('2026-10-20T00:00:00Z') }));
      expect((await ledger.begun(pair()))?.fromMs).toBe(at('2026-11-01T00:00:00Z'));
      expect(await watermark()).toBe(1);
    });

    test('not before something was scraped, since all windows until then would be held', async () => {
      clock.advance(minutes(70));
      const collector = open({ settings: { startMs: undefined } });
      expect(await collector.turn(never)).toBe(false);
      expect(await ledger.begun(pair())).toBeUndefined();
      expect(collector.status().trouble).toBe(
        `no target of the cluster c${cluster} has been scraped yet; metering begins with its first scrape`,
      );
    });

    test('with the first data, if that is later', async () => {
      clock.advance(minutes(3 * 60 + 10));
      await untilIdle(open({ settings: { startMs: undefined }, earliest: hour(1) + 1234 }));
      expect((await ledger.begun(pair()))?.fromMs).toBe(hour(1));
      expect(await watermark()).toBe(3);
    });

    test('where the configuration says, and only once', async () => {
      clock.advance(minutes(3 * 60 + 10));
      await untilIdle(open({ settings: { startMs: hour(-10) + 5 } }));
      expect((await ledger.begun(pair()))?.fromMs).toBe(hour(-10));
      await untilIdle(open({ settings: { startMs: hour(-20) } }));
      expect((await ledger.begun(pair()))?.fromMs).toBe(hour(-10));
    });
  });

  test('other windows in the configuration go on where the old ones end', async () => {
    clock.advance(minutes(2 * 60 + 10));
    await untilIdle(open());
    clock.advance(minutes(30));
    await untilIdle(open({ settings: { windowMs: 15 * 60_000 } }));
    expect(await watermark()).toBe(2.5);
    clock.advance(minutes(40));
    await untilIdle(open());
    expect(await watermark()).toBe(3);
    expect(await sum()).toBe(BigInt(3 * hourMs));
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::int as count from metering where cluster = ${pair().cluster}`.execute(store.db);
    expect(rows).toEqual([{ count: 5 }]);
  });
});

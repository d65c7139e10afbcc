import { sql } from 'kysely';
import { type BackfillBook, createBackfillBook } from '../../../../exporters/billing/collection/backfill-book.ts';
import { type Backfills, createBackfills } from '../../../../exporters/billing/collection/backfills.ts';
import { defaultCollection } from '../../../../exporters/billing/collection/collection-settings.ts';
import { createLedger, type StoredLedger } from '../../../../exporters/billing/ledger/create-ledger.ts';
import type { BillingTables } from '../../../../exporters/billing/ledger/tables.ts';
import type { Store } from '../../../../kit/store/store.ts';
import { at, dayMs, hourMs, openBillingStore } from '../../../support/billing-ledger.ts';
import { type FakeSource, fakeSource, fakeWindow, gappy, held } from '../../../support/billing-source.ts';
import { type TestClock, testClock } from '../../../support/cmdb-store.ts';
import { createStoreBench, engines, quietLog } from '../../../support/stores.ts';

const bench = createStoreBench();
afterAll(() => bench.stop());

const now = at('2026-11-20T12:00:00Z');
const start = at('2025-12-31T00:00:00Z');
const hour = (index: number): number => start + index * hourMs;
const ever = { startMs: 0, endMs: at('2200-01-01T00:00:00Z') };

describe.each(engines)('a back-fill on %s', (kind) => {
  let store: Store<BillingTables>;
  let ledger: StoredLedger;
  let clock: TestClock;
  let source: FakeSource;
  let book: BackfillBook;
  let run = 0;
  const never = new AbortController().signal;

  beforeAll(async () => {
    store = await openBillingStore(bench, kind);
  });

  beforeEach(async () => {
    run++;
    await sql`truncate backfill`.execute(store.db);
    clock = testClock(now / 1000);
    source = fakeSource();
    ledger = await createLedger({ store, clock });
    book = createBackfillBook(store.db, clock.now);
  });

  const clusters = () => [`east${run}`, `west${run}`];
  const open = (settings = {}): Backfills =>
    createBackfills({
      read: (request) => source.read(request),
      ledger,
      book,
      pairs: async () => clusters().flatMap((cluster) => ['gpu_time', 'tokens'].map((meter) => ({ cluster, meter }))),
      cuts: () => () => [],
      clock,
      log: quietLog,
      settings: { ...defaultCollection, mostWindowsAtOnce: 6, ...settings },
    });
  const ask = (hours: number, more = {}) => ({
    span: { startMs: start, endMs: hour(hours) },
    clusters: [`east${run}`],
    meters: ['gpu_time'],
    by: 'ada',
    ...more,
  });

  async function untilDone(backfills: Backfills, id: string): Promise<void> {
    for (let steps = 0; steps < 500; steps++) {
      await backfills.step(never);
      clock.advance(1);
      if ((await book.find(id))?.state !== 'running') return;
    }
    throw new Error('it does not end');
  }

  const starts = async (cluster = `east${run}`, meter = 'gpu_time') =>
    (await ledger.windows({ span: ever, cluster, meter })).map(({ span }) => (span.startMs - start) / hourMs);

  test('meters all windows of a stretch, chunk by chunk, and tells how far it is', async () => {
    const backfills = open();
    const begun = await backfills.begin(ask(30));
    expect(begun).toMatchObject({
      state: 'running',
      windowsTotal: 30,
      windowsDone: 0,
      by: 'ada',
      startedAt: now / 1000,
    });
    expect(backfills.progress(begun).etaSeconds).toBeUndefined();
    await backfills.step(never);
    clock.advance(10);
    const [running] = await book.list();
    if (running === undefined) throw new Error('it is not listed');
    expect(running).toMatchObject({ windowsDone: 6, rowsAdded: 12 });
    expect(backfills.progress(running).etaSeconds).toBe(40);
    await untilDone(backfills, begun.id);
    expect(await book.find(begun.id)).toMatchObject({
      state: 'done',
      windowsDone: 30,
      windowsTotal: 30,
      rowsAdded: 60,
      error: '',
      endedAt: expect.any(Number),
    });
    expect(await starts()).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect(await backfills.step(never)).toBe(false);
  });

  test('of all meters and clusters, two at a time', async () => {
    let most = 0;
    let current = 0;
    const { read } = source;
    source.read = async (request) => {
      current++;
      most = Math.max(most, current);
      await new Promise((resolve) => setTimeout(resolve, 3));
      current--;
      return read(request);
    };
    const backfills = open({ backfillConcurrency: 2 });
    const { id, windowsTotal } = await backfills.begin(ask(10, { clusters: [], meters: [] }));
    expect(windowsTotal).toBe(40);
    await untilDone(backfills, id);
    expect(most).toBe(2);
    for (const cluster of clusters()) expect(await starts(cluster, 'tokens')).toHaveLength(10);
  });

  test('goes on after a restart where it was, and not with what is done', async () => {
    const first = open();
    const { id } = await first.begin(ask(48));
    for (let steps = 0; steps < 3; steps++) await first.step(never);
    source.asked.length = 0;
    await untilDone(open(), id);
    expect(Math.min(...source.asked)).toBe(hour(18));
    expect(source.asked).toHaveLength(30);
    expect(await starts()).toHaveLength(48);
  });

  test('a chunk that was recorded before the process ended, but not noted, adds nothing the second time', async () => {
    const { id } = await open().begin(ask(6));
    const windows = Array.from({ length: 6 }, (_, index) =>
      fakeWindow({ cluster: `east${run}`, meter: 'gpu_time', span: { startMs: hour(index), endMs: hour(index + 1) } }),
    );
    await ledger.record(windows);
    const position = await ledger.position();
    await untilDone(open(), id);
    expect(await ledger.position()).toBe(position);
    expect(await book.find(id)).toMatchObject({ state: 'done', rowsAdded: 0, windowsDone: 6 });
  });

  test('of what is recorded already keeps to its windows and adds what has changed', async () => {
    const cluster = `east${run}`;
    const half = { startMs: hour(2), endMs: hour(2) + 1_800_000 };
    await ledger.record([
      fakeWindow({ cluster, meter: 'gpu_time', span: half }),
      fakeWindow({ cluster, meter: 'gpu_time', span: { startMs: hour(5), endMs: hour(6) } }),
    ]);
    source.more.set(hour(5), 11n);
    const backfills = open();
    const { id } = await backfills.begin(ask(8));
    await untilDone(backfills, id);
    expect(await starts()).toEqual([0, 1, 2, 2.5, 3, 4, 5, 6, 7]);
    expect(await book.find(id)).toMatchObject({ windowsDone: 9, windowsTotal: 9 });
    const totals = await ledger.totals({ segments: [{ span: ever, bucket: 0 }], clusters: [cluster] });
    expect(totals.find(({ resource }) => resource === 'a')?.quantity).toBe(BigInt(8 * hourMs) + 11n);
  });

  test('takes nothing back where the source has lost data since', async () => {
    const cluster = `east${run}`;
    await ledger.record([fakeWindow({ cluster, meter: 'gpu_time', span: { startMs: hour(0), endMs: hour(1) } })]);
    source.coverage.set(hour(0), gappy);
    source.more.set(hour(0), -1000n);
    const backfills = open();
    const { id } = await backfills.begin(ask(1));
    await untilDone(backfills, id);
    const totals = await ledger.totals({ segments: [{ span: ever, bucket: 0 }], clusters: [cluster] });
    expect(totals.find(({ resource }) => resource === 'a')?.quantity).toBe(BigInt(hourMs));
  });

  test('counts windows that still wait, and those that cannot be metered, and says which', async () => {
    source.coverage.set(hour(1), held);
    source.broken.add(hour(2));
    source.broken.add(hour(3));
    const backfills = open();
    const { id } = await backfills.begin(ask(12));
    await untilDone(backfills, id);
    expect(await book.find(id)).toMatchObject({
      state: 'done',
      windowsDone: 12,
      windowsHeld: 1,
      windowsFailed: 2,
      problems: [
        `gpu_time in east${run} from 2025-12-31T02:00:00.000Z to 2025-12-31T03:00:00.000Z: cannot read ${hour(2)}`,
        `gpu_time in east${run} from 2025-12-31T03:00:00.000Z to 2025-12-31T04:00:00.000Z: cannot read ${hour(3)}`,
      ],
    });
    expect(await starts()).toEqual([0, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('waits for a source that is down, and skips nothing', async () => {
    const backfills = open();
    const { id } = await backfills.begin(ask(12));
    source.down = 'connection refused';
    const before = clock.now();
    for (let steps = 0; steps < 6; steps++) {
      await backfills.step(never);
      clock.advance(60);
    }
    expect(clock.now() - before).toBe(360);
    expect(await book.find(id)).toMatchObject({ state: 'running', windowsDone: 0, error: 'connection refused' });
    const asked = source.asked.length;
    await backfills.step(never);
    await backfills.step(never);
    expect(source.asked.length - asked).toBeLessThan(20);
    source.down = undefined;
    clock.advance(700);
    await untilDone(backfills, id);
    expect(await book.find(id)).toMatchObject({ state: 'done', windowsDone: 12, windowsFailed: 0, error: '' });
  });

  test('that is cancelled stays as far as it was', async () => {
    const backfills = open();
    const { id } = await backfills.begin(ask(48));
    await backfills.step(never);
    const { read } = source;
    source.read = async (request) => {
      await book.end(id, 'cancelled');
      return read(request);
    };
    await backfills.step(never);
    expect(await book.find(id)).toMatchObject({ state: 'cancelled', windowsDone: 6 });
    expect(await starts()).toHaveLength(12);
    expect(await backfills.step(never)).toBe(false);
    await book.end(id, 'done');
    expect(await book.find(id)).toMatchObject({ state: 'cancelled' });
  });

  test('several wait for each other', async () => {
    const backfills = open();
    const first = await backfills.begin(ask(6));
    const second = await backfills.begin(ask(6, { meters: ['tokens'] }));
    await backfills.step(never);
    expect((await book.list()).map(({ id, windowsDone }) => [id, windowsDone])).toEqual([
      [second.id, 0],
      [first.id, 6],
    ]);
    await untilDone(backfills, second.id);
    expect(await book.find(first.id)).toMatchObject({ state: 'done' });
  });

  test('grows to whole windows, and ends where windows are not over', async () => {
    const backfills = open();
    const some = await backfills.begin(ask(1, { span: { startMs: hour(0) + 1, endMs: hour(2) + 1 } }));
    expect(some.span).toEqual({ startMs: hour(0), endMs: hour(3) });
    const recent = await backfills.begin(ask(1, { span: { startMs: now - dayMs, endMs: now } }));
    expect(recent.span).toEqual({ startMs: now - dayMs, endMs: now - hourMs });
  });

  test.each([
    [
      'nothing that is over',
      { span: { startMs: now, endMs: now + dayMs } },
      'there is no window between 2026-11-20T12:00',
    ],
    ['a span that is turned round', { span: { startMs: now - hourMs, endMs: now - dayMs } }, 'there is no window'],
    ['an unknown cluster', { clusters: ['nowhere'] }, 'no source meters any of these in any of these clusters'],
    ['an unknown meter', { meters: ['watts'] }, 'no source meters any of these'],
    ['a century', { span: { startMs: 0, endMs: now } }, '20 years at most'],
  ])('of %s is refused', async (_what, more, message) => {
    await expect(open().begin(ask(1, more))).rejects.toThrow(message);
    expect(await book.list()).toEqual([]);
  });

  test('an id that is none is not found', async () => {
    expect(await book.find('1; drop table')).toBeUndefined();
    expect(await book.find('999')).toBeUndefined();
  });
});

import { sql } from 'kysely';
import {
  type Collection,
  type CollectionConfig,
  createCollection,
} from '../../../../exporters/billing/collection/collection.ts';
import { defaultCollection } from '../../../../exporters/billing/collection/collection-settings.ts';
import { createLedger } from '../../../../exporters/billing/ledger/create-ledger.ts';
import { type BillingTables, billingSchema } from '../../../../exporters/billing/ledger/tables.ts';
import type { Clock } from '../../../../kit/clock.ts';
import { systemClock } from '../../../../kit/clock.ts';
import { createLeadership, type Leadership } from '../../../../kit/store/leadership.ts';
import type { Store } from '../../../../kit/store/store.ts';
import { at, emptyBilling, hourMs, openBillingStore } from '../../../support/billing-ledger.ts';
import { type FakeSource, fakeSource } from '../../../support/billing-source.ts';
import { eventually } from '../../../support/eventually.ts';
import { createStoreBench, engines, quietLog } from '../../../support/stores.ts';

const bench = createStoreBench();
const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(() => bench.stop());

const start = at('2026-11-10T00:00:00Z');
const now = start + 40 * hourMs + 600_000;
const clock: Clock = { now: () => now / 1000, monotonic: systemClock.monotonic };
const ever = { startMs: 0, endMs: at('2200-01-01T00:00:00Z') };

/** A process that meters, as the daemon puts it together. */
interface Process {
  readonly collection: Collection;
  readonly leadership: Leadership;
  readonly source: FakeSource;
  readonly store: Store<BillingTables>;
  readonly config: CollectionConfig;
}

const pairsOf = (...clusters: string[]) => clusters.map((cluster) => ({ cluster, meter: 'gpu_time' }));

async function startProcess(store: Store<BillingTables>, more: Partial<CollectionConfig> = {}): Promise<Process> {
  const source = fakeSource();
  const leadership = createLeadership({
    database: store.database,
    schema: billingSchema,
    name: 'metering',
    log: quietLog,
    everyMs: 50,
  });
  const ledger = await createLedger({ store, clock, fence: leadership.fence });
  const config: CollectionConfig = {
    read: (request) => source.read(request),
    pairs: async () => pairsOf('east'),
    earliest: async () => start,
    cuts: () => [],
    settings: { ...defaultCollection, startMs: start, everyMs: 10, recheckMs: 0 },
    ...more,
  };
  const collection = createCollection(config, { ledger, db: store.db, clock, log: quietLog });
  leadership.start((leading) => collection.lead(leading));
  running.push({ stop: leadership.stop });
  return { collection, leadership, source, store, config };
}

const untilOf = async (store: Store<BillingTables>, cluster: string) => {
  const ledger = await createLedger({ store, clock });
  return (await ledger.watermarks()).find((each) => each.cluster === cluster)?.untilMs;
};
const allOver = start + 40 * hourMs;

const reached = (store: Store<BillingTables>, cluster: string, until = allOver) =>
  eventually(
    `the watermark of ${cluster}`,
    async () => ((await untilOf(store, cluster)) === until ? true : undefined),
    {
      withinSeconds: 30,
    },
  );

describe.each(engines)('a process on %s', (kind) => {
  let store: Store<BillingTables>;

  beforeAll(async () => {
    store = await openBillingStore(bench, kind);
  });

  beforeEach(async () => {
    await emptyBilling(store);
  });

  test('meters all there is, a slow source keeps no other waiting, and it stops at once', async () => {
    const asked: string[] = [];
    const { collection, leadership, source } = await startProcess(store, {
      pairs: async () => pairsOf('slow', 'east', 'west', 'north', 'south'),
      settings: { ...defaultCollection, startMs: start, everyMs: 10, recheckMs: 0, concurrency: 2 },
      read: async (request) => {
        asked.push(request.cluster);
        if (request.cluster === 'slow') return new Promise(() => undefined);
        return source.read(request);
      },
    });
    for (const cluster of ['east', 'west', 'north', 'south']) await reached(store, cluster);
    expect(asked.filter((cluster) => cluster === 'slow')).toHaveLength(1);
    expect(await untilOf(store, 'slow')).toBe(start);
    expect(collection.status().map(({ cluster }) => cluster)).toEqual(['slow', 'east', 'west', 'north', 'south']);
    await leadership.stop();
    expect(collection.status()).toEqual([]);
  });

  test('does a back-fill beside it, and one that is cancelled ends', async () => {
    const { collection } = await startProcess(store);
    const span = { startMs: start - 30 * hourMs, endMs: start };
    const { id } = await collection.backfill({ span, clusters: [], meters: [], by: 'ada' });
    await reached(store, 'east');
    await eventually('the back-fill', async () => {
      const [only] = await collection.backfills();
      return only?.state === 'done' ? only : undefined;
    });
    const ledger = await createLedger({ store, clock });
    expect(await ledger.watermarks()).toMatchObject([{ fromMs: span.startMs, untilMs: allOver }]);
    const long = await collection.backfill({
      span: { startMs: start - 9000 * hourMs, endMs: start - 40 * hourMs },
      clusters: [],
      meters: [],
      by: 'ada',
    });
    expect(await collection.cancel(long.id)).toMatchObject({ state: 'cancelled', endedAt: expect.any(Number) });
    expect(await collection.cancel('4711')).toBeUndefined();
    expect((await collection.backfills()).map((each) => [each.id, each.state])).toEqual([
      [long.id, 'cancelled'],
      [id, 'done'],
    ]);
  });

  test('that does not know its clusters says why, and goes on when it does', async () => {
    let isDown = true;
    const process = await startProcess(store, {
      pairs: async () => {
        if (isDown) throw new Error('connection refused');
        return pairsOf('east');
      },
    });
    await eventually('the reason', () => process.collection.trouble());
    expect(process.collection.trouble()).toBe('connection refused');
    await expect(
      process.collection.backfill({ span: { startMs: start, endMs: now }, clusters: [], meters: [], by: 'ada' }),
    ).rejects.toThrow('connection refused');
    isDown = false;
    // A reload asks at once.
    process.collection.configure(process.config);
    await reached(store, 'east');
    expect(process.collection.trouble()).toBeUndefined();
  });

  test('takes other settings when they change', async () => {
    const process = await startProcess(store);
    await reached(store, 'east');
    const later = fakeSource();
    process.collection.configure({ ...process.config, read: later.read, pairs: async () => pairsOf('west') });
    await reached(store, 'west');
    expect(process.collection.status().map(({ cluster }) => cluster)).toEqual(['west']);
    expect(process.source.asked.length).toBe(40);
    expect(later.asked.length).toBe(40);
  });
});

describe('two processes on one server', () => {
  test('never meter the same twice, and the second goes on where the first ends', async () => {
    const place = await bench.place('postgresql');
    const stores = [
      await openBillingStore(bench, 'postgresql', place),
      await openBillingStore(bench, 'postgresql', place),
    ];
    const slowly =
      (source: () => FakeSource | undefined): CollectionConfig['read'] =>
      async (request) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return source()?.read(request) ?? [];
      };
    const [firstStore, secondStore] = stores;
    if (firstStore === undefined || secondStore === undefined) throw new Error('no stores');
    const processes: Process[] = [];
    const settings = { ...defaultCollection, startMs: start, everyMs: 10, recheckMs: 0, windowsAtOnce: 2 };
    processes.push(await startProcess(firstStore, { read: slowly(() => processes[0]?.source), settings }));
    await eventually('the first to lead', () => processes[0]?.leadership.isLeader() || undefined);
    processes.push(await startProcess(secondStore, { read: slowly(() => processes[1]?.source), settings }));
    const [first, second] = processes;
    if (first === undefined || second === undefined) throw new Error('no processes');
    await eventually('some windows', () => (first.source.asked.length > 8 ? true : undefined));
    expect(second.source.asked).toEqual([]);
    // Any process takes the order; the one that leads carries it out.
    await second.collection.backfill({
      span: { startMs: start - 10 * hourMs, endMs: start },
      clusters: [],
      meters: [],
      by: 'ada',
    });
    await first.leadership.stop();
    await reached(secondStore, 'east');
    await eventually('the back-fill', async () =>
      (await second.collection.backfills())[0]?.state === 'done' ? true : undefined,
    );
    expect(second.leadership.isLeader()).toBe(true);
    const ledger = await createLedger({ store: secondStore, clock });
    const windows = await ledger.windows({ span: ever });
    expect(windows).toHaveLength(50);
    expect(windows.every(({ revision }) => revision === 0)).toBe(true);
    expect(await ledger.position()).toBe(100n);
  });

  test('a process that was replaced while it read writes nothing', async () => {
    const place = await bench.place('postgresql');
    const store = await openBillingStore(bench, 'postgresql', place);
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const process = await startProcess(store, {
      read: async (request) => {
        answer();
        await released;
        return fakeSource().read(request);
      },
    });
    await asked;
    // Another leader begins its term, as after a loss of the first one's connection that it has not noticed.
    const other = await openBillingStore(bench, 'postgresql', place);
    await sql`update fleetlens_leadership set term = term + 1 where job = 'metering'`.execute(other.db);
    release();
    await eventually('the failure', () => process.collection.status()[0]?.trouble);
    expect(process.collection.status()[0]?.trouble).toContain('another process does the job metering now');
    const ledger = await createLedger({ store: other, clock });
    expect(await ledger.position()).toBe(0n);
  });
});

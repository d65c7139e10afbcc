import { sql } from 'kysely';
import { createLedger, type StoredLedger } from '../../../../exporters/billing/ledger/create-ledger.ts';
import type { BillingTables } from '../../../../exporters/billing/ledger/tables.ts';
import type { MeteredWindow } from '../../../../exporters/billing/usage.ts';
import type { Store } from '../../../../kit/store/store.ts';
import {
  at,
  dayMs,
  emptyBilling,
  fullCoverage,
  hourMs,
  openBillingStore,
  usage,
  windowAt,
} from '../../../support/billing-ledger.ts';
import { testClock } from '../../../support/cmdb-store.ts';
import { createStoreBench, engines } from '../../../support/stores.ts';

const bench = createStoreBench();
afterAll(() => bench.stop());

const start = at('2026-10-31T22:00:00Z');
const ever = { startMs: 0, endMs: at('2200-01-01T00:00:00Z') };
const whole = [{ span: ever, bucket: 0 }];

describe.each(engines)('the ledger on %s', (kind) => {
  let store: Store<BillingTables>;
  let ledger: StoredLedger;
  const clock = testClock();

  beforeAll(async () => {
    store = await openBillingStore(bench, kind);
  });

  beforeEach(async () => {
    await emptyBilling(store);
    ledger = await createLedger({ store, clock });
  });

  const quantities = async (query = {}) =>
    (await ledger.totals({ segments: whole, ...query })).map(({ resource, quantity }) => [resource, quantity]);
  const watermark = async () => {
    const [found] = await ledger.watermarks();
    return found === undefined ? undefined : [found.fromMs, found.untilMs];
  };

  test('gives back what was recorded, key and all', async () => {
    const odd = usage('GPU-ä"\\\',{}/7', 12_345_678_901_234_567_890n, {
      holder: { zeta: '1', alpha: '2', label_x: "o'Neil\n" },
      share: { num: 8, den: 56 },
      sku: '',
      reason: 'unassigned',
      state: 'idle',
    });
    await ledger.record([windowAt(start, [odd])]);
    const [total] = await ledger.totals({ segments: whole });
    expect(total).toEqual({ ...odd, share: { num: 1, den: 7 }, bucket: 0, isDivided: false });
    expect(Object.keys(total?.holder ?? {})).toEqual(['alpha', 'label_x', 'zeta']);
    const entries = await ledger.entries({ span: ever, limit: 10 });
    expect(entries).toEqual([
      {
        ...odd,
        share: { num: 1, den: 7 },
        position: 1n,
        span: { startMs: start, endMs: start + hourMs },
        revision: 0,
        recordedAt: clock.now(),
      },
    ]);
  });

  test('the same window again adds nothing and has the same hash, in whatever order it is told', async () => {
    const usages = [usage('a', 5n), usage('b', 7n), usage('b', 1n, { state: 'idle', holder: {} })];
    const [first] = await ledger.record([windowAt(start, usages)]);
    const again = await createLedger({ store, clock });
    const reordered = usages.toReversed().map((each) => ({
      ...each,
      holder: Object.fromEntries([...Object.entries(each.holder).toReversed(), ['user_id', '']]),
    }));
    for (let times = 0; times < 3; times++) {
      const [second] = await again.record([windowAt(start, reordered)]);
      expect(second).toEqual({ ...first, rows: 0 });
    }
    expect(first).toMatchObject({ rows: 3, revision: 0, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await ledger.position()).toBe(3n);
    expect(await ledger.windows({ span: ever })).toHaveLength(1);
  });

  test('what was metered differently becomes signed rows of the next revision', async () => {
    await ledger.record([windowAt(start, [usage('a', 10n), usage('b', 7n)])]);
    const before = await ledger.position();
    const changed = windowAt(start, [usage('a', 4n), usage('c', 2n)]);
    const [second] = await ledger.record([changed]);
    expect(second).toMatchObject({ rows: 3, revision: 1 });
    expect(await quantities()).toEqual([
      ['a', 4n],
      ['c', 2n],
    ]);
    expect(await quantities({ until: before })).toEqual([
      ['a', 10n],
      ['b', 7n],
    ]);
    expect(await quantities({ after: before })).toEqual([
      ['a', -6n],
      ['b', -7n],
      ['c', 2n],
    ]);
    const back = await ledger.record([windowAt(start, [usage('a', 10n), usage('b', 7n)])]);
    expect(back).toMatchObject([{ rows: 3, revision: 2 }]);
    expect(await quantities()).toEqual([
      ['a', 10n],
      ['b', 7n],
    ]);
    expect(await ledger.windows({ span: ever })).toMatchObject([{ revision: 2, hash: back[0]?.hash }]);
    expect(await ledger.verify({ span: ever })).toEqual({ windows: 1, rows: 8, problems: [] });
  });

  test('a window that was seen better, with the same usages, is a revision without rows', async () => {
    await ledger.record([windowAt(start, [usage('a', 1n)], { coverage: { ...fullCoverage, seenScrapes: 100 } })]);
    const [second] = await ledger.record([windowAt(start, [usage('a', 1n)])]);
    expect(second).toMatchObject({ rows: 0, revision: 1 });
    const [third] = await ledger.record([windowAt(start, [usage('a', 1n)])]);
    expect(third).toMatchObject({ rows: 0, revision: 1 });
    expect(await ledger.windows({ span: ever })).toMatchObject([{ revision: 1, coverage: fullCoverage }]);
  });

  test('conservation, coverage and evidence are kept to the last digit', async () => {
    const conservation = {
      devices: 2,
      installedMs: 7_200_000,
      error: { num: 123_456_789_012_345_678_901n, den: 7n },
      worst: [{ resource: 'a', error: { num: -1n, den: 3n } }],
    };
    const gap = { span: { startMs: start, endMs: start + 5 }, where: 'n1:9400', policy: 'zero' } as const;
    const coverage = { expectedScrapes: 10, seenScrapes: 9, gaps: [gap], gapMs: 5, isHeld: false };
    const given = windowAt(start, [usage('a', 1n)], { conservation, coverage });
    await ledger.record([given]);
    const [found] = await ledger.windows({ span: ever, cluster: 'east', meter: 'gpu_time' });
    expect(found).toMatchObject({ conservation, coverage, evidence: given.evidence, recordedAt: clock.now() });
    expect(await ledger.record([given])).toMatchObject([{ rows: 0, revision: 0 }]);
    expect(await ledger.windows({ span: ever, cluster: 'west' })).toEqual([]);
    expect(await ledger.windows({ span: ever, meter: 'tokens' })).toEqual([]);
    expect(await ledger.windows({ span: { startMs: 0, endMs: start } })).toEqual([]);
    expect(await ledger.windows({ span: { startMs: start + hourMs, endMs: ever.endMs } })).toEqual([]);
  });

  test.each([
    [
      'a negative quantity',
      [usage('GPU-7', -1n)],
      'gpu_time GPU-7 used namespace=team-a pod=train-0 has the negative quantity -1',
    ],
    ['an absurd quantity', [usage('GPU-7', 10n ** 30n + 1n)], 'more than 10^30'],
    ['no whole number', [usage('GPU-7', Number.NaN as unknown as bigint)], 'has the quantity NaN'],
    [
      'the same key twice',
      [usage('GPU-7', 1n), usage('GPU-7', 2n)],
      'it has gpu_time GPU-7 used namespace=team-a pod=train-0 twice',
    ],
    ['a share above 1', [usage('GPU-7', 1n, { share: { num: 8, den: 7 } })], 'the share 8/7'],
    ['a share of nothing', [usage('GPU-7', 1n, { share: { num: 0, den: 7 } })], 'the share 0/7'],
    ['a usage of another meter', [usage('GPU-7', 1n, { meter: 'tokens' })], 'is of tokens in east'],
    ['a usage of another cluster', [usage('GPU-7', 1n, { cluster: 'west' })], 'is of gpu_time in west'],
  ])('refuses a window with %s, and all that came with it', async (_what, usages, message) => {
    const good = windowAt(start, [usage('a', 1n)]);
    await expect(ledger.record([good, windowAt(start + hourMs, usages)])).rejects.toThrow(message);
    await expect(ledger.record([windowAt(start, usages)])).rejects.toThrow(
      'the window of gpu_time in east from 2026-10-31T22:00:00.000Z to 2026-10-31T23:00:00.000Z is refused',
    );
    expect(await ledger.position()).toBe(0n);
    expect(await watermark()).toBeUndefined();
  });

  test('takes the largest quantity there may be, and sums of it', async () => {
    const most = 10n ** 30n;
    await ledger.record([windowAt(start, [usage('a', most)]), windowAt(start + hourMs, [usage('a', most)])]);
    expect(await quantities()).toEqual([['a', 2n * most]]);
    await ledger.record([windowAt(start, [])]);
    expect(await quantities()).toEqual([['a', most]]);
  });

  test('a holder with what no database takes is kept with a mark in its place', async () => {
    await ledger.record([windowAt(start, [usage('a\0b', 1n, { holder: { pod: 'x\ud800' } })])]);
    expect(await ledger.totals({ segments: whole })).toMatchObject([
      { resource: 'a\u{fffd}b', holder: { pod: 'x\u{fffd}' } },
    ]);
  });

  test.each([
    ['backwards', { startMs: start, endMs: start - 1 }, 'must begin before it ends'],
    ['of no length', { startMs: start, endMs: start }, 'must begin before it ends'],
    ['with a fraction', { startMs: start + 0.5, endMs: start + hourMs }, 'whole milliseconds'],
    ['of more than a day', { startMs: start, endMs: start + dayMs + 1 }, 'longer than a day'],
    ['before 1970', { startMs: -1, endMs: 5 }, 'whole milliseconds'],
  ])('refuses a window %s', async (_what, span, message) => {
    await expect(ledger.record([windowAt(start, [], { span })])).rejects.toThrow(message);
  });

  test('refuses windows that overlap with a recorded one, which would count twice', async () => {
    await ledger.record([windowAt(start, [usage('a', 1n)])]);
    for (const [from, to] of [
      [-30, 30],
      [0, 30],
      [0, 120],
      [30, 60],
      [10, 50],
      [-60, 120],
    ] as const) {
      const span = { startMs: start + from * 60_000, endMs: start + to * 60_000 };
      await expect(ledger.record([windowAt(0, [usage('a', 1n)], { span })])).rejects.toThrow(
        'overlaps with the recorded one from 2026-10-31T22:00:00.000Z to 2026-10-31T23:00:00.000Z',
      );
    }
    const other = usage('a', 1n, { cluster: 'west' });
    const span = { startMs: start + 5, endMs: start + 10 };
    await ledger.record([windowAt(0, [other], { span, cluster: 'west' })]);
    expect(await ledger.position()).toBe(2n);
  });

  test('refuses a held window', async () => {
    const coverage = { ...fullCoverage, isHeld: true };
    await expect(ledger.record([windowAt(start, [], { coverage })])).rejects.toThrow('is held: it waits for data');
  });

  test('the database itself refuses to change or delete rows, also in a part of the ledger', async () => {
    await ledger.record([windowAt(start, [usage('a', 1n)]), windowAt(at('2026-11-02T00:00:00Z'), [usage('a', 2n)])]);
    for (const statement of [
      'update usage set quantity = 5',
      'delete from usage',
      'truncate usage',
      'delete from usage_2026_10',
      'truncate usage_2026_11',
      "update metering set hash = ''",
      'delete from metering',
      'truncate metering',
      "update series set sku = 'H200'",
      'delete from series',
    ]) {
      await expect(sql.raw(statement).execute(store.db)).rejects.toThrow('the ledger is only ever added to');
    }
    await expect(
      sql
        .raw('insert into usage select position + 1, window_start, series, metering, revision, 1 from usage')
        .execute(store.db),
    ).rejects.toThrow('duplicate key');
    expect(await quantities()).toEqual([['a', 3n]]);
  });

  test('who changes a row in spite of it is found by the hash', async () => {
    await ledger.record([windowAt(start, [usage('a', 1n)]), windowAt(start + hourMs, [usage('a', 2n)])]);
    expect((await ledger.verify({ span: ever })).problems).toEqual([]);
    await sql`alter table usage disable trigger user`.execute(store.db);
    await sql`update usage set quantity = 3 where position = 2`.execute(store.db);
    expect((await ledger.verify({ span: ever })).problems).toEqual([
      'the rows of the window of gpu_time in east from 2026-10-31T23:00:00.000Z to 2026-11-01T00:00:00.000Z are not those that were recorded',
    ]);
  });

  test('lies in parts by the month in which windows begin, whenever that was', async () => {
    await ledger.record([
      windowAt(at('2026-10-31T23:00:00Z'), [usage('a', 1n)]),
      windowAt(at('2026-11-01T00:00:00Z'), [usage('a', 1n)]),
    ]);
    await ledger.record([windowAt(at('2019-02-28T23:00:00Z'), [usage('a', 1n)])]);
    const { rows } = await sql<{ part: string }>`select tableoid::regclass::text as part from usage order by 1`.execute(
      store.db,
    );
    expect(rows.map(({ part }) => part)).toEqual(['usage_2019_02', 'usage_2026_10', 'usage_2026_11']);
    expect(await quantities()).toEqual([['a', 3n]]);
  });

  describe('the watermark', () => {
    const hours = (...indexes: number[]): MeteredWindow[] =>
      indexes.map((index) => windowAt(start + index * hourMs, [usage('a', 1n)]));
    const stretch = (from: number, until: number) => [start + from * hourMs, start + until * hourMs];

    test('grows by windows that follow, and not past a hole', async () => {
      await ledger.record(hours(0, 1));
      expect(await watermark()).toEqual(stretch(0, 2));
      await ledger.record(hours(3, 4));
      expect(await watermark()).toEqual(stretch(0, 2));
      await ledger.record(hours(2));
      expect(await watermark()).toEqual(stretch(0, 5));
    });

    test('grows backwards when a back-fill reaches it', async () => {
      await ledger.record(hours(10));
      await ledger.record(hours(0, 1, 2));
      expect(await watermark()).toEqual(stretch(10, 11));
      await ledger.record(hours(9, 8, 7, 6, 5, 4, 3));
      expect(await watermark()).toEqual(stretch(0, 11));
    });

    test('changes only when it grows', async () => {
      await ledger.record(hours(0));
      const [before] = await ledger.watermarks();
      clock.advance(60);
      await ledger.record(hours(0));
      expect(await ledger.watermarks()).toEqual([before]);
      await ledger.record(hours(1));
      expect(await ledger.watermarks()).toEqual([{ ...before, untilMs: start + 2 * hourMs, changedAt: clock.now() }]);
    });

    test('is of one meter in one cluster', async () => {
      await ledger.record(hours(0, 1));
      await ledger.record([windowAt(start, [], { meter: 'tokens' }), windowAt(start, [], { cluster: 'west' })]);
      expect((await ledger.watermarks()).map(({ cluster, meter, untilMs }) => [cluster, meter, untilMs])).toEqual([
        ['east', 'gpu_time', start + 2 * hourMs],
        ['east', 'tokens', start + hourMs],
        ['west', 'gpu_time', start + hourMs],
      ]);
    });

    test('begins where it is said, whatever a back-fill has recorded before', async () => {
      await ledger.record(hours(0, 1));
      await ledger.begin({ cluster: 'east', meter: 'gpu_time', fromMs: start + 5 * hourMs });
      expect(await watermark()).toEqual(stretch(5, 5));
      await ledger.record(hours(5, 6));
      expect(await watermark()).toEqual(stretch(5, 7));
      await ledger.begin({ cluster: 'east', meter: 'gpu_time', fromMs: start + 9 * hourMs });
      expect(await watermark()).toEqual(stretch(5, 7));
      await ledger.record(hours(2, 3, 4));
      expect(await watermark()).toEqual(stretch(0, 7));
    });

    test('knows the stretches that are recorded', async () => {
      await ledger.record(hours(0, 1, 3, 4, 7));
      const filter = { span: ever, cluster: 'east', meter: 'gpu_time' };
      expect((await ledger.recordedSpans(filter)).map((span) => [span.startMs, span.endMs])).toEqual([
        stretch(0, 2),
        stretch(3, 5),
        stretch(7, 8),
      ]);
    });
  });

  test('rows are not taken from a process that does not lead any more', async () => {
    const replaced = await createLedger({
      store,
      clock,
      fence: () => Promise.reject(new Error('another process does the job')),
    });
    await expect(replaced.record([windowAt(start, [usage('a', 1n)])])).rejects.toThrow('another process does the job');
    expect(await ledger.position()).toBe(0n);
  });

  test('a number that was given in a transaction that failed is not used again', async () => {
    let fails = true;
    const flaky = await createLedger({
      store: {
        db: store.db,
        transaction: (work) =>
          store.transaction(async (tx) => {
            const result = await work(tx);
            if (fails) throw new Error('the commit failed');
            return result;
          }),
      },
      clock,
    });
    await expect(flaky.record([windowAt(start, [usage('a', 1n)])])).rejects.toThrow('the commit failed');
    fails = false;
    await flaky.record([windowAt(start, [usage('a', 1n), usage('b', 2n)])]);
    expect(await quantities()).toEqual([
      ['a', 1n],
      ['b', 2n],
    ]);
    expect((await ledger.verify({ span: ever })).problems).toEqual([]);
  });

  test('writers at once take turns: rows up to a position stay the same for ever', async () => {
    const writers = await Promise.all(Array.from({ length: 4 }, () => createLedger({ store, clock })));
    const seen: { position: bigint; sum: bigint }[] = [];
    let isOver = false;
    const sumUntil = async (until: bigint) =>
      (await ledger.totals({ segments: whole, until })).reduce((sum, { quantity }) => sum + quantity, 0n);
    const watch = (async () => {
      while (!isOver) {
        const position = await ledger.position();
        seen.push({ position, sum: await sumUntil(position) });
      }
    })();
    await Promise.all(
      writers.map(async (writer, index) => {
        for (let hour = 0; hour < 12; hour++) {
          const usages = Array.from({ length: 5 }, (_, gpu) =>
            usage(`gpu-${index}-${gpu}-${hour % 3}`, 1n, { cluster: `c${index}` }),
          );
          await writer.record([windowAt(start + hour * hourMs, usages, { cluster: `c${index}` })]);
        }
      }),
    );
    isOver = true;
    await watch;
    expect(seen).not.toEqual([]);
    for (const { position, sum } of seen) {
      expect(sum).toBe(position);
      expect(await sumUntil(position)).toBe(sum);
    }
    expect(await ledger.position()).toBe(240n);
    const { rows } = await sql<{ position: string }>`select position::text from usage order by usage.position`.execute(
      store.db,
    );
    expect(rows.map(({ position }) => Number(position))).toEqual(Array.from({ length: 240 }, (_, index) => index + 1));
  });

  test('is read row by row, page by page, and by what it is about', async () => {
    const windows = Array.from({ length: 6 }, (_, hour) =>
      windowAt(start + hour * hourMs, [usage('a', BigInt(hour + 1)), usage('b', 10n, { sku: 'A100' }), usage('c', 1n)]),
    );
    await ledger.record(windows);
    await ledger.record([windowAt(start, [usage('a', 100n)])]);
    const all = await ledger.entries({ span: ever, limit: 1000 });
    expect(all.map(({ position }) => position)).toEqual(Array.from({ length: 21 }, (_, index) => BigInt(index + 1)));
    const pages: bigint[] = [];
    for (let after = 0n; ; ) {
      const page = await ledger.entries({ span: ever, after, limit: 4 });
      pages.push(...page.map(({ position }) => position));
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.position;
    }
    expect(pages).toEqual(all.map(({ position }) => position));
    const ofA = await ledger.entries({ span: ever, resources: ['a'], limit: 5 });
    expect(ofA.map(({ quantity, revision }) => [quantity, revision])).toEqual([
      [1n, 0],
      [2n, 0],
      [3n, 0],
      [4n, 0],
      [5n, 0],
    ]);
    const more = await ledger.entries({ span: ever, resources: ['a'], after: ofA.at(-1)?.position ?? 0n, limit: 5 });
    expect(more.map(({ quantity, revision }) => [quantity, revision])).toEqual([
      [6n, 0],
      [99n, 1],
    ]);
    expect(await ledger.entries({ span: ever, skus: ['A100'], until: 9n, limit: 100 })).toHaveLength(3);
    expect(await ledger.entries({ span: ever, skus: ['none'], limit: 100 })).toEqual([]);
    expect(await ledger.entries({ span: ever, clusters: ['west'], limit: 100 })).toEqual([]);
    expect(await ledger.entries({ span: ever, meters: ['gpu_time'], limit: 2 })).toHaveLength(2);
    expect(await ledger.entries({ span: ever, limit: 0 })).toEqual([]);
    const third = { startMs: start + 2.5 * hourMs, endMs: start + 3 * hourMs };
    expect((await ledger.entries({ span: third, limit: 100 })).map(({ span }) => span.startMs)).toEqual(
      Array(3).fill(start + 2 * hourMs),
    );
  });
});

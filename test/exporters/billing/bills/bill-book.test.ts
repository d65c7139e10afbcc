import type { Bill } from '../../../../exporters/billing/bills/bill.ts';
import { BillError } from '../../../../exporters/billing/bills/bill-error.ts';
import { decimal, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import {
  type BillScene,
  billScene,
  bookOn,
  emptyBook,
  goodWatermark,
  goodWindow,
  march,
  openBook,
  tenantNamed,
} from '../../../support/billing-book.ts';
import { createStoreBench, type EngineKind, engines } from '../../../support/stores.ts';

const bench = createStoreBench();
afterAll(() => bench.stop());

const hourMs = 3_600_000;
const ask = { period: '2026-03', by: 'olga' };
const seenAll = goodWindow().coverage;

async function failure(work: Promise<unknown>): Promise<BillError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof BillError) return error;
  throw new Error(`expected a BillError, got ${String(error)}`);
}

function moreUsage(scene: BillScene, tenant: string, hours: number): void {
  scene.rows.push({ tenant, sku: 'H100', atMs: march.startMs + hourMs, ms: BigInt(Math.round(hours * hourMs)) });
}

describe.each(engines)('on the %s database', (kind: EngineKind) => {
  let store: Awaited<ReturnType<typeof openBook>>['store'];
  let scene: BillScene;
  beforeAll(async () => {
    ({ store } = await openBook(billScene(), bench, kind));
  });
  beforeEach(async () => {
    scene = billScene();
    await emptyBook(store);
  });

  test('a draft is reckoned anew each time, and nothing is kept of it', async () => {
    const book = bookOn(store, scene);
    const first = await book.draft('red', '2026-03');
    moreUsage(scene, 'red', 1);
    const second = await book.draft('red', '2026-03');
    expect([first.state, first.number, first.total, first.ledgerPosition]).toEqual(['draft', undefined, '25.92', 3n]);
    expect([second.total, second.ledgerPosition]).toEqual(['28.42', 4n]);
    expect(first).toMatchObject({ title: 'Team red', costCentre: 'cc-red', currency: 'EUR', timeZone: 'UTC' });
    expect((await book.list({ limit: 10 })).bills).toEqual([]);
    expect((await book.draft('unattributed', '2026-03')).lines).toEqual([]);
  });

  test('a closed bill stays as it was sent, whatever becomes of the ledger, the prices and the tenant', async () => {
    const book = bookOn(store, scene);
    const closed = await book.close({ ...ask, tenant: 'red' });
    expect(closed).toMatchObject({
      state: 'closed',
      number: 'INV-2026-00001',
      total: '25.92',
      closedBy: 'olga',
      ledgerPosition: 3n,
    });
    expect(closed.lines.map(({ amount }) => amount)).toEqual(['25.00', '0.92']);
    moreUsage(scene, 'red', 5);
    scene.prices.set('H100', '99');
    scene.tenants = [{ ...tenantNamed('red'), title: 'Renamed' }];
    scene.settings = { ...scene.settings, issuer: { ...scene.settings.issuer, name: 'Somebody else' } };
    expect(await book.bill('INV-2026-00001')).toEqual(closed);
    expect(await book.close({ ...ask, tenant: 'red', by: 'someone else' })).toEqual(closed);
    expect(await book.bill('INV-2026-00002')).toBeUndefined();
  });

  test('the database itself refuses to change a closed bill', async () => {
    const book = bookOn(store, scene);
    const { number = '' } = await book.close({ ...ask, tenant: 'red' });
    for (const statement of [
      `update bill set total = 1 where number = '${number}'`,
      `delete from bill where number = '${number}'`,
      `update bill_line set line = '{}' where number = '${number}'`,
      `delete from bill_line where number = '${number}'`,
      'truncate bill, bill_line',
    ]) {
      await expect(store.database.pool.query(statement)).rejects.toThrow('a closed bill is never changed');
    }
    const late = store.database.pool.query(`insert into bill_line values ('${number}', 9, '{}')`);
    await expect(late).rejects.toThrow('gets no further lines');
    await store.database.pool.query('alter table bill disable trigger user');
    await store.database.pool.query(`update bill set total = 1 where number = '${number}'`);
    await expect(book.bill(number)).rejects.toThrow(`bill ${number} is not what was closed`);
  });

  test('all are closed at once, with numbers that follow each other; asked again, nothing is done twice', async () => {
    const book = bookOn(store, scene);
    const progress: number[] = [];
    const outcomes = await book.closeAll({ ...ask, onProgress: ({ done }) => progress.push(done) });
    expect(outcomes).toEqual([
      { tenant: 'red', outcome: 'closed', number: 'INV-2026-00001', total: '25.92', currency: 'EUR' },
      { tenant: 'blue', outcome: 'closed', number: 'INV-2026-00002', total: '17.50', currency: 'EUR' },
      { tenant: 'green', outcome: 'empty' },
    ]);
    expect(progress.at(-1)).toBe(3);
    expect(scene.rates).toBe(1);
    moreUsage(scene, 'green', 1);
    const again = await book.closeAll(ask);
    expect(again.map(({ outcome, number }) => [outcome, number])).toEqual([
      ['was_closed', 'INV-2026-00001'],
      ['was_closed', 'INV-2026-00002'],
      ['closed', 'INV-2026-00003'],
    ]);
  });

  test('several who close at once give each tenant one bill, and numbers without a hole', async () => {
    const book = bookOn(store, scene);
    scene.tenants = Array.from({ length: 30 }, (_, index) => tenantNamed(`t${index}`));
    for (const { name } of scene.tenants) moreUsage(scene, name, 1);
    const others = [bookOn(store, scene), bookOn(store, scene), bookOn(store, scene)];
    const single = scene.tenants.map(({ name }) => book.close({ ...ask, tenant: name }));
    const all = await Promise.all(others.map((each) => each.closeAll(ask)));
    const bills = await Promise.all(single);
    const { bills: kept } = await book.list({ limit: 100 });
    const numbers = kept.map(({ number }) => number).sort();
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, index) => `INV-2026-${String(index + 1).padStart(5, '0')}`));
    expect(new Set(kept.map(({ tenant }) => tenant)).size).toBe(30);
    for (const outcomes of all) expect(outcomes.map(({ number }) => number)).toEqual(bills.map(({ number }) => number));
  });

  test('a number whose transaction fails is given to the next bill', async () => {
    const book = bookOn(store, scene);
    const broken = bookOn(
      {
        db: store.db,
        transaction: (work) =>
          store.transaction(async (transaction) => {
            await work(transaction);
            throw new Error('the cable was pulled');
          }),
      },
      scene,
    );
    await expect(broken.close({ ...ask, tenant: 'red' })).rejects.toThrow('the cable was pulled');
    expect((await book.close({ ...ask, tenant: 'blue' })).number).toBe('INV-2026-00001');
  });

  test('late usage becomes a bill of signed lines that names the one it corrects', async () => {
    const book = bookOn(store, scene);
    const original = await book.close({ ...ask, tenant: 'red' });
    expect(await book.correction({ ...ask, tenant: 'red' })).toBeUndefined();
    moreUsage(scene, 'red', 2);
    moreUsage(scene, 'red', -0.5);
    const preview = await book.correction({ ...ask, tenant: 'red', isPreview: true });
    expect(preview).toMatchObject({ state: 'draft', number: undefined, total: '3.75' });
    const correction = await book.correction({ ...ask, tenant: 'red' });
    expect(correction).toMatchObject({
      number: 'INV-2026-00002',
      corrects: original.number,
      total: '3.75',
      ledgerPosition: 5n,
    });
    expect(correction?.lines).toMatchObject([
      {
        kind: 'correction',
        corrects: { id: 'usage gpu_time H100 c1 2.50', kind: 'usage' },
        quantity: '1.5',
        amount: '3.75',
        description: 'Correction: H100, GPU hours',
        steps: [
          'billed before: 10 GPU hour, 25.00 EUR',
          'as it is known now: 11.5 GPU hour, 28.75 EUR',
          'difference: 3.75 EUR',
        ],
      },
    ]);
    expect(await book.correction({ ...ask, tenant: 'red' })).toBeUndefined();
    // A credit, counted from the bill and its correction together.
    moreUsage(scene, 'red', -4);
    const second = await book.correction({ ...ask, tenant: 'red' });
    expect([second?.total, second?.lines[0]?.quantity, second?.corrects]).toEqual(['-10.00', '-4', original.number]);
    const chain = await book.chain('red', '2026-03');
    expect(chain.map(({ number }) => number)).toEqual(['INV-2026-00001', 'INV-2026-00002', 'INV-2026-00003']);
    expect(sumOf(chain.map(({ total }) => total)).toFixed()).toBe(
      decimal((await book.draft('red', '2026-03')).total).toFixed(),
    );
  });

  test('a SKU that was not billed comes in, and one that is gone goes out', async () => {
    const book = bookOn(store, scene);
    await book.close({ ...ask, tenant: 'blue' });
    scene.rows.push({ tenant: 'blue', sku: 'A100', atMs: march.startMs, ms: 3_600_000n });
    moreUsage(scene, 'blue', -7);
    const bill = await book.correction({ ...ask, tenant: 'blue' });
    expect(bill?.lines.map(({ sku, amount }) => [sku, amount])).toEqual([
      ['H100', '-17.50'],
      ['A100', '1.10'],
    ]);
  });

  test('changed prices come into a correction only if that is asked for', async () => {
    const book = bookOn(store, scene);
    await book.close({ ...ask, tenant: 'blue' });
    scene.prices.set('H100', '3');
    moreUsage(scene, 'blue', 1);
    const error = await failure(book.correction({ ...ask, tenant: 'blue' }));
    expect(error.kind).toBe('rules_changed');
    expect(error.message).toContain('ask for a correction with rule changes included');
    const bill = await book.correction({ ...ask, tenant: 'blue', includeRuleChanges: true });
    expect([bill?.total, bill?.lines.map(({ amount }) => amount)]).toEqual(['6.50', ['24.00', '-17.50']]);
    expect(await book.correction({ ...ask, tenant: 'blue' })).toBeUndefined();
  });

  test('of two who correct at once, one does', async () => {
    const book = bookOn(store, scene);
    await book.close({ ...ask, tenant: 'red' });
    moreUsage(scene, 'red', 1);
    const both = await Promise.allSettled([
      book.correction({ ...ask, tenant: 'red' }),
      bookOn(store, scene).correction({ ...ask, tenant: 'red' }),
    ]);
    const made = both.flatMap((each) => (each.status === 'fulfilled' && each.value !== undefined ? [each.value] : []));
    expect(made.map(({ total }) => total)).toEqual(['2.50']);
    expect((await book.list({ limit: 10 })).bills).toHaveLength(2);
  });

  test('reopening is refused, and told how to correct', async () => {
    const book = bookOn(store, scene);
    const { number = '' } = await book.close({ ...ask, tenant: 'red' });
    const error = await failure(book.reopen(number));
    expect([error.kind, error.message]).toEqual([
      'closed',
      `bill ${number} was closed by olga at 2026-04-05T00:00:00.000Z and stays as it is; mend what was wrong (meter the windows again, or change prices or owners) and ask for a correction of 2026-03 for red`,
    ]);
    expect((await failure(book.reopen('INV-1'))).message).toBe('there is no bill INV-1');
    expect((await failure(book.correction({ ...ask, tenant: 'blue' }))).kind).toBe('not_closed');
  });

  test('bills are listed newest first, a page at a time, by tenant and by period', async () => {
    const book = bookOn(store, scene);
    scene.tenants = Array.from({ length: 25 }, (_, index) => tenantNamed(`t${index}`));
    for (const { name } of scene.tenants) moreUsage(scene, name, 1);
    await book.closeAll(ask);
    const seen: string[] = [];
    for (let before: string | undefined, pages = 0; pages < 10; pages++) {
      const { bills, next } = await book.list({
        period: '2026-03',
        limit: 10,
        ...(before !== undefined && { before }),
      });
      seen.push(...bills.map(({ number }) => number));
      if (next === undefined) break;
      before = next;
    }
    expect(seen).toHaveLength(25);
    expect([...seen].sort().reverse()).toEqual(seen);
    const own = await book.list({ tenants: ['t7', 't8'], limit: 10 });
    expect(own.bills.map(({ tenant, lineCount, total }) => [tenant, lineCount, total])).toEqual([
      ['t8', 1, '2.50'],
      ['t7', 1, '2.50'],
    ]);
    expect((await book.list({ period: '2026-02', limit: 10 })).bills).toEqual([]);
    expect((await book.list({ tenants: [], limit: 10 })).bills).toEqual([]);
  });
});

describe('what keeps a bill open', () => {
  let scene: BillScene;
  let store: Awaited<ReturnType<typeof openBook>>['store'];
  beforeAll(async () => {
    ({ store } = await openBook(billScene(), bench, 'embedded'));
  });
  beforeEach(() => {
    scene = billScene();
  });

  test.each([
    {
      what: 'a period that is not over',
      kind: 'not_over',
      spoiled: { now: march.endMs / 1000 - 1 },
      message: 'the period ends at 2026-04-01T00:00:00.000Z; close it after that',
    },
    {
      what: 'an empty ledger',
      kind: 'not_metered',
      spoiled: { watermarks: [] },
      message: 'nothing was metered so far',
    },
    {
      what: 'a meter that never was',
      kind: 'not_metered',
      spoiled: { expected: [{ cluster: 'c1', meter: 'energy' }] },
      message: 'energy of cluster c1 was never metered',
    },
    {
      what: 'a watermark that is behind',
      kind: 'watermark',
      spoiled: { watermarks: [goodWatermark(), goodWatermark({ cluster: 'c2', untilMs: march.endMs - 1 })] },
      message:
        'gpu_time of cluster c2 is metered until 2026-03-31T23:59:59.999Z and must reach 2026-04-01T00:00:00.000Z',
    },
    {
      what: 'a period before anything was metered',
      kind: 'not_metered',
      spoiled: { watermarks: [goodWatermark({ fromMs: march.endMs })], windows: [] },
      message: 'nothing was metered between 2026-03-01T00:00:00.000Z and 2026-04-01T00:00:00.000Z; back-fill it',
    },
    {
      what: 'metering that began within the period',
      kind: 'watermark',
      spoiled: { windows: [goodWindow({ span: { startMs: march.startMs + 90 * 60_000, endMs: march.endMs } })] },
      message:
        'gpu_time of cluster c1 is metered only from 2026-03-01T01:30:00.000Z on: 1.5 h of the period, which begins at 2026-03-01T00:00:00.000Z, are missing',
    },
    {
      what: 'metering that stopped within the period, which is said once',
      kind: 'watermark',
      spoiled: {
        watermarks: [goodWatermark({ untilMs: march.endMs - 3_600_000 })],
        windows: [goodWindow({ span: { startMs: march.startMs, endMs: march.endMs - 3_600_000 } })],
      },
      message: 'gpu_time of cluster c1 is metered until 2026-03-31T23:00:00.000Z and must reach',
    },
    {
      what: 'a hole between windows',
      kind: 'watermark',
      spoiled: {
        windows: [
          goodWindow({ span: { startMs: march.startMs - 3_600_000, endMs: march.startMs + 3_600_000 } }),
          goodWindow({ span: { startMs: march.startMs + 2 * 3_600_000, endMs: march.endMs + 3_600_000 } }),
        ],
      },
      message: 'gpu_time of cluster c1 is metered with holes: 1 h of the period',
    },
    {
      what: 'windows that wait for data',
      kind: 'held',
      spoiled: { windows: [goodWindow(), goodWindow({ coverage: { ...seenAll, isHeld: true } })] },
      message: 'gpu_time of cluster c1 holds 1 of 2 windows because data is missing',
    },
    {
      what: 'a sum of states that is not what is installed',
      kind: 'conservation',
      spoiled: {
        windows: [
          goodWindow(),
          goodWindow({ conservation: { devices: 1, installedMs: 5, error: { num: 1n, den: 3n }, worst: [] } }),
        ],
      },
      message: 'differ from what is installed by 1/3 GPU milliseconds',
    },
    {
      what: 'too little that was seen',
      kind: 'coverage',
      spoiled: { windows: [goodWindow({ coverage: { ...seenAll, seenScrapes: 989 } })] },
      message: 'saw 989 of 1000 scrapes, 98.9 %, and 99 % are asked for',
    },
    {
      what: 'a SKU without a price',
      kind: 'problem',
      spoiled: { problems: ['no price for H200 of gpu_time'] },
      message: 'no price for H200 of gpu_time',
    },
  ])('$what', async ({ kind, spoiled, message }) => {
    scene = { ...scene, ...spoiled };
    const error = await failure(bookOn(store, scene).close({ ...ask, tenant: 'red' }));
    expect(error.obstacles.map((each) => each.kind)).toEqual([kind]);
    expect(error.message).toContain(message);
    const outcomes = await bookOn(store, scene).closeAll(ask);
    expect(outcomes.filter(({ outcome }) => outcome === 'closed')).toEqual([]);
    expect((await bookOn(store, scene).draft('red', '2026-03')).problems.join()).toContain(message);
    expect((await bookOn(store, scene).list({ limit: 1 })).bills).toEqual([]);
  });

  test('a tenant that there is not, usage of nobody, and a month that is none', async () => {
    const book = bookOn(store, scene);
    expect((await failure(book.close({ ...ask, tenant: 'pink' }))).message).toBe(
      'there is no tenant pink; the billing file names them under tenants',
    );
    expect((await failure(book.close({ ...ask, tenant: 'unattributed' }))).obstacles[0]?.kind).toBe('unattributed');
    await expect(book.draft('red', 'march')).rejects.toThrow('the period must be a month');
  });

  test('a cluster that came later has no part in it; what is accepted stands on the bill with its reason', async () => {
    scene.watermarks = [
      goodWatermark(),
      goodWatermark({ cluster: 'new', fromMs: march.endMs, untilMs: march.endMs }),
      goodWatermark({ cluster: 'gone', untilMs: march.startMs + 5 }),
    ];
    scene.windows.push(
      goodWindow({ conservation: { devices: 1, installedMs: 5, error: { num: -2n, den: 1n }, worst: [] } }),
    );
    const book = bookOn(store, scene);
    const some = await failure(book.close({ ...ask, tenant: 'red', accept: { watermark: 'taken away' } }));
    expect(some.obstacles.map(({ kind }) => kind)).toEqual(['conservation']);
    const accept = { watermark: 'taken away in March', conservation: 'checked by hand', not_over: 'impatient' };
    const bill: Bill = await book.close({ ...ask, tenant: 'red', accept });
    expect(bill.details?.accepted).toMatchObject([
      { kind: 'watermark', reason: 'taken away in March' },
      { kind: 'conservation', reason: 'checked by hand' },
    ]);
    scene.now = march.endMs / 1000 - 5;
    expect((await failure(book.close({ ...ask, tenant: 'blue', accept }))).obstacles[0]?.kind).toBe('not_over');
  });
});

describe('periods that meet', () => {
  let store: Awaited<ReturnType<typeof openBook>>['store'];
  beforeAll(async () => {
    ({ store } = await openBook(billScene(), bench, 'embedded'));
  });

  function scenes(tenant: string): BillScene {
    const scene = billScene();
    const whole = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 11, 1) };
    scene.tenants = [tenantNamed(tenant)];
    scene.now = whole.endMs / 1000;
    scene.watermarks = [goodWatermark({ fromMs: whole.startMs, untilMs: whole.endMs })];
    scene.windows = [goodWindow({ span: whole })];
    return scene;
  }

  test('a tenant that moves to another zone is billed for every moment once', async () => {
    const scene = scenes('mover');
    const book = bookOn(store, scene);
    const first = await book.close({ ...ask, tenant: 'mover' });
    scene.tenants = [tenantNamed('mover', 'America/New_York')];
    const second = await book.close({ ...ask, tenant: 'mover', period: '2026-04' });
    expect(second.period).toEqual({ startMs: first.period.endMs, endMs: Date.UTC(2026, 4, 1, 4) });
    scene.tenants = [tenantNamed('mover', 'Asia/Tokyo')];
    // What was closed keeps its borders, also for a correction and for a bill between two others.
    expect((await book.draft('mover', '2026-03')).period).toEqual(first.period);
    const fourth = await book.close({ ...ask, tenant: 'mover', period: '2026-06' });
    const third = await book.close({ ...ask, tenant: 'mover', period: '2026-05' });
    expect(third.period).toEqual({ startMs: second.period.endMs, endMs: fourth.period.startMs });
  });

  test('an anchor that is moved neither overlaps nor leaves a hole', async () => {
    const scene = scenes('anchored');
    const book = bookOn(store, scene);
    const first = await book.close({ ...ask, tenant: 'anchored' });
    scene.settings = { ...scene.settings, anchorDay: 15 };
    const second = await book.close({ ...ask, tenant: 'anchored', period: '2026-04' });
    expect(second.period).toEqual({ startMs: first.period.endMs, endMs: Date.UTC(2026, 4, 15) });
    scene.settings = { ...scene.settings, anchorDay: 1 };
    expect((await book.close({ ...ask, tenant: 'anchored', period: '2026-05' })).period).toEqual({
      startMs: second.period.endMs,
      endMs: Date.UTC(2026, 5, 1),
    });
  });

  test('a bill that would overlap one of another name is refused', async () => {
    const scene = scenes('overlapping');
    scene.settings = { ...scene.settings, anchorDay: 31 };
    const book = bookOn(store, scene);
    const { number } = await book.close({ ...ask, tenant: 'overlapping', period: '2026-03' });
    scene.settings = { ...scene.settings, anchorDay: 1 };
    scene.tenants = [tenantNamed('overlapping', 'UTC')];
    // It ends on 30 April; two months later its border is not looked at, so the database must.
    await store.database.pool.query('alter table bill disable trigger user');
    await store.database.pool.query(`update bill set period_name = '2026-01' where number = '${number}'`);
    await store.database.pool.query('alter table bill enable trigger user');
    const error = await failure(book.close({ ...ask, tenant: 'overlapping', period: '2026-04' }));
    expect([error.kind, error.message]).toEqual([
      'overlap',
      `2026-04 of overlapping overlaps bill ${number}, which is closed; close the periods between them first`,
    ]);
  });

  test('nothing is left of a month that lies in the bills around it', async () => {
    const scene = scenes('stretched');
    const book = bookOn(store, scene);
    scene.settings = { ...scene.settings, anchorDay: 31 };
    const may = await book.close({ ...ask, tenant: 'stretched', period: '2026-05' });
    scene.settings = { ...scene.settings, anchorDay: 1 };
    const june = await book.close({ ...ask, tenant: 'stretched', period: '2026-06' });
    expect(june.period).toEqual({ startMs: may.period.endMs, endMs: Date.UTC(2026, 6, 1) });
  });
});

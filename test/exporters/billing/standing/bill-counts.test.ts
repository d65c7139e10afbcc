import { billCounts, countBills } from '../../../../exporters/billing/standing/bill-counts.ts';
import type { Store } from '../../../../kit/store/store.ts';
import { billScene, bookOn, emptyBook, openBook } from '../../../support/billing-book.ts';
import { createStoreBench, engines } from '../../../support/stores.ts';

const period = (month: number) => ({ startMs: Date.UTC(2026, month, 1), endMs: Date.UTC(2026, month + 1, 1) });
const tenants = [
  { name: 'red', currency: 'EUR' },
  { name: 'blue', currency: 'USD' },
];

test('who has no bill yet is there with 0, so that the first one is an increase', () => {
  const counts = [{ tenant: 'red', closed: 3, corrections: [{ currency: 'EUR', charged: '1.50', refunded: '0' }] }];
  expect(billCounts({ counts, open: [], tenants })).toEqual([
    { tenant: 'red', closed: 3, corrections: [{ currency: 'EUR', charged: '1.50', refunded: '0' }] },
    { tenant: 'blue', closed: 0, corrections: [{ currency: 'USD', charged: '0', refunded: '0' }] },
  ]);
});

test('a tenant that is gone keeps its counts, and one in another currency has both', () => {
  const was = [{ currency: 'CHF', charged: '0', refunded: '2' }];
  const counts = [
    { tenant: 'gone', closed: 1, corrections: was },
    { tenant: 'red', closed: 2, corrections: was },
  ];
  const [gone, red] = billCounts({ counts, open: [], tenants });
  expect(gone).toEqual({ tenant: 'gone', closed: 1, corrections: was });
  expect(red?.corrections).toEqual([...was, { currency: 'EUR', charged: '0', refunded: '0' }]);
});

test('overdue since the end of the oldest period that is open', () => {
  const open = [
    { tenant: 'red', period: period(9) },
    { tenant: 'red', period: period(8) },
  ];
  const [red, blue] = billCounts({ counts: [], open, tenants });
  expect([red?.overdueSince, blue?.overdueSince]).toEqual([period(8).endMs / 1000, undefined]);
});

test('what belongs to nobody is never overdue, since nobody can close it', () => {
  const nobody = { name: 'unattributed', currency: 'EUR' };
  const open = [{ tenant: 'unattributed', period: period(8) }];
  expect(billCounts({ counts: [], open, tenants: [nobody] })[0]).toMatchObject({ closed: 0, overdueSince: undefined });
});

describe.each(engines)('on the %s database', (kind) => {
  const bench = createStoreBench();
  let store: Store<Record<never, never>>;
  beforeAll(async () => {
    ({ store } = await openBook(billScene(), bench, kind));
    await emptyBook(store);
  });
  afterAll(() => bench.stop());

  test('bills and corrections are counted, charges and refunds apart', async () => {
    const scene = billScene();
    const book = bookOn(store, scene);
    const ask = { tenant: 'red', period: '2026-03', by: 'olga' };
    expect(await countBills(store.db)).toEqual([]);
    await book.close(ask);
    const hours = async (ms: bigint) => {
      scene.rows.push({ tenant: 'red', sku: 'H100', atMs: Date.UTC(2026, 2, 2), ms });
      await book.correction(ask);
    };
    await hours(3_600_000n);
    await hours(-7_200_000n);
    await book.close({ ...ask, tenant: 'blue' });
    expect(await countBills(store.db)).toEqual([
      { tenant: 'blue', closed: 1, corrections: [{ currency: 'EUR', charged: '0', refunded: '0' }] },
      { tenant: 'red', closed: 1, corrections: [{ currency: 'EUR', charged: '2.50', refunded: '5.00' }] },
    ]);
  });
});

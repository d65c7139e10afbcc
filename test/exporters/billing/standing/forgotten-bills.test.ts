import { createForgottenBills } from '../../../../exporters/billing/standing/forgotten-bills.ts';
import type { Store } from '../../../../kit/store/store.ts';
import { type BillScene, billScene, bookOn, emptyBook, openBook, tenantNamed } from '../../../support/billing-book.ts';
import { createStoreBench } from '../../../support/stores.ts';

const bench = createStoreBench();
let store: Store<Record<never, never>>;
let scene: BillScene;
beforeAll(async () => {
  ({ store } = await openBook(billScene(), bench, 'embedded'));
});
beforeEach(async () => {
  await emptyBook(store);
  scene = billScene();
});
afterAll(() => bench.stop());

const dayMs = 86_400_000;
const july = Date.UTC(2026, 6, 2);
const march = { startMs: Date.UTC(2026, 2, 1), endMs: Date.UTC(2026, 3, 1) };

/** Red owes for March and May, and nobody for anything else. */
function scenery() {
  const asked: string[] = [];
  const owed = new Set(['red 2026-03', 'red 2026-05', 'berlin 2026-03']);
  const forgotten = createForgottenBills({
    db: store.db,
    rate: async ({ period, tenants }) => {
      const month = new Date(period.startMs + dayMs).toISOString().slice(0, 7);
      asked.push(month);
      const bill = { currency: 'EUR', period, total: '1.00', problems: [] };
      const lines = [{}] as never[];
      return new Map(
        tenants.map((tenant) => [tenant, { ...bill, tenant, lines: owed.has(`${tenant} ${month}`) ? lines : [] }]),
      );
    },
  });
  const ask = { tenants: scene.tenants, anchorDay: 1, nowMs: july, position: 9n, fromMs: march.startMs };
  return { asked, owed, ask, look: (more: Partial<typeof ask> = {}) => forgotten({ ...ask, ...more }) };
}

const names = (bills: readonly { readonly tenant: string; readonly period: { readonly startMs: number } }[]) =>
  bills.map(({ tenant, period }) => `${tenant} ${new Date(period.startMs + dayMs).toISOString().slice(0, 7)}`);

test('periods before the last one are looked at one in a turn, back to where the ledger begins, and once a day', async () => {
  const { asked, look } = scenery();
  expect(names(await look())).toEqual(['red 2026-05']);
  expect(names(await look())).toEqual(['red 2026-05']);
  expect(names(await look())).toEqual(['red 2026-05', 'red 2026-03']);
  expect(names(await look())).toEqual(['red 2026-05', 'red 2026-03']);
  expect(asked).toEqual(['2026-05', '2026-04', '2026-03']);
  await look({ nowMs: july + dayMs });
  expect(asked).toHaveLength(4);
});

test('what was closed meanwhile is not forgotten any more', async () => {
  const { look } = scenery();
  for (let turn = 0; turn < 3; turn += 1) await look();
  await bookOn(store, scene).close({ tenant: 'red', period: '2026-03', by: 'olga' });
  expect(names(await look())).toEqual(['red 2026-05']);
});

test('the bill of another tenant closes nothing', async () => {
  const book = bookOn(store, scene);
  await book.close({ tenant: 'blue', period: '2026-03', by: 'olga' });
  const { look } = scenery();
  for (let turn = 0; turn < 2; turn += 1) await look();
  expect(names(await look())).toEqual(['red 2026-05', 'red 2026-03']);
});

test('periods are those of the zone of the tenant', async () => {
  scene.tenants = [tenantNamed('berlin', 'Europe/Berlin')];
  const { look } = scenery();
  for (let turn = 0; turn < 2; turn += 1) await look();
  const [bill] = await look();
  expect(bill?.period.startMs).toBe(Date.UTC(2026, 1, 28, 23));
});

test('an empty ledger has forgotten nothing', async () => {
  const { asked, look } = scenery();
  expect(await look({ fromMs: undefined as never })).toEqual([]);
  expect(asked).toEqual([]);
});

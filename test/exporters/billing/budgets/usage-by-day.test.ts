import { dailyCosts } from '../../../../exporters/billing/budgets/daily-costs.ts';
import { createDailyUsage } from '../../../../exporters/billing/budgets/daily-usage.ts';
import { usageKey, usageOfTotals } from '../../../../exporters/billing/budgets/usage-by-day.ts';
import type { TotalsQuery, UsageTotal } from '../../../../exporters/billing/ledger/ledger.ts';
import { exampleBill, exampleLine } from '../example-bill.ts';

const november = Date.UTC(2026, 10, 1);
const dayMs = 86_400_000;
const line = exampleLine({});

function total(quantity: bigint, more: Partial<UsageTotal> = {}): UsageTotal {
  return {
    meter: line.meter,
    cluster: line.cluster,
    node: 'n1',
    resource: 'GPU-1',
    sku: line.sku,
    state: 'used',
    reason: '',
    holder: { namespace: 'search' },
    share: { num: 1, den: 1 },
    bucket: 0,
    quantity,
    isDivided: false,
    ...more,
  };
}

function tenant(name: string, timeZone = 'UTC') {
  return { name, title: name, costCentre: '', timeZone, currency: 'EUR' };
}

/** From the third of November on half of it belongs to chat. */
const attribute = (_: unknown, atMs: number) => {
  const one = (name: string, den: number) => ({ tenant: name, costCentre: '', share: { num: 1, den }, by: '' });
  return atMs < november + 2 * dayMs ? [one('search', 1)] : [one('search', 2), one('chat', 2)];
};

test('what is used counts by tenant, cluster, meter and SKU, times the part of the GPU', () => {
  const totals = [
    total(100n),
    total(100n, { share: { num: 1, den: 2 }, resource: 'GPU-2' }),
    total(7n, { sku: 'A100' }),
    total(9n, { cluster: 'c2' }),
    total(999n, { state: 'idle' }),
  ];
  const used = usageOfTotals(totals, { attribute }, november + 2 * dayMs);
  expect(used.get(usageKey('search', line))).toBe(75);
  expect(used.get(usageKey('chat', line))).toBe(75);
  expect(used.get(usageKey('chat', { ...line, sku: 'A100' }))).toBe(3.5);
  expect(used.get(usageKey('search', { ...line, cluster: 'c2' }))).toBe(4.5);
  expect(used.size).toBe(6);
});

/** A ledger in which the GPU is used an hour on each even day of the month and not at all on the others. */
function countingLedger() {
  const asked: string[] = [];
  return {
    asked,
    totals: async ({ segments }: TotalsQuery) => {
      const at = segments[0]?.span.startMs ?? 0;
      asked.push(new Date(at).toISOString());
      return new Date(at + 6 * 3_600_000).getUTCDate() % 2 === 0 ? [total(3_600_000n)] : [];
    },
  };
}

const directory = { attribute, tenants: [tenant('search'), tenant('chat')] };
const untilMs = november + 4.5 * dayMs;

test('eight weeks are read some days at a time, and there is nothing before all are there', async () => {
  const ledger = countingLedger();
  const usage = createDailyUsage({ ledger, daysAtOnce: 20 });
  expect(await usage.read({ directory, untilMs })).toBeUndefined();
  expect(ledger.asked).toHaveLength(22);
  expect(await usage.read({ directory, untilMs })).toBeUndefined();
  const usageOn = await usage.read({ directory, untilMs });
  // 57 days are touched; in each reading the last two come again.
  expect(ledger.asked).toHaveLength(57 + 2 * 2);
  const costs = dailyCosts([exampleBill({})], { untilMs, usageOn });
  expect(costs.map(({ day }) => day)).toEqual(['2026-11-02', '2026-11-04']);
});

test('once all are there, only days that may still change are asked for, and a new day', async () => {
  const ledger = countingLedger();
  const usage = createDailyUsage({ ledger, daysAtOnce: 100 });
  await usage.read({ directory, untilMs });
  ledger.asked.length = 0;
  await usage.read({ directory, untilMs: untilMs + dayMs });
  expect(ledger.asked).toEqual(['2026-11-06T00:00:00.000Z', '2026-11-05T00:00:00.000Z']);
});

test('other tenants are another history', async () => {
  const ledger = countingLedger();
  const usage = createDailyUsage({ ledger, daysAtOnce: 100 });
  await usage.read({ directory, untilMs });
  ledger.asked.length = 0;
  await usage.read({ directory: { ...directory }, untilMs });
  expect(ledger.asked).toHaveLength(57);
});

test('each tenant has the days of its own time zone', async () => {
  const ledger = countingLedger();
  const zones = { attribute, tenants: [tenant('search', 'Europe/Berlin'), tenant('chat')] };
  const usageOn = await createDailyUsage({ ledger, daysAtOnce: 100 }).read({ directory: zones, untilMs });
  expect(ledger.asked).toContain('2026-10-31T23:00:00.000Z');
  expect(ledger.asked).toContain('2026-11-01T00:00:00.000Z');
  expect(usageOn?.(exampleBill({ timeZone: 'Europe/Berlin' }), line)?.get('2026-11-02')).toBe(3_600_000);
  expect(usageOn?.(exampleBill({ timeZone: 'Asia/Tokyo' }), line)).toBeUndefined();
});

test('a line that begins before the first day, and what the tenant did not use, are not drawn to some days', async () => {
  const usageOn = await createDailyUsage({ ledger: countingLedger(), daysAtOnce: 100 }).read({ directory, untilMs });
  const old = exampleLine({ span: { startMs: november - 60 * dayMs, endMs: november } });
  expect(usageOn?.(exampleBill({}), old)).toBeUndefined();
  const unused = dailyCosts([exampleBill({ tenant: 'ads' })], { untilMs, usageOn });
  expect(unused).toHaveLength(5);
});

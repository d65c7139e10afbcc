import { dailyCosts } from '../../../../exporters/billing/budgets/daily-costs.ts';
import { usageByDay } from '../../../../exporters/billing/budgets/usage-by-day.ts';
import type { UsageTotal } from '../../../../exporters/billing/ledger/ledger.ts';
import { exampleBill, exampleLine } from '../example-bill.ts';

const november = Date.UTC(2026, 10, 1);
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

/** From the third day on half of it belongs to chat. */
const directory = {
  attribute: (_: unknown, atMs: number) => {
    const one = (tenant: string, den: number) => ({ tenant, costCentre: '', share: { num: 1, den }, by: '' });
    return atMs < november + 2 * 86_400_000 ? [one('search', 1)] : [one('search', 2), one('chat', 2)];
  },
};

function day(index: number, ...totals: readonly UsageTotal[]) {
  const atMs = november + index * 86_400_000;
  return { day: new Date(atMs).toISOString().slice(0, 10), atMs, totals };
}

test('a line follows what its tenant used of its SKU in its cluster, by the owners of each day', () => {
  const usageOn = usageByDay(
    [
      day(0, total(100n), total(100n, { share: { num: 1, den: 2 } })),
      day(1, total(50n), total(999n, { sku: 'A100' }), total(999n, { cluster: 'c2' }), total(999n, { state: 'idle' })),
      day(2, total(100n)),
    ],
    directory,
  );
  expect([...(usageOn(exampleBill({}), line) ?? [])]).toEqual([
    ['2026-11-01', 150],
    ['2026-11-02', 50],
    ['2026-11-03', 50],
  ]);
  expect([...(usageOn({ tenant: 'chat' }, line) ?? [])]).toEqual([['2026-11-03', 50]]);
  expect(usageOn({ tenant: 'ads' }, line)).toBeUndefined();
  const costs = dailyCosts([exampleBill({})], { untilMs: november + 3 * 86_400_000, usageOn });
  expect(costs.map(({ amount }) => amount)).toEqual(['6', '2', '2']);
});

import * as fc from 'fast-check';
import { type DailyCost, dailyCosts } from '../../../../exporters/billing/budgets/daily-costs.ts';
import { decimal, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import { exampleBill, exampleLine } from '../example-bill.ts';

const november = Date.UTC(2026, 10, 1);
const dayMs = 86_400_000;
const noon16 = november + 15.5 * dayMs;

function byDay(costs: readonly DailyCost[]) {
  return costs.map(({ day, amount }) => [day, amount]);
}

test('a draft is spread over the days that are metered, the last one in part', () => {
  const bill = exampleBill({ lines: [exampleLine({ amount: '31.00' })] });
  const costs = dailyCosts([bill], { untilMs: noon16 });
  expect(costs).toHaveLength(16);
  expect(costs[0]).toEqual({
    tenant: 'search',
    costCentre: 'cc-1',
    cluster: 'c1',
    meter: 'gpu_time',
    kind: 'usage',
    currency: 'EUR',
    day: '2026-11-01',
    amount: '2',
  });
  expect(costs.at(-1)).toMatchObject({ day: '2026-11-16', amount: '1' });
});

test('days before the ledger begins cost nothing; what is due in full stays where it is', () => {
  const lines = [exampleLine({ amount: '3.50' }), exampleLine({ kind: 'commitment', amount: '99' })];
  const fromMs = november + 12 * dayMs;
  expect(byDay(dailyCosts([exampleBill({ lines })], { fromMs, untilMs: noon16 }))).toEqual([
    ['2026-11-13', '1'],
    ['2026-11-14', '1'],
    ['2026-11-15', '1'],
    ['2026-11-16', '0.5'],
    ['2026-11-01', '99'],
  ]);
  const all = dailyCosts([exampleBill({ lines })], { fromMs: november - dayMs, untilMs: noon16 });
  expect(all).toEqual(dailyCosts([exampleBill({ lines })], { untilMs: noon16 }));
});

test('where it is known what was used on which day, costs follow it', () => {
  const usage = new Map([
    ['2026-11-02', 3],
    ['2026-11-14', 1],
  ]);
  const costs = dailyCosts([exampleBill({})], { untilMs: noon16, usageOn: () => usage });
  expect(byDay(costs)).toEqual([
    ['2026-11-02', '7.5'],
    ['2026-11-14', '2.5'],
  ]);
});

test('a closed bill goes by its own time, whatever is metered', () => {
  const bill = exampleBill({ state: 'closed', number: 'S-1', lines: [exampleLine({ amount: '30.00' })] });
  const costs = dailyCosts([bill], { untilMs: noon16 });
  expect(costs).toHaveLength(30);
  expect(new Set(costs.map(({ amount }) => amount))).toEqual(new Set(['1']));
});

test.each(['commitment', 'minimum', 'credit'] as const)('%s is due in full on the first day', (kind) => {
  const bill = exampleBill({ lines: [exampleLine({ kind, amount: '-99.99' })] });
  expect(byDay(dailyCosts([bill], { untilMs: noon16 }))).toEqual([['2026-11-01', '-99.99']]);
});

test('a draft of which nothing is metered yet is on its first day', () => {
  expect(byDay(dailyCosts([exampleBill({})], { untilMs: november - 1 }))).toEqual([['2026-11-01', '10']]);
});

test('days are those of the tenant, and the cost centre of a line goes before that of the bill', () => {
  const startMs = Date.UTC(2026, 9, 24, 22);
  const span = { startMs, endMs: startMs + 25 * 3_600_000 };
  const bill = exampleBill({
    timeZone: 'Europe/Berlin',
    period: span,
    lines: [exampleLine({ span, costCentre: 'cc-2' })],
  });
  expect(dailyCosts([bill], { untilMs: noon16 })).toEqual([
    expect.objectContaining({ day: '2026-10-25', amount: '10', costCentre: 'cc-2' }),
  ]);
});

test('the days of a line add up to its amount exactly', () => {
  void fc.assert(
    fc.property(
      fc.integer({ min: -10_000_000, max: 10_000_000 }),
      fc.integer({ min: 1, max: 30 * dayMs }),
      fc.dictionary(
        fc.integer({ min: 1, max: 30 }).map((day) => `2026-11-${String(day).padStart(2, '0')}`),
        fc.nat(1000),
      ),
      (cents, elapsed, usage) => {
        const amount = (cents / 100).toFixed(2);
        const bill = exampleBill({ lines: [exampleLine({ amount })] });
        const usageOn = () => new Map(Object.entries(usage));
        const costs = dailyCosts([bill], { untilMs: november + elapsed, usageOn });
        expect(sumOf(costs.map((cost) => cost.amount)).equals(decimal(amount))).toBe(true);
      },
    ),
  );
});

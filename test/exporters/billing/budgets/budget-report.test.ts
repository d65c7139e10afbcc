import type { Budget } from '../../../../exporters/billing/budgets/budget.ts';
import { createBudgets } from '../../../../exporters/billing/budgets/budget-report.ts';
import type { DailyCost } from '../../../../exporters/billing/budgets/daily-costs.ts';
import { forecastBill } from '../../../../exporters/billing/budgets/period-forecast.ts';
import { exampleBill } from '../example-bill.ts';

const nowMs = Date.UTC(2026, 10, 16);
const everything = { tenant: undefined, costCentre: undefined, clusters: undefined, meters: undefined };
const monthly: Budget = {
  name: 'search-monthly',
  scope: { ...everything, tenant: 'search' },
  amount: '1000.00',
  currency: 'EUR',
  period: 'month',
  timeZone: 'UTC',
  steps: [0.5, 0.8, 1],
};

function cost(day: string, amount: string, more: Partial<DailyCost> = {}): DailyCost {
  const base = {
    tenant: 'search',
    costCentre: 'cc-1',
    cluster: 'c1',
    meter: 'gpu_time',
    kind: 'usage',
    currency: 'EUR',
  } as const;
  return { ...base, day, amount, ...more };
}

function report(costs: readonly DailyCost[], budget: Budget = monthly, state: { readonly untilMs?: number } = {}) {
  const [first] = createBudgets({ budgets: [budget] }).report({ costs, nowMs, untilMs: nowMs, ...state });
  if (first === undefined) throw new Error('no report');
  return first;
}

test('the costs of the period against the amount', () => {
  const costs = [
    cost('2026-10-31', '9999'),
    cost('2026-11-01', '300.25'),
    cost('2026-11-15', '500'),
    cost('2026-12-01', '7'),
  ];
  expect(report(costs)).toMatchObject({
    budget: 'search-monthly',
    tenant: 'search',
    period: '2026-11',
    span: { startMs: Date.UTC(2026, 10, 1), endMs: Date.UTC(2026, 11, 1) },
    cost: '800.25',
    remaining: '199.75',
    usedRatio: 0.80025,
    elapsedRatio: 0.5,
    steps: [
      { at: 0.5, isReached: true },
      { at: 0.8, isReached: true },
      { at: 1, isReached: false },
    ],
    problems: [],
  });
});

test.each([
  ['quarter', '2026-Q4', '700'],
  ['year', '2026', '1500'],
] as const)('a budget of a %s takes the days of the %s', (period, name, sum) => {
  const costs = [
    cost('2025-12-31', '1'),
    cost('2026-01-01', '800'),
    cost('2026-10-01', '300'),
    cost('2026-11-15', '400'),
  ];
  expect(report(costs, { ...monthly, period })).toMatchObject({ period: name, cost: sum });
});

test('a step is reached exactly at its share, by decimal arithmetic', () => {
  const budget = { ...monthly, amount: '0.30', steps: [0.1, 1 / 3, 1] };
  const steps = report([cost('2026-11-02', '0.03')], budget).steps.map(({ isReached }) => isReached);
  expect(steps).toEqual([true, false, false]);
  expect(report([cost('2026-11-02', '0.30')], budget).steps.at(-1)?.isReached).toBe(true);
});

const mixed = [
  cost('2026-11-02', '1'),
  cost('2026-11-02', '2', { tenant: 'chat' }),
  cost('2026-11-02', '4', { tenant: 'ads', costCentre: 'cc-2' }),
  cost('2026-11-02', '8', { cluster: 'c2' }),
  cost('2026-11-02', '16', { meter: 'tokens' }),
  cost('2026-11-02', '32', { cluster: '', meter: '', kind: 'discount' }),
];

test.each([
  [{}, '63'],
  [{ tenant: 'search' }, '57'],
  [{ costCentre: 'cc-1' }, '59'],
  [{ clusters: ['c1'] }, '23'],
  [{ clusters: ['c2', 'c3'] }, '8'],
  [{ meters: ['tokens'] }, '16'],
  [{ tenant: 'search', clusters: ['c1'], meters: ['gpu_time'] }, '1'],
])('%j are the costs of %s', (scope, sum) => {
  expect(report(mixed, { ...monthly, scope: { ...everything, ...scope } }).cost).toBe(sum);
});

test('costs in another currency are left out, and that is told', () => {
  const result = report([cost('2026-11-02', '1'), cost('2026-11-02', '5', { currency: 'USD' })]);
  expect(result.cost).toBe('1');
  expect(result.problems).toEqual(['costs in USD are not counted; the budget is in EUR']);
});

function steady(amount: string, first = 1): readonly DailyCost[] {
  return Array.from({ length: 16 - first }, (_, index) =>
    cost(`2026-11-${String(first + index).padStart(2, '0')}`, amount),
  );
}

test('forecasts are shares of the budget, and the day on which it is spent is named', () => {
  const result = report(steady('50'));
  expect(result.forecastRatios).toEqual([
    { method: 'pace', expected: 1.5, low: undefined, high: undefined },
    { method: 'weekday', expected: 1.5, low: 1.5, high: 1.5 },
  ]);
  expect(result.spentAtMs).toBe(Date.UTC(2026, 10, 21));
  expect(report(steady('80')).spentAtMs).toBeUndefined();
});

test('a day that is not over, days without costs and what is fixed do not mislead the forecast', () => {
  const untilMs = nowMs - 6 * 3_600_000;
  const withToday = [
    ...steady('50').slice(0, 14),
    cost('2026-11-15', '37.5'),
    cost('2026-11-01', '400', { kind: 'commitment' }),
  ];
  const [pace, weekday] = report(withToday, monthly, { untilMs }).forecasts;
  expect(weekday?.expected).toBeCloseTo(400 + 30 * 50, 6);
  expect(pace?.expected).toBeCloseTo(400 + 30 * 50, 6);
  const withHoles = steady('50').filter((_, index) => index % 2 === 0);
  expect(report(withHoles).forecasts[1]?.days).toBe(15);
});

test('the day on which the ledger begins is no cheap day', () => {
  const costs = [cost('2026-11-05', '5'), ...steady('50').slice(5)];
  const weekday = (fromMs: number) => {
    const state = { costs, nowMs, fromMs, untilMs: nowMs };
    return createBudgets({ budgets: [monthly] })
      .report(state)[0]
      ?.forecasts.find(({ method }) => method === 'weekday');
  };
  expect(weekday(Date.UTC(2026, 10, 5, 21))).toMatchObject({ days: 10, expected: 505 + 15 * 50 });
  expect(weekday(Date.UTC(2026, 10, 5))?.days).toBe(11);
  const [pace] = forecastBill(exampleBill({}), costs, { fromMs: Date.UTC(2026, 10, 6), untilMs: nowMs });
  expect(pace?.expected).toBe(505 * 2.5);
});

test('a tenant sees its own budgets alone', () => {
  const budgets = createBudgets({
    budgets: [
      monthly,
      { ...monthly, name: 'chat', scope: { ...everything, tenant: 'chat' } },
      { ...monthly, name: 'all', scope: everything },
    ],
  });
  const state = { costs: [], nowMs, untilMs: nowMs };
  expect(budgets.report(state, 'search').map(({ budget }) => budget)).toEqual(['search-monthly']);
  expect(budgets.report(state).map(({ budget }) => budget)).toEqual(['search-monthly', 'chat', 'all']);
});

test('the bill of a draft is forecast from its own days', () => {
  const costs = [...steady('10'), ...steady('99').map((each) => ({ ...each, tenant: 'chat' }))];
  const [pace] = forecastBill(exampleBill({}), costs, { untilMs: nowMs });
  expect(pace?.expected).toBe(300);
});

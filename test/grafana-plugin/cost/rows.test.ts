import { createDataFrame, type DataFrame, FieldType } from '@grafana/data';
import { budgetRowsOfAnswer, budgetRowsOfFigures } from '../../../grafana-plugin/src/pages/cost/tenant/budget-rows';
import { quotaRows } from '../../../grafana-plugin/src/pages/cost/tenant/quota-rows';
import { readBudgets } from '../../../grafana-plugin/src/pages/cost/tenant/read-budgets';
import { readUsage } from '../../../grafana-plugin/src/pages/cost/tenant/read-usage';
import { sorted, tenantRows, totals } from '../../../grafana-plugin/src/pages/cost/tenants/tenant-rows';
import budgets from '../../fixtures/grafana-plugin/billing/budgets.json';
import usage from '../../fixtures/grafana-plugin/billing/usage.json';

type Line = readonly [labels: Readonly<Record<string, string>>, value: number];

/** As Grafana's Prometheus gives an instant query in the form of a table. */
function table(refId: string, ...lines: readonly Line[]): DataFrame {
  const names = [...new Set(lines.flatMap(([labels]) => Object.keys(labels)))];
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: lines.map(() => 0) },
      ...names.map((name) => ({
        name,
        type: FieldType.string,
        values: lines.map(([labels]) => labels[name]),
      })),
      { name: `Value #${refId}`, type: FieldType.number, values: lines.map(([, value]) => value) },
    ],
  });
}

const a = { tenant: 'team-a', currency: 'EUR' };
const b = { tenant: '<b>b</b>', currency: 'EUR' };
const frames = [
  table('cost', [a, 100], [b, 30], [{ ...a, currency: 'USD' }, 5], [{ ...b, currency: 'GBP' }, Number.NaN]),
  table('expected', [a, 150]),
  table('budgetUsed', [{ budget: 'x', tenant: 'team-a' }, 0.4], [{ budget: 'y', tenant: 'team-a' }, 1.1]),
  table('score', [{ tenant: 'team-a' }, 6.5], [{ tenant: '<b>b</b>' }, 2]),
  table('change', [a, -0.25]),
];

test('a tenant has a line for each currency, and what is not known is missing', () => {
  const rows = tenantRows(frames);
  expect(rows).toHaveLength(3);
  expect(rows[0]).toEqual({
    ...{ tenant: 'team-a', currency: 'EUR', cost: 100, expected: 150, idle: undefined },
    ...{ budgetUsed: 1.1, change: -0.25, isUnusual: true },
  });
  expect(rows[1]).toMatchObject({ tenant: '<b>b</b>', expected: undefined, budgetUsed: undefined, isUnusual: false });
});

test('amounts in two currencies are never added up', () => {
  expect([...totals(tenantRows(frames), 'cost')]).toEqual([
    ['EUR', 130],
    ['USD', 5],
  ]);
});

test('what is not known comes last, whichever way a table is sorted', () => {
  const order = (isDescending: boolean) =>
    sorted(tenantRows(frames), 'expected', isDescending).map(({ expected }) => expected);
  expect(order(true)).toEqual([150, undefined, undefined]);
  expect(order(false)).toEqual([150, undefined, undefined]);
  expect(sorted(tenantRows(frames), 'cost', true).map(({ cost }) => cost)).toEqual([100, 30, 5]);
});

test('frames for each series are read as a table is', () => {
  const frame = createDataFrame({
    refId: 'cost',
    fields: [
      { name: 'Time', type: FieldType.time, values: [0] },
      { name: 'Value', type: FieldType.number, labels: a, values: [7] },
    ],
  });
  expect(tenantRows([frame])[0]).toMatchObject({ tenant: 'team-a', cost: 7 });
});

test('budgets of billing keep their digits, and those of other tenants are not asked for', () => {
  const [row] = budgetRowsOfAnswer(readBudgets(budgets).filter(({ tenant }) => tenant === 'team-a'));
  expect(row).toMatchObject({ name: 'Team A', amount: '16,000.00 EUR', spentAtMs: undefined });
  expect(row?.expectedText).toMatch(/^6,2\d\d\.\d\d EUR$/);
});

test('without billing a budget is told by Prometheus, and when it will be used up if that comes before the end', () => {
  const budget = { budget: 'x', tenant: 'team-a', cost_centre: '' };
  const figures = (leftSeconds: number) => [
    table('budgetAmount', [{ ...budget, currency: 'EUR' }, 200], [{ ...budget, budget: 'z', tenant: 'b' }, 1]),
    table('budgetCost', [{ ...budget, currency: 'EUR' }, 100]),
    table('budgetUsed', [budget, 0.5]),
    table('budgetLeft', [{ budget: 'x' }, leftSeconds]),
    table('periodEnd', [{ tenant: 'team-a' }, 1000]),
  ];
  expect(budgetRowsOfFigures(figures(300), 'team-a', 500_000)).toEqual([
    {
      ...{ name: 'x', amount: '200.00 EUR', spent: '100.00 EUR', used: 0.5, elapsed: undefined },
      ...{ expected: undefined, expectedText: undefined, spentAtMs: 800_000 },
    },
  ]);
  expect(budgetRowsOfFigures(figures(600), 'team-a', 500_000)[0]?.spentAtMs).toBeUndefined();
});

test('the fullest quota comes first, with its limit', () => {
  const quota = (name: string) => ({ cluster: 'c', tenant: 'team-a', quota: name, resource: 'gpu' });
  const found = quotaRows(
    [
      table('quotaUsed', [quota('half'), 0.5], [quota('over'), 1.125], [{ ...quota('other'), tenant: 'b' }, 1]),
      table('quotaLimit', [quota('over'), 8]),
    ],
    'team-a',
  );
  expect(found.map(({ quota: name, limit }) => [name, limit])).toEqual([
    ['over', 8],
    ['half', undefined],
  ]);
});

test('usage and budgets that are none are refused', () => {
  expect(readUsage(usage).usage[0]).toMatchObject({ unit: 'core hour' });
  expect(() => readUsage({ usage: [{ meter: 'gpu_time', quantity: 7, unit: 'h' }] })).toThrow('a line of usage');
  expect(() => readBudgets({ budgets: [{ name: 'x' }] })).toThrow('a budget has no name, amount');
});

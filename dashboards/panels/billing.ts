import { billing } from '../../metrics/billing.ts';
import { prometheus } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { budgetFullness, noneIsBetter, ofTenants, orZero } from './scope.ts';

const noBilling = 'No billing';
const noBudget = 'No budget';
const bounded = 'At most 16 curves: choose tenants above.';

/** Replicas show the same, so the largest of them counts once. */
const cost = promql`sum by (tenant, currency) (max by (tenant, currency, kind) (${select(billing.billing_period_cost, ofTenants)}))`;
const costByKind = promql`sum by (currency, kind) (max by (tenant, currency, kind) (${select(billing.billing_period_cost, ofTenants)}))`;

function forecastOf(method: string, estimate: string) {
  const selected = select(billing.billing_period_cost_forecast, { ...ofTenants, method, estimate });
  return promql`max by (tenant, currency) (${selected})`;
}

/** By weekday where that is known, else by pace. */
const expected = promql`(${forecastOf('weekday', 'expected')} or ${forecastOf('pace', 'expected')})`;
const elapsed = promql`max by (tenant) (${select(billing.billing_period_elapsed_ratio, ofTenants)})`;
const problems = promql`max by (tenant) (${select(billing.billing_bill_problems, ofTenants)})`;
const overdue = promql`max by (tenant) (${select(billing.billing_bill_overdue_since_timestamp_seconds, ofTenants)})`;

const budgetKeys = [
  ['budget', 'Budget'],
  ['tenant', 'Tenant'],
  ['cost_centre', 'Cost centre'],
] as const;
const used = promql`max by (budget, tenant, cost_centre) (${select(billing.billing_budget_used_ratio, ofTenants)})`;
const budgetForecast = (method: string, estimate: string) =>
  promql`max by (budget, tenant, cost_centre) (${select(billing.billing_budget_forecast_ratio, { ...ofTenants, method, estimate })})`;
const firing = select(prometheus.ALERTS, { alertstate: 'firing', domain: 'billing' });

/** What is to be paid, and whether it was meant to be so much. */
export const billingPanels = definePanels('billing', {
  cost: {
    visual: 'stat',
    metric: billing.billing_period_cost,
    title: 'Cost so far',
    description:
      'What have the current periods cost so far? The bills of the current periods of the chosen tenants, added up by currency.',
    unit: 'count',
    queries: [{ expr: promql`sum by (currency) (${cost})`, legend: '{{currency}}' }],
    decimals: 2,
    noValue: noBilling,
  },
  forecast: {
    visual: 'stat',
    metric: billing.billing_period_cost_forecast,
    title: 'Expected cost',
    description:
      'What will they cost? Expected at the end of the current periods: by weekday where a week of days is known, else by the pace so far.',
    unit: 'count',
    queries: [{ expr: promql`sum by (currency) (${expected})`, legend: '{{currency}}' }],
    decimals: 2,
    noValue: 'Too early to say',
  },
  budgetsExceeded: {
    visual: 'stat',
    metric: billing.billing_budget_used_ratio,
    title: 'Budgets exceeded',
    unit: 'count',
    description: 'How many budgets are exceeded? Budgets of the chosen tenants of which all is used.',
    queries: [{ expr: orZero(promql`count(${used} >= 1)`, used), legend: 'exceeded' }],
    levels: noneIsBetter,
    noValue: noBudget,
  },
  problems: {
    visual: 'stat',
    metric: billing.billing_bill_problems,
    title: 'Closing problems',
    unit: 'count',
    queries: [{ expr: promql`sum(${problems})`, legend: 'problems' }],
    levels: noneIsBetter,
    noValue: noBilling,
  },
  overdue: {
    visual: 'stat',
    metric: billing.billing_bill_overdue_since_timestamp_seconds,
    title: 'Bills overdue',
    description: 'How many bills are overdue? Tenants with a past period whose bill is not closed.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${overdue})`, elapsed), legend: 'overdue' }],
    levels: noneIsBetter,
    noValue: noBilling,
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts about money and metering fire?',
    description: 'Alerts of the domain billing that are firing now, with the number of their instances.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
      ['tenant', 'Tenant'],
    ],
    columns: [
      {
        heading: 'Instances',
        unit: 'count',
        expr: promql`count by (severity, alertname, cluster, tenant) (${firing})`,
      },
    ],
    sortBy: ['Instances', 'largest'],
    noValue: 'No alert fires',
  },
  tenants: {
    visual: 'table',
    metric: billing.billing_period_cost,
    title: 'What does each tenant owe?',
    description:
      'The bill of the current period so far, and what it will be; the two hundred largest. The link on the name narrows the board to the tenant.',
    keys: [
      ['currency', 'Currency'],
      ['tenant', 'Tenant'],
    ],
    columns: [
      { heading: 'So far', unit: 'count', expr: promql`topk(200, ${cost})` },
      { heading: 'Expected', unit: 'count', expr: expected },
      { heading: 'At least', unit: 'count', expr: forecastOf('weekday', 'low') },
      { heading: 'At most', unit: 'count', expr: forecastOf('weekday', 'high') },
    ],
    sortBy: ['So far', 'largest'],
    noValue: noBilling,
  },
  kinds: {
    visual: 'bars',
    metric: billing.billing_period_cost,
    title: 'What is in the bills?',
    description:
      'The bills of the current periods of the chosen tenants by kind of line. Discounts and credits are below 0.',
    unit: 'count',
    queries: [{ expr: costByKind, legend: '{{kind}} {{currency}}' }],
    noValue: noBilling,
  },
  daily: {
    visual: 'timeseries',
    metric: billing.billing_cost_total,
    title: 'What is charged each day?',
    description: `Charged in the day before each moment, without what was taken back, by tenant. ${bounded}`,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, sum by (tenant, currency) (max by (cluster, tenant, resource, currency) (increase(${select(billing.billing_cost_total, ofTenants)}[1d]))))`,
        legend: '{{tenant}} {{currency}}',
      },
    ],
    stacked: true,
    noValue: noBilling,
  },
  resources: {
    visual: 'timeseries',
    metric: billing.billing_cost_total,
    title: 'What is it charged for?',
    description: 'Charged in the day before each moment to the chosen tenants, by meter or kind of line.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (resource, currency) (max by (cluster, tenant, resource, currency) (increase(${select(billing.billing_cost_total, ofTenants)}[1d]))) > 0`,
        legend: '{{resource}} {{currency}}',
      },
    ],
    stacked: true,
    noValue: 'Nothing was charged within a day',
  },
  budgets: {
    visual: 'table',
    metric: billing.billing_budget_used_ratio,
    title: 'How is each budget?',
    description:
      'Shares of each budget; low and high are the bounds of four of five forecasts, absent while too few days are known.',
    keys: budgetKeys,
    columns: [
      { heading: 'Used', unit: 'ratio', expr: used, levels: budgetFullness },
      {
        heading: 'Period passed',
        unit: 'ratio',
        expr: promql`max by (budget, tenant, cost_centre) (${select(billing.billing_budget_elapsed_ratio, ofTenants)})`,
      },
      {
        heading: 'Expected',
        unit: 'ratio',
        expr: promql`(${budgetForecast('weekday', 'expected')} or ${budgetForecast('pace', 'expected')})`,
        levels: budgetFullness,
      },
      { heading: 'Low', unit: 'ratio', expr: budgetForecast('weekday', 'low') },
      { heading: 'High', unit: 'ratio', expr: budgetForecast('weekday', 'high') },
    ],
    sortBy: ['Used', 'largest'],
    noValue: noBudget,
  },
  budgetCurve: {
    visual: 'timeseries',
    metric: billing.billing_budget_used_ratio,
    title: 'How fast are budgets used?',
    description: 'The sixteen budgets of which the largest share is used.',
    queries: [{ expr: promql`topk(16, ${used})`, legend: '{{budget}}' }],
    noValue: noBudget,
  },
});

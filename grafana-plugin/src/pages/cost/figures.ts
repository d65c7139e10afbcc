import { billing } from '../../../../metrics/billing.ts';
import { type Expr, promql, select } from '../../../../metrics/promql.ts';
import { billingRecordings } from '../../../../rules/recording/billing-score.ts';

// Replicas of billing show the same, so the largest of them counts once.
const ofKinds = (kind: Readonly<{ kind?: string }>) =>
  promql`sum by (tenant, currency) (max by (tenant, currency, kind) (${select(billing.billing_period_cost, kind)}))`;
const forecast = (method: string) =>
  promql`max by (tenant, currency) (${select(billing.billing_period_cost_forecast, { method, estimate: 'expected' })})`;
const budgetForecast = (method: string) =>
  promql`max by (budget) (${select(billing.billing_budget_forecast_ratio, { method, estimate: 'expected' })})`;
const budgetAmount = promql`max by (budget, tenant, cost_centre, currency) (${billing.billing_budget_amount})`;
const budgetCost = promql`max by (budget, tenant, cost_centre, currency) (${billing.billing_budget_cost})`;

const charged = promql`sum by (tenant, currency) (max by (cluster, tenant, resource, currency) (increase(${billing.billing_cost_total}[30d])))`;
const takenBack = promql`sum by (tenant, currency) (max by (cluster, tenant, resource, currency) (increase(${billing.billing_cost_reversed_total}[30d])))`;
const chargedBefore = promql`sum by (tenant, currency) (max by (cluster, tenant, resource, currency) (increase(${billing.billing_cost_total}[30d] offset 30d)))`;
const takenBackBefore = promql`sum by (tenant, currency) (max by (cluster, tenant, resource, currency) (increase(${billing.billing_cost_reversed_total}[30d] offset 30d)))`;
const spent = promql`(${charged} - ${takenBack} or ${charged})`;
const spentBefore = promql`(${chargedBefore} - ${takenBackBefore} or ${chargedBefore})`;

const score = billingRecordings.series['cluster_tenant_currency:billing_cost:score'];

/** What the page asks Prometheus for, of all tenants at once; each answer has one line for each tenant, budget or quota. */
export const figures = {
  cost: ofKinds({}),
  expected: promql`${forecast('weekday')} or ${forecast('pace')}`,
  idle: ofKinds({ kind: 'idle' }),
  change: promql`${spent} / (${spentBefore} > 0) - 1`,
  score: promql`max by (tenant) (${score})`,
  elapsed: promql`max by (tenant) (${billing.billing_period_elapsed_ratio})`,
  periodEnd: promql`max by (tenant) (${billing.billing_period_end_timestamp_seconds})`,
  budgetAmount,
  budgetCost,
  budgetUsed: promql`max by (budget, tenant, cost_centre) (${billing.billing_budget_used_ratio})`,
  budgetElapsed: promql`max by (budget) (${billing.billing_budget_elapsed_ratio})`,
  budgetExpected: promql`${budgetForecast('weekday')} or ${budgetForecast('pace')}`,
  /** Seconds until all is used, if each day costs what the last one did. */
  budgetLeft: promql`max by (budget) ((${budgetAmount} - ${budgetCost}) / (max by (budget, tenant, cost_centre, currency) (delta(${billing.billing_budget_cost}[1d])) > 0)) * 86400`,
  quotaUsed: promql`max by (cluster, tenant, quota, resource) (${billing.billing_quota_used_ratio})`,
  quotaLimit: promql`max by (cluster, tenant, quota, resource) (${billing.billing_quota_limit})`,
} satisfies Readonly<Record<string, Expr>>;

export type Figure = keyof typeof figures;

/** Above it an alert tells of the tenant. */
export const unusualScore = 6;

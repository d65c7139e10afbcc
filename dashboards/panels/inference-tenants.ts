import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { inferenceGroup } from '../../rules/recording/inference.ts';
import { definePanels } from '../panel.ts';
import { failing, onClusters, onTenants } from './scope.ts';

const { series } = inferenceGroup;
const requests = inference.inference_requests_total;
const bounded = 'At most 16 curves: choose tenants above.';
const legend = '{{tenant}} ({{engine_kind}})';
const noTenant = 'No tenant is known: this needs the proxy';

/** All models of a tenant, for each kind of server apart. */
function ofTenant(recorded: Expr): Expr {
  return promql`sum by (cluster, engine_kind, tenant) (${recorded})`;
}

const rate = select(series['model_tenant:inference_requests:rate5m'], onTenants);
const rejected = select(requests, { ...onTenants, engine_kind: { re: 'proxy|service' }, status: 'rejected' });
const busiest = promql`topk(100, ${ofTenant(rate)})`;

function ofBusiest(column: Expr): Expr {
  return promql`${column} and on (cluster, engine_kind, tenant) ${busiest}`;
}

const errorRatio = promql`max by (cluster, engine_kind, tenant) (${select(series['model_tenant:inference_error_ratio:rate5m'], onTenants)})`;

const onBudgets = { ...onClusters, tenant: onTenants.tenant } as const;

/** All proxies count what went through them, and all were given the same budget. */
const used = promql`sum by (cluster, tenant, period) (${select(inference.inference_token_budget_used_tokens, onBudgets)})`;
const budget = promql`max by (cluster, tenant, period) (${select(inference.inference_token_budget_tokens, onBudgets)})`;
const usedRatio = promql`${used} / (${budget} > 0)`;

function inRange(counter: Expr): Expr {
  return ofTenant(promql`increase(${counter}[$__range])`);
}

/** Who asks, how much, and what stops them. */
export const inferenceTenantPanels = definePanels('inference-tenants', {
  tenants: {
    visual: 'table',
    metric: series['model_tenant:inference_requests:rate5m'],
    title: 'How is each tenant served?',
    description:
      'The hundred tenants that ask most, over five minutes, and their tokens and rejected requests in the time range shown; the link on the name narrows the board to the tenant.',
    keys: [
      ['cluster', 'Cluster'],
      ['engine_kind', 'Seen at'],
      ['tenant', 'Tenant'],
    ],
    columns: [
      { heading: 'Requests/s', unit: 'none', decimals: 2, expr: busiest },
      { heading: 'Failing, worst model', unit: 'ratio', expr: ofBusiest(errorRatio), levels: failing },
      {
        heading: 'Input tokens',
        unit: 'count',
        decimals: 0,
        expr: ofBusiest(inRange(select(inference.inference_tokens_input_total, onTenants))),
      },
      {
        heading: 'Generated tokens',
        unit: 'count',
        decimals: 0,
        expr: ofBusiest(inRange(select(inference.inference_tokens_generated_total, onTenants))),
      },
      {
        heading: 'From cache',
        unit: 'count',
        expr: ofBusiest(inRange(select(inference.inference_tokens_cached_total, onTenants))),
      },
      {
        heading: 'Rejected',
        unit: 'count',
        expr: ofBusiest(inRange(rejected)),
      },
    ],
    sortBy: ['Requests/s', 'largest'],
    noValue: noTenant,
  },
  requests: {
    visual: 'timeseries',
    metric: series['model_tenant:inference_requests:rate5m'],
    title: 'How much does each tenant ask?',
    description: `${series['model_tenant:inference_requests:rate5m'].help} ${bounded}`,
    unit: 'count',
    queries: [{ expr: promql`topk(16, ${ofTenant(rate)})`, legend }],
    noValue: noTenant,
  },
  tokens: {
    visual: 'timeseries',
    metric: series['model_tenant:inference_tokens_generated:rate5m'],
    title: 'How many tokens are generated for each tenant?',
    description: `${series['model_tenant:inference_tokens_generated:rate5m'].help} ${bounded}`,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, ${ofTenant(select(series['model_tenant:inference_tokens_generated:rate5m'], onTenants))})`,
        legend,
      },
    ],
    stacked: true,
    noValue: noTenant,
  },
  prompts: {
    visual: 'timeseries',
    metric: series['model_tenant:inference_tokens_input:rate5m'],
    title: 'How many tokens of prompts does each tenant send?',
    description: `${series['model_tenant:inference_tokens_input:rate5m'].help} ${bounded}`,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, ${ofTenant(select(series['model_tenant:inference_tokens_input:rate5m'], onTenants))})`,
        legend,
      },
    ],
    stacked: true,
    noValue: noTenant,
  },
  rejected: {
    visual: 'timeseries',
    metric: requests,
    title: 'Which limits stop whom?',
    description: `Requests that were rejected, by tenant and by the limit or rule that rejected them. ${bounded}`,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, sum by (tenant, reason) (increase(${rejected}[$__rate_interval])) > 0)`,
        legend: '{{tenant}} {{reason}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    noValue: 'None',
  },
  budgets: {
    visual: 'bars',
    metric: inference.inference_token_budget_used_tokens,
    title: 'How much of its token budget has each tenant used?',
    description: 'The sixteen tenants that have used the largest share of the present day or month, in UTC.',
    unit: 'ratio',
    queries: [{ expr: promql`topk(16, ${usedRatio})`, legend: '{{tenant}} {{period}}' }],
    levels: {
      base: 'ok',
      steps: [
        [0.8, 'warning'],
        [1, 'critical'],
      ],
    },
    noValue: 'No tenant has a budget',
  },
});

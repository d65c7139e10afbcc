import { inference } from '../../metrics/inference.ts';
import type { Duration, Expr, PlainMetric } from '../../metrics/promql.ts';
import { duration, promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleProxyModel, exampleProxyTarget, exampleRequests } from '../examples.ts';
import { whichTenant } from '../inference-texts.ts';
import { requests } from '../serving.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

type Period = 'day' | 'month';

const usedTokens = inference.inference_token_budget_used_tokens;
const budgetTokens = inference.inference_token_budget_tokens;

/** Each proxy counts what went through it. */
function used(vector: PlainMetric | Expr): Expr {
  return promql`sum by (cluster, tenant, period) (${recent(vector)})`;
}

/** All proxies were given the same budget. */
function budget(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, tenant, period) (${recent(vector)})`;
}

const usedRatio = promql`${used(usedTokens)} / ${budget(budgetTokens)}`;

/** Tokens per second of a tenant, input and generated as in the budget. */
function pace(window: Duration['duration']): Expr {
  const rateOf = (counter: PlainMetric) =>
    promql`sum by (cluster, tenant) (rate(${select(counter, { engine_kind: 'proxy' })}[${duration(window)}]))`;
  return promql`(${rateOf(inference.inference_tokens_input_total)} + ${rateOf(inference.inference_tokens_generated_total)})`;
}

const untilEndOfDay = promql`${pace('1h')} * (86400 - time() % 86400)`;
const secondsLeftOfMonth = promql`(86400 * (days_in_month(vector(time())) - day_of_month(vector(time())) + 1) - time() % 86400)`;
/** A month goes on at the pace of a whole day: that of a busy hour would foretell too much. */
const untilEndOfMonth = promql`${pace('1d')} * on () group_left () ${secondsLeftOfMonth}`;

function isTooMuch(period: Period, further: Expr): Expr {
  return promql`${used(select(usedTokens, { period }))} + on (cluster, tenant) group_left () (${further}) > ${budget(select(budgetTokens, { period }))}`;
}

const ofLimits = { re: 'rate_limit|token_rate_limit|concurrency|token_budget' } as const;
const rejected = promql`sum by (cluster, tenant, reason) (increase(${requests({ engine_kind: 'proxy', status: 'rejected', reason: ofLimits })}[10m]))`;
const all = promql`sum by (cluster, tenant) (increase(${requests({ engine_kind: 'proxy' })}[10m]))`;

interface ExampleTenant {
  readonly tenant: string;
  readonly period: Period;
  readonly budget: number;
  /** Tokens before the first minute, and in each minute, on 1 January 1970. */
  readonly before: number;
  readonly perMinute: number;
}

/** A tenant with a budget, whose tokens are one part input and three parts generated. */
function tenant(example: ExampleTenant): readonly (readonly [Expr, string])[] {
  const { perMinute, before, period } = example;
  const labels = { ...exampleProxyTarget, tenant: example.tenant };
  const ofModel = { ...labels, ...exampleProxyModel };
  return [
    [series(budgetTokens, { ...labels, period }), `${example.budget}x120`],
    [series(usedTokens, { ...labels, period }), `${before}+${perMinute}x120`],
    [series(inference.inference_tokens_input_total, ofModel), `0+${perMinute / 4}x120`],
    [series(inference.inference_tokens_generated_total, ofModel), `0+${(perMinute / 4) * 3}x120`],
  ];
}

const findUse =
  'What uses them: on the board LLM serving, tokens of the tenant by model; `sum by (model_name) (increase(inference_tokens_generated_total{tenant="<tenant>"}[1d]))`.';

export default defineAlerts({
  theme: 'inference-tenants',
  alerts: [
    {
      name: 'TenantTokenBudgetBurn',
      expr: promql`${usedRatio} >= ${thresholds.tenantBudgetUsedRatio}
and
(
  ${isTooMuch('day', untilEndOfDay)}
  or
  ${isTooMuch('month', untilEndOfMonth)}
  or
  ${usedRatio} >= 1
)`,
      thresholds: ['tenantBudgetUsedRatio'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'The token budget of a tenant is used up, or will be before its period ends.',
      description: `${whichTenant} has used {{ $value | humanizePercentage }} of its token budget of the {{ $labels.period }}. At its present pace nothing is left before the end; talk to the tenant or raise the budget.`,
      runbook: {
        meaning:
          'Once the budget is used up the proxy rejects every request of the tenant until the next day or month begins, in UTC. The pace is that of the last hour for a day, and of the last day for a month. With several proxies each one rejects by its own count, so the tenant may get more.',
        firstLook: [
          findUse,
          'Is it usual: the same a day and a week ago. A loop that tries again for ever shows as a straight line at night.',
          'How much is left: `inference_token_budget_tokens - inference_token_budget_used_tokens`.',
        ],
        remedy: [
          'Wanted growth: raise the budget of the tenant in the file of the proxy, and load it with `systemctl reload fleetlens-inference`.',
          'A program gone wild: a limit of requests or tokens per minute stops it without cutting off the rest of the tenant.',
        ],
      },
      fires: {
        when: 'At two in the night one tenant has used 60 % of a day and will use more than all; another more than half of a month, and at the end of it a little more than all; a third has used up its month',
        series: [
          ...tenant({ tenant: 'search', period: 'day', budget: 1_000_000, before: 558_000, perMinute: 350 }),
          ...tenant({ tenant: 'code', period: 'month', budget: 3_000_000, before: 1_684_500, perMinute: 400 }),
          ...tenant({ tenant: 'chat', period: 'month', budget: 1000, before: 1000, perMinute: 0 }),
        ],
        at: '120m',
        alerts: [
          { cluster: 'c1', tenant: 'search', period: 'day' },
          { cluster: 'c1', tenant: 'code', period: 'month' },
          { cluster: 'c1', tenant: 'chat', period: 'month' },
        ],
      },
      quiet: {
        when: 'At two in the night one has used 45 % of a day, fast; another 59 %, slowly; a third more than half of a month that just lasts at its pace',
        series: [
          ...tenant({ tenant: 'search', period: 'day', budget: 1_000_000, before: 346_000, perMinute: 850 }),
          ...tenant({ tenant: 'chat', period: 'day', budget: 1_000_000, before: 556_000, perMinute: 300 }),
          ...tenant({ tenant: 'code', period: 'month', budget: 3_000_000, before: 1_659_000, perMinute: 400 }),
        ],
        at: '120m',
      },
    },
    {
      name: 'TenantRateLimited',
      expr: promql`${rejected}
/ on (cluster, tenant) group_left ()
${all}
> ${thresholds.tenantRejectedRatio}
and
${rejected} >= ${thresholds.tenantRejectedCount}`,
      thresholds: ['tenantRejectedRatio', 'tenantRejectedCount'],
      for: '2m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'Many requests of a tenant are rejected by a limit.',
      description: `${whichTenant} has {{ $value | humanizePercentage }} of its requests rejected ({{ $labels.reason }}). See whether it sends more than usual or its limit is too low.`,
      runbook: {
        meaning:
          'The limits do what they are there for, and the tenant feels it. rate_limit and token_rate_limit: too many requests or tokens in a minute; concurrency: too many at once; token_budget: nothing is left for the day or month.',
        firstLook: [
          'More than usual: `sum by (status) (rate(inference_requests_total{tenant="<tenant>"}[5m]))`, now and a day ago.',
          findUse,
          'concurrency: are answers slower than before? Then as many requests pile up without more being sent.',
          'Does the client wait for the time in `Retry-After`, or try again at once: rejected requests far above the limit say so.',
        ],
        remedy: [
          'Raise the limit of the tenant in the file of the proxy, if there is room.',
          'Have the client back off, or send its batch at night.',
          'A tenant that is limited on purpose: silence the alert for it.',
        ],
      },
      fires: {
        when: 'A ninth of the requests of a tenant is too much, twenty within ten minutes',
        series: [
          exampleRequests('0+16x60', { status: 'success' }),
          exampleRequests('0+2x60', { status: 'rejected', reason: 'rate_limit' }),
          exampleRequests('0+50x60', { status: 'success', tenant: 'chat' }),
        ],
        at: '30m',
        alerts: [{ cluster: 'c1', tenant: 'search', reason: 'rate_limit' }],
      },
      quiet: {
        when: 'A tenth is; another has its few requests rejected; one asks for a model that it may not use',
        series: [
          exampleRequests('0+90x60', { status: 'success' }),
          exampleRequests('0+10x60', { status: 'rejected', reason: 'concurrency' }),
          exampleRequests('0+1.9x60', { status: 'rejected', reason: 'rate_limit', tenant: 'chat' }),
          exampleRequests('0+50x60', { status: 'rejected', reason: 'model_not_allowed', tenant: 'code' }),
        ],
        at: '30m',
      },
    },
  ],
});

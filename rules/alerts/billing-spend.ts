import { billing } from '../../metrics/billing.ts';
import { type Expr, promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { lookAtCosts, whichBudget, whoPays } from '../billing-texts.ts';
import { exampleBillingTarget, exampleBudget, exampleBudgetTarget } from '../examples.ts';
import { billingRecordings } from '../recording/billing-score.ts';
import { thresholds } from '../thresholds.ts';
import { perBudget, recent } from '../vectors.ts';

const score = billingRecordings.series['cluster_tenant_currency:billing_cost:score'];
const spender = { cluster: 'c1', tenant: 'search', currency: 'EUR' } as const;

const usedRatio = perBudget(recent(billing.billing_budget_used_ratio));
const elapsedRatio = perBudget(recent(billing.billing_budget_elapsed_ratio));
const byWeekday = perBudget(
  recent(select(billing.billing_budget_forecast_ratio, { method: 'weekday', estimate: 'low' })),
);
const byPace = perBudget(
  recent(select(billing.billing_budget_forecast_ratio, { method: 'pace', estimate: 'expected' })),
);

const kinds = promql`max by (cluster, tenant, currency, kind) (${recent(select(billing.billing_period_cost, { kind: { re: 'usage|idle|commitment|overage' } }))})`;
const idle = promql`max by (cluster, tenant, currency) (${recent(select(billing.billing_period_cost, { kind: 'idle' }))})`;
const periodElapsed = promql`max by (cluster, tenant) (${recent(billing.billing_period_elapsed_ratio)})`;

/** The budget of a cost centre. */
const ofCentre = { cluster: 'c1', budget: 'research-monthly', cost_centre: '4711' } as const;
const ofCentreTarget = { ...exampleBillingTarget, ...ofCentre, tenant: '' } as const;
const newBudget = { ...exampleBudget, budget: 'chat-monthly', tenant: 'chat' } as const;
const newBudgetTarget = { ...exampleBudgetTarget, ...newBudget } as const;
const newCentre = { ...ofCentre, budget: 'speech-monthly' } as const;
const newCentreTarget = { ...ofCentreTarget, ...newCentre } as const;
const exceededTarget = { ...exampleBudgetTarget, budget: 'vision-monthly', tenant: 'vision' } as const;

type BudgetTarget = Readonly<Record<keyof typeof exampleBudgetTarget, string>>;

/** The lower bound of the forecast by weekdays. */
function exampleForecast(values: string, budget: BudgetTarget = exampleBudgetTarget): readonly [Expr, string] {
  return [series(billing.billing_budget_forecast_ratio, { ...budget, method: 'weekday', estimate: 'low' }), values];
}

function examplePace(values: string, budget: BudgetTarget): readonly [Expr, string] {
  return [series(billing.billing_budget_forecast_ratio, { ...budget, method: 'pace', estimate: 'expected' }), values];
}

function exampleUsed(values: string, budget: BudgetTarget = exampleBudgetTarget): readonly [Expr, string] {
  return [series(billing.billing_budget_used_ratio, budget), values];
}

function exampleElapsed(values: string, budget: BudgetTarget = exampleBudgetTarget): readonly [Expr, string] {
  return [series(billing.billing_budget_elapsed_ratio, budget), values];
}

function exampleStep(
  step: string,
  values: string,
  budget: BudgetTarget = exampleBudgetTarget,
): readonly [Expr, string] {
  return [series(billing.billing_budget_step_reached, { ...budget, step }), values];
}

/** The bill of a tenant so far, in two kinds of lines, and how much of its period has passed. */
function exampleBill(
  whose: { readonly tenant: string; readonly cluster?: string },
  values: Readonly<Record<'usage' | 'idle' | 'elapsed', string>>,
): readonly (readonly [Expr, string])[] {
  const labels = { ...exampleBillingTarget, ...whose };
  return [
    [series(billing.billing_period_cost, { ...labels, currency: 'EUR', kind: 'usage' }), values.usage],
    [series(billing.billing_period_cost, { ...labels, currency: 'EUR', kind: 'idle' }), values.idle],
    [series(billing.billing_period_elapsed_ratio, labels), values.elapsed],
  ];
}

const quota = {
  cluster: 'c1',
  tenant: 'search',
  quota: 'search-prod/gpus',
  resource: 'requests.nvidia.com/gpu',
} as const;

/** What tenants spend, and what they may. */
export default defineAlerts({
  theme: 'billing-spend',
  alerts: [
    {
      name: 'SpendAnomaly',
      expr: promql`${score} > ${thresholds.spendAnomalyDeviationsCount}`,
      thresholds: ['spendAnomalyDeviationsCount'],
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'finance',
      summary: 'A tenant spends far more than is usual for it.',
      description:
        'The spending of the tenant {{ $labels.tenant }} in {{ $labels.cluster }} ({{ $labels.currency }}) is {{ $value | humanize }} deviations above the median of its week. Ask the tenant whether it is meant.',
      runbook: {
        meaning:
          'The last six hours cost more than nearly every six hours of the week before. A forgotten job, a loop that starts pods, a new price or a real need look the same here.',
        firstLook: [
          lookAtCosts,
          'By resource: `sum by (resource) (increase(billing_cost_total{tenant="<tenant>"}[6h]))`, today and with `offset 1d`.',
          'Did prices, contract or the mapping of namespaces change today; did a back-fill run.',
        ],
        remedy: [
          'Not meant: the tenant stops the job or scales it down.',
          'Meant: nothing; after some days the higher spending is the usual one.',
          'A price or a mapping is wrong: mend the file. The draft is reckoned anew, and nothing was sent.',
          whoPays,
        ],
      },
      fires: {
        when: 'Two hours above what nearly every day has',
        series: [[series(score, spender), '0.5x30 6.5x120']],
        at: '2h',
        alerts: [spender],
      },
      quiet: {
        when: 'A busy morning, as every week has some',
        series: [[series(score, spender), '0.5x30 6x120']],
        at: '2h',
      },
    },
    {
      name: 'BudgetStepReached',
      expr: promql`max by (cluster, budget, tenant, cost_centre, step) (${recent(billing.billing_budget_step_reached)}) == 1
unless on (cluster, budget, tenant, cost_centre)
${usedRatio} >= 1`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'finance',
      summary: 'A step of a budget is reached.',
      description: `${whichBudget} has reached its step {{ $labels.step }} as a share of the whole. See whether it will last until the end of its period.`,
      runbook: {
        meaning:
          'Somebody asked to be told at this share of the budget. Each step is told once: the next one takes the place of the one before.',
        firstLook: [
          lookAtCosts,
          'The forecast beside it: if it is below the budget, all is well.',
          'How much of the period has passed: `billing_budget_elapsed_ratio`.',
        ],
        remedy: [
          'It will last: nothing to do.',
          'It will not: use less, or agree on a larger budget before it is spent.',
          whoPays,
        ],
      },
      fires: {
        when: 'Four fifths of the budget are used, and half of that of a cost centre',
        series: [
          exampleStep('0.5', '1x5 0x20'),
          exampleStep('0.8', '0x5 1x20'),
          exampleUsed('0.79x5 0.81x20'),
          exampleStep('0.5', '1x25', ofCentreTarget),
          exampleUsed('0.5x25', ofCentreTarget),
        ],
        at: '20m',
        alerts: [
          { ...exampleBudget, step: '0.8' },
          { ...ofCentre, step: '0.5' },
        ],
      },
      quiet: {
        when: 'The budget is exceeded, which has an alert of its own, and that of a cost centre too',
        series: [
          exampleStep('0.8', '0x30'),
          exampleStep('1', '1x30'),
          exampleUsed('1.01x30'),
          exampleStep('1', '1x30', ofCentreTarget),
          exampleUsed('1.01x30', ofCentreTarget),
        ],
        at: '20m',
      },
    },
    {
      name: 'BudgetExceeded',
      expr: promql`${usedRatio} >= 1`,
      for: '5m',
      keepFiringFor: '1h',
      severity: 'critical',
      action: 'investigate',
      domain: 'billing',
      team: 'finance',
      summary: 'A budget is spent before its period is over.',
      description: `${whichBudget} is used to {{ $value | humanizePercentage }}. Decide whether the work goes on, and who pays for it.`,
      runbook: {
        meaning:
          'The costs of the period are at or above the budget. Nothing is stopped: FleetLens tells, people decide.',
        firstLook: [lookAtCosts, 'How much of the period is left: `billing_budget_elapsed_ratio`.'],
        remedy: [
          'Raise the budget in the file of billing, if that was agreed.',
          'Or lower the quota of the tenant, so that no new work starts.',
          whoPays,
        ],
      },
      fires: {
        when: 'The budget is spent, and that of a cost centre too',
        series: [exampleUsed('0.99x5 1x20'), exampleUsed('0.99x5 1x20', ofCentreTarget)],
        at: '20m',
        alerts: [exampleBudget, ofCentre],
      },
      quiet: {
        when: 'Nearly all of it is used',
        series: [exampleUsed('0.99x30')],
        at: '20m',
      },
    },
    {
      name: 'BudgetBurnForecast',
      expr: promql`(
  ${byWeekday} > ${thresholds.budgetForecastRatio}
  or
  (${byPace} > ${thresholds.budgetPaceRatio} and ${elapsedRatio} > ${thresholds.budgetPaceElapsedRatio} unless ${byWeekday})
)
and ${usedRatio} < 1`,
      thresholds: ['budgetForecastRatio', 'budgetPaceRatio', 'budgetPaceElapsedRatio'],
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'finance',
      summary: 'A budget will not last until the end of its period.',
      description: `${whichBudget} will be used to {{ $value | humanizePercentage }} or more at the end of its period if it goes on as in the last weeks. There is still time to change that.`,
      runbook: {
        meaning:
          'By the costs of the last weeks, each day taken as its weekday was, four of five outcomes are above the budget. Where fewer than two weeks are known, the pace of the period so far decides, and only far above the budget.',
        firstLook: [
          lookAtCosts,
          'How it went so far: `billing_budget_used_ratio{budget="<name>"}` over the period.',
          'When it will be spent: `GET /api/v1/budgets` of billing names the moment.',
          'Is there a one-off in the past weeks that will not come again.',
        ],
        remedy: ['Use less from now on, or agree on a larger budget while there is time.', whoPays],
      },
      fires: {
        when: 'The lower bound of the forecast is above the budget',
        series: [exampleForecast('1.1x90'), exampleUsed('0.6x90'), exampleElapsed('0.5x90')],
        at: '80m',
        alerts: [exampleBudget],
      },
      quiet: {
        when: 'The budget may or may not last, that of a tenant and that of a cost centre; another one is exceeded',
        series: [
          ...[exampleBudgetTarget, ofCentreTarget].flatMap((budget) => [
            exampleForecast('0.95x90', budget),
            examplePace('1.3x90', budget),
            exampleUsed('0.6x90', budget),
            exampleElapsed('0.5x90', budget),
          ]),
          exampleForecast('1.1x90', exceededTarget),
          exampleUsed('1x90', exceededTarget),
        ],
        at: '80m',
      },
      edges: [
        {
          when: 'Two budgets are new, and their pace is far above them after a quarter of the period; the third is that of a cost centre, with a forecast',
          series: [
            ...[newBudgetTarget, newCentreTarget].flatMap((budget) => [
              examplePace('1.25x90', budget),
              exampleUsed('0.33x90', budget),
              exampleElapsed('0.26x90', budget),
            ]),
            exampleForecast('1.1x90', ofCentreTarget),
            exampleUsed('0.6x90', ofCentreTarget),
          ],
          at: '80m',
          alerts: [newBudget, newCentre, ofCentre],
        },
        {
          when: 'The pace of a new budget is a little too high, and that of another one was for a few days only',
          series: [
            examplePace('1.15x90', newBudgetTarget),
            exampleUsed('0.57x90', newBudgetTarget),
            exampleElapsed('0.5x90', newBudgetTarget),
            examplePace('1.5x90', newCentreTarget),
            exampleUsed('0.36x90', newCentreTarget),
            exampleElapsed('0.24x90', newCentreTarget),
          ],
          at: '80m',
        },
      ],
    },
    {
      name: 'QuotaNearlyUsed',
      expr: promql`max by (cluster, tenant, quota, resource) (${recent(billing.billing_quota_used_ratio)}) > ${thresholds.quotaNearlyUsedRatio}`,
      thresholds: ['quotaNearlyUsedRatio'],
      for: '30m',
      severity: 'info',
      action: 'none',
      domain: 'billing',
      team: 'finance',
      summary: 'A quota is nearly used up.',
      description:
        'The quota {{ $labels.quota }} of the tenant {{ $labels.tenant }} in {{ $labels.cluster }} is used to {{ $value | humanizePercentage }} of {{ $labels.resource }}. New work may have to wait.',
      runbook: {
        meaning:
          'A tenant that uses what it was given is what quotas are for; at the limit its next pod or job is refused or waits.',
        firstLook: [
          'What is used: `kubectl describe resourcequota -n <namespace>`, or `sacctmgr show assoc account=<account>` for Slurm.',
          'Is anything waiting that matters.',
        ],
        remedy: ['The tenant ends what it does not need, or asks for a larger quota.', whoPays],
      },
      fires: {
        when: 'All GPUs but one are taken for an hour',
        series: [[series(billing.billing_quota_used_ratio, { ...exampleBillingTarget, ...quota }), '0.95x90']],
        at: '60m',
        alerts: [quota],
      },
      quiet: {
        when: 'Nine tenths are taken',
        series: [[series(billing.billing_quota_used_ratio, { ...exampleBillingTarget, ...quota }), '0.9x90']],
        at: '60m',
      },
    },
    {
      name: 'IdleGpuCostHigh',
      expr: promql`${idle} / sum by (cluster, tenant, currency) (${kinds}) > ${thresholds.idleCostRatio}
and on (cluster, tenant) ${periodElapsed} > ${thresholds.idleCostElapsedRatio}`,
      thresholds: ['idleCostRatio', 'idleCostElapsedRatio'],
      for: '6h',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'finance',
      summary: 'A tenant pays much for reserved GPUs that it does not use.',
      description:
        'The bill of the tenant {{ $labels.tenant }} ({{ $labels.cluster }}, {{ $labels.currency }}) is to {{ $value | humanizePercentage }} for GPUs that were reserved and idle. Give some back or use them.',
      runbook: {
        meaning:
          'By the idle-cost policy of its contract the tenant is charged for reserved capacity that nobody used. It is paid for and others cannot have it.',
        firstLook: [
          lookAtCosts,
          'Idle by cluster: `billing_gpu_state_ratio{state="idle"}`.',
          'Does work of the tenant wait elsewhere, for example by a node selector that does not fit.',
        ],
        remedy: [
          'Give part of the reservation back, or move work onto it.',
          'A reserve that is meant: raise the threshold.',
          whoPays,
        ],
      },
      fires: {
        when: 'A third of the bill is for idle GPUs, in the first days of a month',
        series: exampleBill({ tenant: 'search' }, { usage: '67x420', idle: '33x420', elapsed: '0.11x420' }),
        at: '7h',
        alerts: [spender],
      },
      quiet: {
        when: 'A quarter of it is; and in the first days of a month nearly all of the bills of another tenant, and of the same one in another cluster',
        series: [
          ...exampleBill({ tenant: 'search' }, { usage: '75x420', idle: '25x420', elapsed: '0.3x420' }),
          ...exampleBill({ tenant: 'chat' }, { usage: '1x420', idle: '9x420', elapsed: '0.09x420' }),
          ...exampleBill({ tenant: 'search', cluster: 'c2' }, { usage: '1x420', idle: '9x420', elapsed: '0.09x420' }),
        ],
        at: '7h',
      },
    },
  ],
});

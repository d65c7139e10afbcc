import { billing } from '../../metrics/billing.ts';
import { promql, select } from '../../metrics/promql.ts';
import { billingRecordings } from '../../rules/recording/billing-score.ts';
import { definePanels } from '../panel.ts';
import { budgetFullness, noneIsBetter, onClusters, onClusterTenants } from './scope.ts';

const noUsage = 'Nothing is metered yet';
const gpuTime = billing.billing_gpu_seconds_total;
const toCosts = {
  uid: 'fleetlens-cost-and-usage',
  title: 'Cost and usage',
  variables: [
    { name: 'cluster', label: 'cluster' },
    { name: 'tenant', label: 'tenant' },
  ],
} as const;
const score = billingRecordings.series['cluster_tenant_currency:billing_cost:score'];

const usedOfTenants = select(gpuTime, { ...onClusterTenants, state: 'used' });
const tokenMeters = select(billing.billing_usage_total, { ...onClusterTenants, meter: { re: '.*(token|request).*' } });
// Replicas show the same, so the largest of them counts once.
const stateRatio = promql`max by (cluster, state) (${select(billing.billing_gpu_state_ratio, onClusters)})`;
const unattributed = promql`max by (cluster) (${select(billing.billing_unattributed_ratio, onClusters)})`;
const quota = promql`max by (cluster, tenant, quota, resource) (${select(billing.billing_quota_used_ratio, onClusterTenants)})`;

/** What was used, what lay idle, and what nobody pays for. */
export const billingUsagePanels = definePanels('billing-usage', {
  idle: {
    visual: 'stat',
    metric: billing.billing_gpu_state_ratio,
    title: 'Idle GPU time',
    description:
      'How much GPU time lies idle? Share of the installed GPU time of the last day that nobody had, in the chosen cluster where it is largest.',
    queries: [
      {
        expr: promql`max(max by (cluster) (${select(billing.billing_gpu_state_ratio, { ...onClusters, state: 'idle' })}))`,
        legend: 'idle',
      },
    ],
    noValue: noUsage,
  },
  unavailable: {
    visual: 'stat',
    metric: billing.billing_gpu_state_ratio,
    title: 'GPU time not available',
    description:
      'How much GPU time is not available? Share of the installed GPU time of the last day that nobody could have, in the chosen cluster where it is largest.',
    queries: [
      {
        expr: promql`max(max by (cluster) (${select(billing.billing_gpu_state_ratio, { ...onClusters, state: 'unavailable' })}))`,
        legend: 'unavailable',
      },
    ],
    noValue: noUsage,
  },
  unattributed: {
    visual: 'stat',
    metric: billing.billing_unattributed_ratio,
    title: 'Unattributed',
    description:
      'How much belongs to nobody? Share of the used GPU time of the last day that no rule gives to a tenant, in the chosen cluster where it is largest.',
    queries: [{ expr: promql`max(${unattributed})`, legend: 'unattributed' }],
    levels: { base: 'ok', steps: [[0.02, 'warning']] },
    noValue: noUsage,
  },
  states: {
    visual: 'timeseries',
    metric: billing.billing_gpu_state_ratio,
    title: 'What becomes of the GPU time?',
    description: 'Shares of the installed GPU time of a day by cluster; the states of a cluster add up to 1.',
    queries: [{ expr: stateRatio, legend: '{{cluster}} {{state}}' }],
    stacked: true,
    noValue: noUsage,
  },
  models: {
    visual: 'table',
    metric: gpuTime,
    title: 'Who used which GPUs, for how long?',
    description: 'GPU time in the ledger in the time range shown, times the part of the GPU; the two hundred largest.',
    keys: [
      ['model', 'Model'],
      ['profile', 'MIG profile'],
      ['cluster', 'Cluster'],
      ['tenant', 'Tenant'],
    ],
    columns: [
      {
        heading: 'GPU time',
        unit: 'seconds',
        expr: promql`topk(200, sum by (model, profile, cluster, tenant) (max by (cluster, tenant, model, profile, state) (increase(${usedOfTenants}[$__range]))))`,
      },
    ],
    sortBy: ['GPU time', 'largest'],
    leadsTo: {
      uid: 'fleetlens-gpu-fleet',
      title: 'GPU fleet',
      variables: [{ name: 'cluster', label: 'cluster' }],
    },
    noValue: noUsage,
  },
  byModel: {
    visual: 'timeseries',
    metric: gpuTime,
    title: 'How much GPU time of each model is used?',
    description:
      'GPU time of the six hours before each moment, by model: six hours of it are one GPU. Windows come an hour late and whole, so shorter steps would be steps of the metering.',
    unit: 'seconds',
    queries: [
      {
        expr: promql`sum by (model) (max by (cluster, tenant, model, profile, state) (increase(${usedOfTenants}[6h])))`,
        legend: '{{model}}',
      },
    ],
    stacked: true,
    noValue: noUsage,
  },
  meters: {
    visual: 'table',
    metric: billing.billing_usage_total,
    title: 'How much of each meter was used?',
    description: `${billing.billing_usage_total.help} In the time range shown, the two hundred largest.`,
    unit: 'count',
    keys: [
      ['meter', 'Meter'],
      ['meter_unit', 'Unit'],
      ['tenant', 'Tenant'],
    ],
    columns: [
      {
        heading: 'Used',
        unit: 'count',
        expr: promql`topk(200, sum by (meter, meter_unit, tenant) (max by (cluster, tenant, meter, meter_unit) (increase(${select(billing.billing_usage_total, onClusterTenants)}[$__range]))))`,
      },
    ],
    sortBy: ['Used', 'largest'],
    leadsTo: {
      uid: 'fleetlens-llm-serving',
      title: 'LLM serving',
      variables: [{ name: 'tenant', label: 'tenant' }],
    },
    noValue: noUsage,
  },
  owners: {
    visual: 'table',
    metric: gpuTime,
    title: 'Who is charged for the GPU time?',
    description:
      'Used GPU time in the ledger of the chosen clusters in the time range shown; the hundred largest tenants.',
    keys: [
      ['cluster', 'Cluster'],
      ['tenant', 'Tenant'],
    ],
    columns: [
      {
        heading: 'GPU time',
        unit: 'seconds',
        expr: promql`topk(100, sum by (cluster, tenant) (max by (cluster, tenant, model, profile) (increase(${select(gpuTime, { ...onClusters, state: 'used' })}[$__range]))))`,
      },
    ],
    sortBy: ['GPU time', 'largest'],
    leadsTo: toCosts,
    noValue: noUsage,
  },
  tokens: {
    visual: 'table',
    metric: billing.billing_usage_total,
    title: 'What are the chosen tenants charged for?',
    description: `${billing.billing_usage_total.help} In the time range shown, the hundred largest.`,
    keys: [
      ['meter', 'Meter'],
      ['meter_unit', 'Unit'],
      ['cluster', 'Cluster'],
      ['tenant', 'Tenant'],
    ],
    columns: [
      {
        heading: 'Used',
        unit: 'count',
        expr: promql`topk(100, sum by (meter, meter_unit, cluster, tenant) (max by (cluster, tenant, meter, meter_unit) (increase(${tokenMeters}[$__range]))))`,
      },
    ],
    sortBy: ['Used', 'largest'],
    leadsTo: toCosts,
    noValue: noUsage,
  },
  anomalies: {
    visual: 'timeseries',
    metric: score,
    title: 'Who spends more than usual?',
    description: `${score.help} Above 6 for an hour there is an alert. At most 16 curves.`,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, max by (cluster, tenant, currency) (${select(score, onClusterTenants)}))`,
        legend: '{{tenant}} {{cluster}} {{currency}}',
      },
    ],
    noValue: 'No tenant is known for three days yet',
  },
  quotas: {
    visual: 'bars',
    metric: billing.billing_quota_used_ratio,
    title: 'Which quotas are nearly used?',
    description: 'The twenty quotas and limits of which the largest share is used.',
    queries: [{ expr: promql`topk(20, ${quota})`, legend: '{{quota}} {{resource}}' }],
    levels: budgetFullness,
    noValue: 'No quota is read',
  },
  reversed: {
    visual: 'timeseries',
    metric: billing.billing_cost_reversed_total,
    title: 'What is taken back?',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, sum by (tenant, currency) (max by (cluster, tenant, resource, currency) (increase(${select(billing.billing_cost_reversed_total, { tenant: onClusterTenants.tenant })}[1d])))) > 0`,
        legend: '{{tenant}} {{currency}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    noValue: 'Nothing',
  },
  corrections: {
    visual: 'stat',
    metric: billing.billing_correction_amount_total,
    title: 'Corrections',
    description: `What do corrections come to? ${billing.billing_correction_amount_total.help} In the time range shown.`,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (currency, direction) (max by (tenant, currency, direction) (increase(${select(billing.billing_correction_amount_total, { tenant: onClusterTenants.tenant })}[$__range])))`,
        legend: '{{direction}} {{currency}}',
      },
    ],
    decimals: 2,
    levels: noneIsBetter,
    noValue: 'None',
  },
});

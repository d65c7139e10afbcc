import { promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { highSeason, lowSeason } from '../season.ts';
import { billingGroup } from './billing.ts';
import { billingSlowGroup } from './billing-slow.ts';

const { series: slow } = billingSlowGroup;
const season = {
  mean1d: slow['cluster_tenant_currency:billing_cost:mean1d'],
  deviation1d: slow['cluster_tenant_currency:billing_cost:deviation1d'],
  mean1w: slow['cluster_tenant_currency:billing_cost:mean1w'],
  deviation1w: slow['cluster_tenant_currency:billing_cost:deviation1w'],
};
const labels = ['cluster', 'tenant', 'currency'] as const;
const spend = billingGroup.series['cluster_tenant_currency:billing_cost:increase6h'];
const median = slow['cluster_tenant_currency:billing_cost:median7d'];
const spread = slow['cluster_tenant_currency:billing_cost:spread7d'];

/**
 * How far the spending of a tenant is from what is usual. Between quartiles lie 1.349 deviations of a normal distribution. A deviation is at
 * least a tenth of the median: for steady spending any change would be endless deviations. Only where there is a week to compare with.
 */
export const billingScoreGroup = defineRecordings(
  { group: 'billing-score', interval: '2m' },
  {
    'cluster_tenant_currency:billing_cost:score': {
      help: 'Deviations by which the spending of the last six hours differs from the median of the week; absent for a tenant of less than three days, or that spends nothing most of the time.',
      unit: 'none',
      labels,
      expr: promql`(${spend} - ${median}) / (${spread} / 1.349 + 0.1 * (${median} > 0)) and ${spend} offset 3d`,
    },
    'cluster_tenant_currency:billing_cost:lowseason': {
      help: 'Lower line of three deviations around what the tenant was charged in six hours at this time yesterday and a week ago, the lower of both.',
      unit: 'none',
      labels,
      expr: lowSeason(season),
    },
    'cluster_tenant_currency:billing_cost:highseason': {
      help: 'Upper line of three deviations around what the tenant was charged in six hours at this time yesterday and a week ago, the higher of both.',
      unit: 'none',
      labels,
      expr: highSeason(season),
    },
  },
);

/** The recorded series of billing, whichever group evaluates them: boards need not know. */
export const billingRecordings = {
  series: { ...billingGroup.series, ...billingSlowGroup.series, ...billingScoreGroup.series },
} as const;

import { promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { billingGroup } from './billing.ts';
import { billingSlowGroup } from './billing-slow.ts';

const spend = billingGroup.series['cluster_tenant_currency:billing_cost:increase6h'];
const median = billingSlowGroup.series['cluster_tenant_currency:billing_cost:median7d'];
const spread = billingSlowGroup.series['cluster_tenant_currency:billing_cost:spread7d'];

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
      labels: ['cluster', 'tenant', 'currency'],
      expr: promql`(${spend} - ${median}) / (${spread} / 1.349 + 0.1 * (${median} > 0)) and ${spend} offset 3d`,
    },
  },
);

/** The recorded series of billing, whichever group evaluates them: boards need not know. */
export const billingRecordings = {
  series: { ...billingGroup.series, ...billingSlowGroup.series, ...billingScoreGroup.series },
} as const;

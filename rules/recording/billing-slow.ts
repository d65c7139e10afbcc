import { type Expr, promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { aroundThisTime } from '../season.ts';
import { billingGroup } from './billing.ts';

const spend = billingGroup.series['cluster_tenant_currency:billing_cost:increase6h'];
const labels = ['cluster', 'tenant', 'currency'] as const;

function ofWeek(quantile: number): Expr {
  return promql`quantile_over_time(${quantile}, ${spend}[7d])`;
}

/**
 * What is usual for a tenant, and at this time of day. Medians and quartiles, since a mean and its deviation follow the very spike that is looked for; the means of
 * yesterday and a week ago are for the eye.
 */
export const billingSlowGroup = defineRecordings(
  { group: 'billing-slow', interval: '2m' },
  {
    'cluster_tenant_currency:billing_cost:median7d': {
      help: 'Median over a week of what the tenant was charged in the cluster in six hours.',
      unit: 'none',
      labels,
      expr: ofWeek(0.5),
    },
    'cluster_tenant_currency:billing_cost:spread7d': {
      help: 'Distance between the quartiles over a week of what the tenant was charged in the cluster in six hours.',
      unit: 'none',
      labels,
      expr: promql`${ofWeek(0.75)} - ${ofWeek(0.25)}`,
    },
    'cluster_tenant_currency:billing_cost:mean1d': {
      help: 'Mean of what the tenant was charged in six hours, in the hour around the same time yesterday.',
      unit: 'none',
      labels,
      expr: aroundThisTime(spend, 'day', 'avg'),
    },
    'cluster_tenant_currency:billing_cost:deviation1d': {
      help: 'Standard deviation of what the tenant was charged in six hours, in the hour around the same time yesterday.',
      unit: 'none',
      labels,
      expr: aroundThisTime(spend, 'day', 'stddev'),
    },
    'cluster_tenant_currency:billing_cost:mean1w': {
      help: 'Mean of what the tenant was charged in six hours, in the hour around the same time a week ago.',
      unit: 'none',
      labels,
      expr: aroundThisTime(spend, 'week', 'avg'),
    },
    'cluster_tenant_currency:billing_cost:deviation1w': {
      help: 'Standard deviation of what the tenant was charged in six hours, in the hour around the same time a week ago.',
      unit: 'none',
      labels,
      expr: aroundThisTime(spend, 'week', 'stddev'),
    },
  },
);

import { billing } from '../../metrics/billing.ts';
import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';

const spend = promql`max by (cluster, tenant, resource, currency) (increase(${select(billing.billing_cost_total, { cluster: { not: '' } })}[6h]))`;
const used = select(billing.billing_gpu_seconds_total, { state: 'used', profile: '' });
const holders = select(gpu.gpu_allocated_share_seconds_total, { gpu_instance_id: '' });

/**
 * What rules read of billing. Costs come in whole windows of an hour, so an hour of them holds none, one or two windows: six hours are the
 * least that can be compared. Two minutes are the longest interval with which a series does not go stale when one evaluation is missed.
 */
export const billingGroup = defineRecordings(
  { group: 'billing', interval: '2m' },
  {
    'cluster_tenant_currency:billing_cost:increase6h': {
      help: 'What the tenant was charged in the cluster in the last six hours, without what was taken back.',
      unit: 'none',
      labels: ['cluster', 'tenant', 'currency'],
      expr: promql`sum by (cluster, tenant, currency) (${spend})`,
    },
    'cluster:billing_gpu_seconds:increase1d': {
      help: 'Used time of whole GPUs that the ledger got in the last day.',
      unit: 'seconds',
      labels: ['cluster'],
      expr: promql`sum by (cluster) (max by (cluster, tenant, model) (increase(${used}[1d])))`,
    },
    'cluster:gpu_allocated_share:rate5m': {
      help: 'Number of whole GPUs of the cluster that somebody has, as the exporters see it.',
      unit: 'none',
      labels: ['cluster'],
      expr: promql`sum by (cluster) (max by (cluster, node, gpu_id, uuid, namespace, pod, container, job_id) (rate(${holders}[5m])))`,
    },
  },
);

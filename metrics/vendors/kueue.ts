import { defineMetrics } from '../define.ts';

/** Series of the Kueue controller. Those of quotas are there only with metrics.enableClusterQueueResources in its configuration. */
export const kueue = defineMetrics('external:kueue', {
  kueue_pending_workloads: {
    kind: 'gauge',
    unit: 'none',
    help: 'Workloads that wait in a queue: active ones will be tried, inadmissible ones only once something changes.',
    labels: ['cluster_queue', 'status'],
  },
  kueue_admitted_workloads_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Workloads that a queue has let in.',
    labels: ['cluster_queue'],
  },
  kueue_cluster_queue_status: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for the status of a queue: pending, active or terminating.',
    labels: ['cluster_queue', 'status'],
  },
  kueue_cluster_queue_nominal_quota: {
    kind: 'gauge',
    unit: 'none',
    help: 'Quota of a queue by flavor and resource.',
    labels: ['cluster_queue', 'flavor', 'resource'],
  },
  kueue_cluster_queue_resource_reservation: {
    kind: 'gauge',
    unit: 'none',
    help: 'What a queue has reserved of its quota.',
    labels: ['cluster_queue', 'flavor', 'resource'],
  },
});

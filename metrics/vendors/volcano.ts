import { defineMetrics } from '../define.ts';

/** Series of the scheduler and the controllers of Volcano. */
export const volcano = defineMetrics('external:volcano', {
  volcano_queue_pod_group_pending_count: {
    kind: 'gauge',
    unit: 'none',
    help: 'Pod groups of a queue that wait to be let in.',
    labels: ['queue_name'],
  },
  volcano_queue_pod_group_inqueue_count: {
    kind: 'gauge',
    unit: 'none',
    help: 'Pod groups of a queue that were let in and wait for nodes.',
    labels: ['queue_name'],
  },
  volcano_queue_allocated_scalar_resources: {
    kind: 'gauge',
    unit: 'none',
    help: 'What a queue has of a resource, in thousandths.',
    labels: ['queue_name', 'resource'],
  },
  volcano_queue_deserved_scalar_resources: {
    kind: 'gauge',
    unit: 'none',
    help: 'What a queue deserves of a resource, in thousandths.',
    labels: ['queue_name', 'resource'],
  },
});

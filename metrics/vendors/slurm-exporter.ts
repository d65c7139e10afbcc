import { defineMetrics } from '../define.ts';

/** Series of prometheus-slurm-exporter by vpenso and the exporters that took over its names. Some of them add labels of users and partitions. */
export const slurm = defineMetrics('external:slurm', {
  slurm_queue_pending: { kind: 'gauge', unit: 'none', help: 'Jobs that wait.', labels: [] },
  slurm_gpus_idle: {
    kind: 'gauge',
    unit: 'none',
    help: 'GPUs without a job on nodes that take jobs.',
    labels: [],
  },
});

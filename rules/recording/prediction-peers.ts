import { gpu } from '../../metrics/gpu.ts';
import { type Expr, type PlainMetric, promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { perGpu } from '../vectors.ts';

const node = ['cluster', 'node'] as const;

function median(metric: PlainMetric): Expr {
  return promql`quantile by (cluster, node) (0.5, ${perGpu(metric)}) and count by (cluster, node) (${perGpu(metric)}) >= 5`;
}

/**
 * The middle of the GPUs of each node with at least five that tell: they have one model, one air flow and mostly one job, and no warm-up is needed.
 * Cost: a rule reads one sample of each GPU twice; 20,000 for 10,000 GPUs.
 */
export const predictionPeersGroup = defineRecordings(
  { group: 'prediction-peers' },
  {
    'node:gpu_temperature_celsius:median': {
      help: 'Median core temperature of the GPUs of the node; absent with fewer than five.',
      unit: 'celsius',
      labels: node,
      expr: median(gpu.gpu_temperature_celsius),
    },
    'node:gpu_power_watts:median': {
      help: 'Median power of the GPUs of the node; absent with fewer than five.',
      unit: 'watts',
      labels: node,
      expr: median(gpu.gpu_power_watts),
    },
    'node:gpu_sm_clock_hertz:median': {
      help: 'Median clock of the streaming multiprocessors of the GPUs of the node; absent with fewer than five.',
      unit: 'hertz',
      labels: node,
      expr: median(gpu.gpu_sm_clock_hertz),
    },
  },
);

import type { Metric } from '../../metrics/define.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, type PlainMetric, promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { perGpu } from '../vectors.ts';
import { predictionPeersGroup } from './prediction-peers.ts';

const node = ['cluster', 'node'] as const;
const { series } = predictionPeersGroup;

/** How far each GPU is from the median of its node. */
export function distanceToPeers(metric: PlainMetric, median: Metric<string, 'gauge'>): Expr {
  return promql`(${perGpu(metric)} - on (cluster, node) group_left () ${median})`;
}

function medianDistance(metric: PlainMetric, median: Metric<string, 'gauge'>): Expr {
  return promql`quantile by (cluster, node) (0.5, abs(${distanceToPeers(metric, median)}))`;
}

/** How far the GPUs of a node usually are from its median. Cost: a rule reads one sample of each GPU, and joins it with one of its node. */
export const predictionSpreadGroup = defineRecordings(
  { group: 'prediction-spread' },
  {
    'node:gpu_temperature_celsius:mad': {
      help: 'Median distance of the core temperatures of the GPUs of the node to their median.',
      unit: 'celsius',
      labels: node,
      expr: medianDistance(gpu.gpu_temperature_celsius, series['node:gpu_temperature_celsius:median']),
    },
    'node:gpu_power_watts:mad': {
      help: 'Median distance of the power of the GPUs of the node to their median.',
      unit: 'watts',
      labels: node,
      expr: medianDistance(gpu.gpu_power_watts, series['node:gpu_power_watts:median']),
    },
    'node:gpu_sm_clock_hertz:mad': {
      help: 'Median distance of the clocks of the streaming multiprocessors of the GPUs of the node to their median.',
      unit: 'hertz',
      labels: node,
      expr: medianDistance(gpu.gpu_sm_clock_hertz, series['node:gpu_sm_clock_hertz:median']),
    },
  },
);

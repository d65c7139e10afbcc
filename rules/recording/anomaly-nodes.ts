import type { Metric } from '../../metrics/define.ts';
import { type Expr, promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { gpuGroup } from './gpu.ts';

const node = ['cluster', 'node'] as const;
const { series } = gpuGroup;

/** Nodes with a distance to the others of their cluster; with fewer than five of them there are no others to speak of. */
function distance(level: Metric<string, 'gauge'>): Expr {
  return promql`(${level} - on (cluster) group_left () (quantile by (cluster) (0.5, ${level}) and count by (cluster) (${level}) >= 5))`;
}

/** A median distance is 1 / 1.4826 of the deviation of a normal distribution, and `floor` the least deviation that nodes are taken to have. */
function score(level: Metric<string, 'gauge'>, floor: Expr): Expr {
  const mad = promql`quantile by (cluster) (0.5, abs(${distance(level)}))`;
  return promql`${distance(level)} / on (cluster) group_left () (1.4826 * ${mad} + ${floor})`;
}

const power = series['node:gpu_power_watts:sum'];

/**
 * How unlike the other nodes of its cluster a node is, in robust deviations and with a sign. Jobs differ, so beyond 6 is a reason to look and no
 * alarm. Cost: a rule reads one sample of each node six times, 7,500 for 10,000 GPUs.
 */
export const anomalyNodesGroup = defineRecordings(
  { group: 'anomaly-nodes', interval: '1m' },
  {
    'node:gpu_temperature_celsius:z': {
      help: 'Robust deviations of the hottest GPU of the node from the median of the nodes of the cluster.',
      unit: 'none',
      labels: node,
      expr: score(series['node:gpu_temperature_celsius:max'], promql`1`),
    },
    'node:gpu_power_watts:z': {
      help: 'Robust deviations of the power of the GPUs of the node from the median of the nodes of the cluster.',
      unit: 'none',
      labels: node,
      expr: score(power, promql`0.02 * quantile by (cluster) (0.5, ${power})`),
    },
  },
);

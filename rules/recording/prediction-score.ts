import type { Metric } from '../../metrics/define.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, type PlainMetric, promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { predictionPeersGroup } from './prediction-peers.ts';
import { distanceToPeers, predictionSpreadGroup } from './prediction-spread.ts';

const device = ['cluster', 'node', 'gpu_id', 'uuid'] as const;
const { series: medians } = predictionPeersGroup;
const { series: spreads } = predictionSpreadGroup;

type Recorded = Metric<string, 'gauge'>;

interface Peers {
  readonly median: Recorded;
  readonly mad: Recorded;
  /** The least deviation that GPUs are taken to have: 1 % of the range. */
  readonly floor: number;
}

/** A median distance is 1 / 1.4826 of the deviation of a normal distribution. */
function score(metric: PlainMetric, { median, mad, floor }: Peers): Expr {
  return promql`${distanceToPeers(metric, median)} / on (cluster, node) group_left () clamp_min(1.4826 * ${mad}, ${floor})`;
}

/**
 * How unlike the other GPUs of its node a GPU is, in robust deviations and with a sign; beyond 6 look at it. Cost: a rule reads one sample of each GPU and
 * writes one: three series for each GPU, 30,000 for 10,000 GPUs.
 */
export const predictionScoreGroup = defineRecordings(
  { group: 'prediction-score' },
  {
    'gpu:gpu_temperature_celsius:z': {
      help: 'Robust deviations of the core temperature from the median of the GPUs of the node.',
      unit: 'none',
      labels: device,
      expr: score(gpu.gpu_temperature_celsius, {
        median: medians['node:gpu_temperature_celsius:median'],
        mad: spreads['node:gpu_temperature_celsius:mad'],
        floor: 1,
      }),
    },
    'gpu:gpu_power_watts:z': {
      help: 'Robust deviations of the power from the median of the GPUs of the node.',
      unit: 'none',
      labels: device,
      expr: score(gpu.gpu_power_watts, {
        median: medians['node:gpu_power_watts:median'],
        mad: spreads['node:gpu_power_watts:mad'],
        floor: 7,
      }),
    },
    'gpu:gpu_sm_clock_hertz:z': {
      help: 'Robust deviations of the clock of the streaming multiprocessors from the median of the GPUs of the node.',
      unit: 'none',
      labels: device,
      expr: score(gpu.gpu_sm_clock_hertz, {
        median: medians['node:gpu_sm_clock_hertz:median'],
        mad: spreads['node:gpu_sm_clock_hertz:mad'],
        floor: 20_000_000,
      }),
    },
  },
);

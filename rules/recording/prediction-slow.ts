import type { Metric, Unit } from '../../metrics/define.ts';
import { type Expr, promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { aroundThisTime } from '../season.ts';
import { gpuGroup } from './gpu.ts';
import { inferenceGroup } from './inference.ts';

const node = ['cluster', 'node'] as const;
const model = ['cluster', 'engine_kind', 'model_name'] as const;
const { series } = gpuGroup;
const requests = inferenceGroup.series['model:inference_requests:rate5m'];

/** A quarter of a day of samples two minutes apart, and there half a day ago: younger series have no band. */
const isWarm = (metric: Recorded): Expr => promql`(count_over_time(${metric}[1d]) >= 180 and ${metric} offset 12h)`;

type Recorded = Metric<string, 'gauge'>;

function mean(metric: Recorded, what: string, unit: Unit) {
  return {
    help: `Mean of a day of ${what}; absent for a node that is younger than half a day.`,
    unit,
    labels: node,
    expr: promql`avg_over_time(${metric}[1d]) and ${isWarm(metric)}`,
  } as const;
}

function deviation(metric: Recorded, what: string, unit: Unit) {
  return {
    help: `Standard deviation over a day of ${what}; absent for a node that is younger than half a day.`,
    unit,
    labels: node,
    expr: promql`stddev_over_time(${metric}[1d]) and ${isWarm(metric)}`,
  } as const;
}

const temperature = series['node:gpu_temperature_celsius:max'];
const power = series['node:gpu_power_watts:sum'];
const utilization = series['node:gpu_utilization_ratio:avg'];

/**
 * What was usual: a day of each node, and the same hour a day and a week ago for traffic. Cost: each evaluation of a rule about nodes reads a day
 * of each node twice, with samples every 15 seconds 5,760 for each node and each time; for 1,250 nodes (10,000 GPUs) 14 million samples a rule, and for
 * 100 nodes 1.2 million. Traffic costs two hours of samples for each model. Two minutes are the longest interval at which a series outlives a
 * missed evaluation.
 */
export const predictionSlowGroup = defineRecordings(
  { group: 'prediction-slow', interval: '2m' },
  {
    'node:gpu_temperature_celsius:mean1d': mean(temperature, 'the hottest GPU of the node', 'celsius'),
    'node:gpu_temperature_celsius:deviation1d': deviation(temperature, 'the hottest GPU of the node', 'celsius'),
    'node:gpu_power_watts:mean1d': mean(power, 'the power of the GPUs of the node', 'watts'),
    'node:gpu_power_watts:deviation1d': deviation(power, 'the power of the GPUs of the node', 'watts'),
    'node:gpu_utilization_ratio:mean1d': mean(utilization, 'the mean utilization of the GPUs of the node', 'ratio'),
    'node:gpu_utilization_ratio:deviation1d': deviation(
      utilization,
      'the mean utilization of the GPUs of the node',
      'ratio',
    ),
    'model:inference_requests:mean1d': {
      help: 'Mean of the requests per second in the hour around the same time yesterday.',
      unit: 'none',
      labels: model,
      expr: aroundThisTime(requests, 'day', 'avg'),
    },
    'model:inference_requests:deviation1d': {
      help: 'Standard deviation of the requests per second in the hour around the same time yesterday.',
      unit: 'none',
      labels: model,
      expr: aroundThisTime(requests, 'day', 'stddev'),
    },
    'model:inference_requests:mean1w': {
      help: 'Mean of the requests per second in the hour around the same time a week ago.',
      unit: 'none',
      labels: model,
      expr: aroundThisTime(requests, 'week', 'avg'),
    },
    'model:inference_requests:deviation1w': {
      help: 'Standard deviation of the requests per second in the hour around the same time a week ago.',
      unit: 'none',
      labels: model,
      expr: aroundThisTime(requests, 'week', 'stddev'),
    },
  },
);

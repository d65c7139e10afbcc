import type { Metric } from '../../metrics/define.ts';
import { type Expr, promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { highSeason, lowSeason, seasonScore } from '../season.ts';
import { inferenceGroup } from './inference.ts';
import { predictionSlowGroup } from './prediction-slow.ts';

const node = ['cluster', 'node'] as const;
const model = ['cluster', 'engine_kind', 'model_name'] as const;
const { series } = predictionSlowGroup;

type Recorded = Metric<string, 'gauge'>;

const below = (mean: Recorded, deviation: Recorded): Expr => promql`${mean} - 2 * ${deviation}`;
const above = (mean: Recorded, deviation: Recorded): Expr => promql`${mean} + 2 * ${deviation}`;

const requests = {
  mean1d: series['model:inference_requests:mean1d'],
  deviation1d: series['model:inference_requests:deviation1d'],
  mean1w: series['model:inference_requests:mean1w'],
  deviation1w: series['model:inference_requests:deviation1w'],
};

/**
 * Bands to be drawn: `low1d` and `high1d` of a value are around the series that has the name of the value, such as node:gpu_power_watts:sum. A value
 * outside is no alarm: mean and deviation follow what they are to find. `lowseason` and `highseason` are the outer ones of yesterday and a week ago.
 * Cost: one sample of each series for each evaluation.
 */
export const predictionBandsGroup = defineRecordings(
  { group: 'prediction-bands', interval: '2m' },
  {
    'node:gpu_temperature_celsius:low1d': {
      help: 'Lower line of two deviations of a day around the hottest GPU of the node.',
      unit: 'celsius',
      labels: node,
      expr: below(series['node:gpu_temperature_celsius:mean1d'], series['node:gpu_temperature_celsius:deviation1d']),
    },
    'node:gpu_temperature_celsius:high1d': {
      help: 'Upper line of two deviations of a day around the hottest GPU of the node.',
      unit: 'celsius',
      labels: node,
      expr: above(series['node:gpu_temperature_celsius:mean1d'], series['node:gpu_temperature_celsius:deviation1d']),
    },
    'node:gpu_power_watts:low1d': {
      help: 'Lower line of two deviations of a day around the power of the GPUs of the node.',
      unit: 'watts',
      labels: node,
      expr: below(series['node:gpu_power_watts:mean1d'], series['node:gpu_power_watts:deviation1d']),
    },
    'node:gpu_power_watts:high1d': {
      help: 'Upper line of two deviations of a day around the power of the GPUs of the node.',
      unit: 'watts',
      labels: node,
      expr: above(series['node:gpu_power_watts:mean1d'], series['node:gpu_power_watts:deviation1d']),
    },
    'node:gpu_utilization_ratio:low1d': {
      help: 'Lower line of two deviations of a day around the mean utilization of the GPUs of the node.',
      unit: 'ratio',
      labels: node,
      expr: below(series['node:gpu_utilization_ratio:mean1d'], series['node:gpu_utilization_ratio:deviation1d']),
    },
    'node:gpu_utilization_ratio:high1d': {
      help: 'Upper line of two deviations of a day around the mean utilization of the GPUs of the node.',
      unit: 'ratio',
      labels: node,
      expr: above(series['node:gpu_utilization_ratio:mean1d'], series['node:gpu_utilization_ratio:deviation1d']),
    },
    'model:inference_requests:lowseason': {
      help: 'Lower line of three deviations around the requests per second at this time yesterday and a week ago, the lower of both.',
      unit: 'none',
      labels: model,
      expr: lowSeason(requests),
    },
    'model:inference_requests:highseason': {
      help: 'Upper line of three deviations around the requests per second at this time yesterday and a week ago, the higher of both.',
      unit: 'none',
      labels: model,
      expr: highSeason(requests),
    },
    'model:inference_requests:score': {
      help: 'Deviations by which the requests per second differ from those at this time yesterday, with a sign.',
      unit: 'none',
      labels: model,
      expr: seasonScore(inferenceGroup.series['model:inference_requests:rate5m'], requests),
    },
  },
);

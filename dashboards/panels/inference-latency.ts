import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { bucket, countOf, promql, select } from '../../metrics/promql.ts';
import { inferenceQuantileGroup } from '../../rules/recording/inference-quantiles.ts';
import { definePanels } from '../panel.ts';
import { noRecording, onModels } from './scope.ts';

const { series } = inferenceQuantileGroup;
const bounded = 'At most 16 curves of each: choose models above.';

function topModels(recorded: Expr): Expr {
  return promql`topk(16, max by (cluster, engine_kind, model_name) (${recorded}))`;
}

const half = '{{model_name}} ({{engine_kind}}) half';
const most = '{{model_name}} ({{engine_kind}}) 95 %';
const nearlyAll = '{{model_name}} ({{engine_kind}}) 99 %';

const duration = inference.inference_request_duration_seconds;
/** Bounds differ from kind to kind, so the buckets of two must not be added up. */
const busiestKind = promql`topk(1, sum by (engine_kind) (increase(${countOf(duration, onModels)}[$__range] @ end())))`;

/** How long people wait for the chosen models. */
export const inferenceLatencyPanels = definePanels('inference-latency', {
  firstToken: {
    visual: 'timeseries',
    metric: inference.inference_time_to_first_token_seconds,
    title: 'How long until an answer begins?',
    description: `Time to the first token that half of the streamed answers did not exceed, 95 % of them, and 99 %. ${bounded}`,
    queries: [
      {
        expr: topModels(select(series['model:inference_time_to_first_token_seconds:p50'], onModels)),
        legend: half,
      },
      {
        expr: topModels(select(series['model:inference_time_to_first_token_seconds:p95'], onModels)),
        legend: most,
      },
      {
        expr: topModels(select(series['model:inference_time_to_first_token_seconds:p99'], onModels)),
        legend: nearlyAll,
      },
    ],
    noValue: noRecording,
  },
  perToken: {
    visual: 'timeseries',
    metric: inference.inference_time_per_output_token_seconds,
    title: 'How fast do answers come?',
    description: `Mean time per output token that half of the answers did not exceed, 95 % of them, and 99 %. ${bounded}`,
    queries: [
      {
        expr: topModels(select(series['model:inference_time_per_output_token_seconds:p50'], onModels)),
        legend: half,
      },
      {
        expr: topModels(select(series['model:inference_time_per_output_token_seconds:p95'], onModels)),
        legend: most,
      },
      {
        expr: topModels(select(series['model:inference_time_per_output_token_seconds:p99'], onModels)),
        legend: nearlyAll,
      },
    ],
    noValue: 'Not reported',
  },
  betweenTokens: {
    visual: 'timeseries',
    metric: inference.inference_inter_token_latency_seconds,
    title: 'How long are the pauses between tokens?',
    description: `Time between two tokens, as engines tell it: half, 95 % and 99 % are shorter. The proxy sees pieces, not tokens. ${bounded}`,
    queries: [
      {
        expr: topModels(select(series['model:inference_inter_token_latency_seconds:p50'], onModels)),
        legend: half,
      },
      {
        expr: topModels(select(series['model:inference_inter_token_latency_seconds:p95'], onModels)),
        legend: most,
      },
      {
        expr: topModels(select(series['model:inference_inter_token_latency_seconds:p99'], onModels)),
        legend: nearlyAll,
      },
    ],
    noValue: 'No engine tells it',
  },
  duration: {
    visual: 'timeseries',
    metric: duration,
    title: 'How long does a whole request take?',
    description: `Duration that half of the requests did not exceed, 95 % of them, and 99 %. ${bounded}`,
    queries: [
      {
        expr: topModels(select(series['model:inference_request_duration_seconds:p50'], onModels)),
        legend: half,
      },
      {
        expr: topModels(select(series['model:inference_request_duration_seconds:p95'], onModels)),
        legend: most,
      },
      {
        expr: topModels(select(series['model:inference_request_duration_seconds:p99'], onModels)),
        legend: nearlyAll,
      },
    ],
    noValue: noRecording,
  },
  durations: {
    visual: 'heatmap',
    metric: duration,
    title: 'How are the durations spread?',
    description:
      'Requests by their duration. Kinds of servers have different bounds, so of the chosen kinds the one with most requests is shown.',
    unit: 'count',
    boundsUnit: 'seconds',
    queries: [
      {
        expr: promql`sum by (le) (sum by (engine_kind, le) (increase(${bucket(duration, onModels)}[$__rate_interval])) and on (engine_kind) ${busiestKind})`,
        legend: '{{le}}',
      },
    ],
    noValue: 'No requests',
  },
  queue: {
    visual: 'timeseries',
    metric: series['model:inference_queue_seconds:p95'],
    title: 'How long do requests wait for their turn?',
    description: `${series['model:inference_queue_seconds:p95'].help} ${bounded}`,
    queries: [
      {
        expr: topModels(select(series['model:inference_queue_seconds:p95'], onModels)),
        legend: '{{model_name}} ({{engine_kind}})',
      },
    ],
    noValue: 'Not reported',
  },
});

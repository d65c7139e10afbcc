import { inference } from '../../metrics/inference.ts';
import type { Expr, Histogram } from '../../metrics/promql.ts';
import { bucket, countOf, promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { perModel } from '../serving.ts';

const model = ['cluster', 'engine_kind', 'model_name'] as const;

/**
 * Always for one kind of server: each kind has buckets of its own, and those of two kinds added up by their bounds would
 * give quantiles of nothing. Only while something is measured, since quantiles of nothing are NaN.
 */
function quantileOf(histogram: Histogram, quantile: number): Expr {
  return promql`histogram_quantile(${quantile}, sum by (cluster, engine_kind, model_name, le) (rate(${bucket(histogram)}[5m])))
and
${perModel(promql`rate(${countOf(histogram)}[5m])`)} > 0`;
}

function latency(histogram: Histogram, quantile: number, what: string) {
  return { help: what, unit: 'seconds', labels: model, expr: quantileOf(histogram, quantile) } as const;
}

const firstToken = inference.inference_time_to_first_token_seconds;
const betweenTokens = inference.inference_inter_token_latency_seconds;
const perToken = inference.inference_time_per_output_token_seconds;
const whole = inference.inference_request_duration_seconds;
const queue = inference.inference_queue_seconds;

/** Latencies of LLM serving over five minutes. */
export const inferenceQuantileGroup = defineRecordings(
  { group: 'inference-quantiles' },
  {
    'model:inference_time_to_first_token_seconds:p50': latency(
      firstToken,
      0.5,
      'Time to the first token that half of the streamed answers did not exceed.',
    ),
    'model:inference_time_to_first_token_seconds:p95': latency(
      firstToken,
      0.95,
      'Time to the first token that 95 % of the streamed answers did not exceed.',
    ),
    'model:inference_time_to_first_token_seconds:p99': latency(
      firstToken,
      0.99,
      'Time to the first token that 99 % of the streamed answers did not exceed.',
    ),
    'model:inference_inter_token_latency_seconds:p50': latency(
      betweenTokens,
      0.5,
      'Time between two tokens that half of them did not exceed, as engines tell it.',
    ),
    'model:inference_inter_token_latency_seconds:p95': latency(
      betweenTokens,
      0.95,
      'Time between two tokens that 95 % of them did not exceed, as engines tell it.',
    ),
    'model:inference_inter_token_latency_seconds:p99': latency(
      betweenTokens,
      0.99,
      'Time between two tokens that 99 % of them did not exceed, as engines tell it.',
    ),
    'model:inference_time_per_output_token_seconds:p50': latency(
      perToken,
      0.5,
      'Mean time per output token that half of the answers did not exceed.',
    ),
    'model:inference_time_per_output_token_seconds:p95': latency(
      perToken,
      0.95,
      'Mean time per output token that 95 % of the answers did not exceed.',
    ),
    'model:inference_time_per_output_token_seconds:p99': latency(
      perToken,
      0.99,
      'Mean time per output token that 99 % of the answers did not exceed.',
    ),
    'model:inference_request_duration_seconds:p50': latency(
      whole,
      0.5,
      'Duration that half of the requests did not exceed.',
    ),
    'model:inference_request_duration_seconds:p95': latency(
      whole,
      0.95,
      'Duration that 95 % of the requests did not exceed.',
    ),
    'model:inference_request_duration_seconds:p99': latency(
      whole,
      0.99,
      'Duration that 99 % of the requests did not exceed.',
    ),
    'model:inference_queue_seconds:p95': latency(
      queue,
      0.95,
      'Time of waiting that 95 % of the requests did not exceed.',
    ),
  },
);

import type { Clock } from '../../../kit/clock.ts';
import { exemplarHistogramOf } from '../../../kit/exposition/exemplar-histogram.ts';
import { type AnyRegistry, counterOf, gaugeOf } from '../../../kit/exposition/prom-client.ts';
import { inference } from '../../../metrics/inference.ts';
import type { EndedRequest, Ending, RequestLabels } from './request-end.ts';
import { createRequestMeter, type RequestMeter } from './request-meter.ts';
import { type SloSettings, thresholdsOf, withThresholds } from './slo.ts';
import { createSloCounters } from './slo-counters.ts';

export interface NewRequest {
  readonly labels: RequestLabels;
  readonly operation: string;
  /** When its headers came, on the monotonic clock. */
  readonly startedAt: number;
  readonly traceId?: string | undefined;
}

/** The metrics of requests, which the proxy and services that measure themselves have in common. */
export interface ServingMetrics {
  /** A request that is worked on from now on. */
  readonly begin: (request: NewRequest) => RequestMeter;
  /** A request that was refused before anybody worked on it. */
  readonly refused: (labels: RequestLabels, ending: Ending) => void;
}

export interface ServingMetricsDeps {
  readonly registry: AnyRegistry;
  readonly clock: Clock;
  readonly slo: SloSettings;
  /** Called for each request that was worked on and has ended. */
  readonly onEnded?: ((request: EndedRequest) => void) | undefined;
}

export interface TokenCounts {
  readonly input: number;
  readonly generated: number;
  readonly cached: number;
  readonly reasoning: number;
  /** Part of the generated. */
  readonly estimated: number;
}

interface Values {
  readonly engine_kind: string;
  readonly model_name: string;
  readonly tenant: string;
}

/** Registers the metrics of requests. */
export function createServingMetrics({ registry, clock, slo, onEnded }: ServingMetricsDeps): ServingMetrics {
  const counter = <K extends CounterName>(name: K) => counterOf(registry, inference[name]);
  const histogram = <K extends HistogramName>(name: K, bounds?: readonly number[]) =>
    exemplarHistogramOf(registry, inference[name], bounds);
  const requests = counter('inference_requests_total');
  const active = gaugeOf(registry, inference.inference_active_connections);
  const seconds = histogram('inference_request_duration_seconds');
  const queue = histogram('inference_queue_seconds');
  const firstToken = histogram(
    'inference_time_to_first_token_seconds',
    withThresholds(inference.inference_time_to_first_token_seconds.buckets ?? [], thresholdsOf(slo, 'ttft')),
  );
  const betweenPieces = histogram('inference_inter_chunk_latency_seconds');
  const perToken = histogram(
    'inference_time_per_output_token_seconds',
    withThresholds(inference.inference_time_per_output_token_seconds.buckets ?? [], thresholdsOf(slo, 'tpot')),
  );
  const input = counter('inference_tokens_input_total');
  const generated = counter('inference_tokens_generated_total');
  const cached = counter('inference_tokens_cached_total');
  const reasoning = counter('inference_tokens_reasoning_total');
  const estimated = counter('inference_tokens_estimated_total');
  const missing = counter('inference_usage_missing_total');
  const requestBytes = counter('inference_request_bytes_total');
  const responseBytes = counter('inference_response_bytes_total');
  const sloCounters = createSloCounters(registry, slo);

  function countTokens(values: Values, counts: TokenCounts): void {
    input.inc(values, counts.input);
    generated.inc(values, counts.generated);
    cached.inc(values, counts.cached);
    reasoning.inc(values, counts.reasoning);
    if (counts.estimated > 0) estimated.inc(values, counts.estimated);
  }

  function observeTimes(values: Values, ended: EndedRequest): void {
    const exemplar = ended.traceId === undefined ? undefined : { trace_id: ended.traceId };
    seconds.observe(values, ended.seconds, exemplar);
    if (ended.queueSeconds !== undefined) queue.observe(values, ended.queueSeconds, exemplar);
    if (ended.firstTokenSeconds !== undefined) firstToken.observe(values, ended.firstTokenSeconds, exemplar);
    if (ended.secondsPerOutputToken !== undefined) perToken.observe(values, ended.secondsPerOutputToken, exemplar);
  }

  return {
    begin: ({ labels, operation, startedAt, traceId }) => {
      const values = valuesOf(labels);
      const pieces = betweenPieces.child(values);
      active.inc(values);
      return createRequestMeter(
        { labels, operation, startedAt, traceId, clock },
        {
          betweenPieces: pieces.observe,
          bytes: (received, sent) => {
            requestBytes.inc(values, received);
            responseBytes.inc(values, sent);
          },
          ended: (ended, counts, usageMissing) => {
            active.dec(values);
            requests.inc({ ...values, status: ended.status, reason: ended.reason });
            observeTimes(values, ended);
            countTokens(values, counts);
            if (usageMissing !== undefined) missing.inc({ ...values, reason: usageMissing });
            sloCounters.judge(ended);
            onEnded?.(ended);
          },
        },
      );
    },
    refused: (labels, { status, reason }) => {
      requests.inc({ ...valuesOf(labels), status, reason });
      sloCounters.judgeRefused(labels, reason);
    },
  };
}

function valuesOf({ engineKind, modelName, tenant }: RequestLabels): Values {
  return { engine_kind: engineKind, model_name: modelName, tenant };
}

type CounterName = {
  [N in keyof typeof inference]: (typeof inference)[N] extends { readonly kind: 'counter' } ? N : never;
}[keyof typeof inference];
type HistogramName = {
  [N in keyof typeof inference]: (typeof inference)[N] extends { readonly kind: 'histogram' } ? N : never;
}[keyof typeof inference];

import { defineMetrics } from './define.ts';

/** A model as one kind of server serves it. Values of different kinds are never added: what goes through the proxy also shows at the engine. */
const model = ['engine_kind', 'model_name'] as const;
/** `tenant` is known to the metering proxy and to services alone, and empty elsewhere. */
const tenant = [...model, 'tenant'] as const;

const firstTokenBuckets = [
  0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 20, 40, 80, 160,
] as const;
const betweenTokensBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5,
] as const;
const requestBuckets = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200] as const;
const queueBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const;

/** What is known of LLM serving, whichever server or proxy tells it. */
export const inference = defineMetrics('inference', {
  inference_requests_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Requests that ended, by status: success, error, cancelled (the client went away), timeout, rejected (by a limit). The reason is the class of an error, the stage of a timeout, the limit of a rejection, or what an engine calls the end.',
    labels: [...tenant, 'status', 'reason'],
  },
  inference_request_duration_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time from the headers of a request to the last byte of its answer. Rejected requests are left out.',
    labels: tenant,
    buckets: requestBuckets,
  },
  inference_queue_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time that a request waited before it was worked on: at the engine for a place in the batch, at the proxy from its headers until it was handed to an upstream.',
    labels: tenant,
    buckets: queueBuckets,
  },
  inference_time_to_first_token_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time from the headers of a request to the first piece of its answer that holds text, reasoning or a tool call. Streamed answers only.',
    labels: tenant,
    buckets: firstTokenBuckets,
  },
  inference_inter_chunk_latency_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time between two pieces of a streamed answer that hold text, reasoning or a tool call. One piece may be several tokens.',
    labels: tenant,
    buckets: betweenTokensBuckets,
  },
  inference_inter_token_latency_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time between two tokens of an answer, as the engine tells it.',
    labels: model,
    buckets: betweenTokensBuckets,
  },
  inference_time_per_output_token_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Mean time between two tokens of one answer: time after the first token over the number of tokens after it. One observation for each request.',
    labels: tenant,
    buckets: betweenTokensBuckets,
  },
  inference_tokens_input_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Tokens of prompts, cached ones included.',
    labels: tenant,
  },
  inference_tokens_generated_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Tokens of answers, reasoning included.',
    labels: tenant,
  },
  inference_tokens_cached_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Tokens of prompts that the server took from its cache; part of the input tokens.',
    labels: tenant,
  },
  inference_tokens_reasoning_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Tokens of answers that were spent on reasoning; part of the generated tokens.',
    labels: tenant,
  },
  inference_tokens_estimated_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Generated tokens that were counted by the pieces of the answer, one each, because the stream ended before the server told its usage; part of the generated tokens.',
    labels: tenant,
  },
  inference_usage_missing_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Answers whose tokens are not or not exactly known because the server told no usage, by reason: cut (the stream ended early), absent (the answer was whole and held none), too_large (it was too long to be read).',
    labels: [...tenant, 'reason'],
  },
  inference_active_connections: {
    kind: 'gauge',
    unit: 'none',
    help: 'Requests that are being worked on.',
    labels: tenant,
  },
  inference_requests_waiting: {
    kind: 'gauge',
    unit: 'none',
    help: 'Requests that wait for a place.',
    labels: tenant,
  },
  inference_request_bytes_total: {
    kind: 'counter',
    unit: 'bytes',
    help: 'Bytes of the bodies of requests, as they came from clients.',
    labels: tenant,
  },
  inference_response_bytes_total: {
    kind: 'counter',
    unit: 'bytes',
    help: 'Bytes of the bodies of answers, as they went to clients.',
    labels: tenant,
  },
  inference_kv_cache_usage_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the KV cache of the engine that is in use.',
    labels: model,
  },
  inference_preemptions_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Times that the engine pushed a running request out of its batch to free memory.',
    labels: model,
  },
  model_cache_hits_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Tokens of prompts that were found in the prefix cache; entries of the cache where a service counts its own.',
    labels: model,
  },
  model_cache_misses_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Tokens of prompts that were looked up in the prefix cache and not found; entries where a service counts its own.',
    labels: model,
  },
  model_cache_queries_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Tokens of prompts that were looked up in the prefix cache, for engines that count these instead of misses.',
    labels: model,
  },
  inference_slo_events_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Requests that an objective judges, by slo: availability (all but those that the client spoiled or policy refused), ttft and tpot (those that have such a time).',
    labels: ['model_name', 'tenant', 'slo'],
  },
  inference_slo_good_events_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Requests that met an objective: answered without error, or within the threshold, by slo.',
    labels: ['model_name', 'tenant', 'slo'],
  },
  inference_slo_threshold_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Longest time that is good, by slo; always a bucket bound of the histogram. Empty model_name for all models without one of their own.',
    labels: ['model_name', 'slo'],
  },
  inference_slo_objective_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of requests that should be good, by slo.',
    labels: ['slo'],
  },
  model_accuracy: {
    kind: 'gauge',
    unit: 'none',
    help: 'Quality of a model between 0 and 1, as it was last pushed for a data set.',
    labels: ['model_name', 'dataset'],
  },
  model_accuracy_threshold: {
    kind: 'gauge',
    unit: 'none',
    help: 'Lowest quality of the model that is good enough, where whoever pushed the quality told it.',
    labels: ['model_name', 'dataset'],
  },
  model_accuracy_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the quality of the model was pushed, as Unix time.',
    labels: ['model_name', 'dataset'],
  },
  inference_token_budget_tokens: {
    kind: 'gauge',
    unit: 'none',
    help: 'Tokens, input and generated, that the tenant may use in the period: day or month, in UTC.',
    labels: ['tenant', 'period'],
  },
  inference_token_budget_used_tokens: {
    kind: 'gauge',
    unit: 'none',
    help: 'Tokens, input and generated, that the tenant has used in the present period, for tenants with a budget.',
    labels: ['tenant', 'period'],
  },
  inference_upstream_info: {
    kind: 'info',
    unit: 'none',
    help: 'An upstream of the proxy and what kind of server it is.',
    labels: ['upstream', 'engine_kind'],
  },
  inference_upstream_up: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the proxy sends requests to the upstream, 0 while its health check fails or it is ejected.',
    labels: ['upstream'],
  },
  inference_upstream_attempts_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Attempts to have a request answered by the upstream, by outcome: answered, server_error, unreachable, timeout, cancelled.',
    labels: ['upstream', 'outcome'],
  },
  inference_upstream_retries_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Requests that were sent again, to this or another upstream, because this one gave no first byte.',
    labels: ['upstream'],
  },
  inference_upstream_ejections_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Times that the upstream was left alone for a while after failures in a row.',
    labels: ['upstream'],
  },
  inference_upstream_active_requests: {
    kind: 'gauge',
    unit: 'none',
    help: 'Requests of the proxy that the upstream works on.',
    labels: ['upstream'],
  },
  inference_upstream_waiting_requests: {
    kind: 'gauge',
    unit: 'none',
    help: 'Length of the queue of the upstream, from its own metrics; absent where it tells none.',
    labels: ['upstream'],
  },
  inference_proxy_client_connections: {
    kind: 'gauge',
    unit: 'none',
    help: 'Connections of clients that are open, idle ones included.',
    labels: [],
  },
  inference_proxy_malformed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'What could not be understood and was passed through as it is, by kind: request_json, response_json, stream_event; or was refused: http (no request at all), path (nothing is served there).',
    labels: ['kind'],
  },
  inference_proxy_collapsed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Requests that are shown under a common name because theirs is not known, by label: model_name (as other), tenant (as unknown).',
    labels: ['label'],
  },
  inference_proxy_keys: {
    kind: 'gauge',
    unit: 'none',
    help: 'API keys whose tenant the proxy knows.',
    labels: [],
  },
  inference_engine_up: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the last look of the normaliser at the engine gave metrics, otherwise 0.',
    labels: ['engine', 'engine_kind'],
  },
  inference_model_loaded: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for each model that the engine holds in memory.',
    labels: model,
  },
  inference_model_memory_bytes: {
    kind: 'gauge',
    unit: 'bytes',
    help: 'Memory that the model takes, by kind: total, gpu.',
    labels: [...model, 'kind'],
  },
});

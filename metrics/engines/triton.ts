import type { Engine } from './engine.ts';

const microseconds = 1e6;
const milliseconds = 1000;

/** Names of the server itself, and of its backend for TensorRT-LLM. */
export const triton: Engine = {
  kind: 'triton',
  title: 'Triton Inference Server',
  port: 8002,
  path: '/metrics',
  modelLabels: ['model'],
  series: [
    { unified: 'inference_requests_total', native: 'nv_inference_request_success', status: 'success' },
    {
      unified: 'inference_requests_total',
      native: 'nv_inference_request_failure',
      status: {
        from: 'reason',
        cases: [
          { match: 'CANCELED', status: 'cancelled' },
          { match: 'REJECTED', status: 'rejected' },
        ],
        otherwise: 'error',
      },
    },
    {
      unified: 'inference_request_duration_seconds',
      native: 'nv_inference_request_duration_us',
      countedBy: 'nv_inference_request_success',
      unitsPerBase: microseconds,
    },
    {
      unified: 'inference_queue_seconds',
      native: 'nv_inference_queue_duration_us',
      countedBy: 'nv_inference_request_success',
      unitsPerBase: microseconds,
    },
    {
      unified: 'inference_time_to_first_token_seconds',
      native: 'nv_inference_first_response_histogram_ms',
      unitsPerBase: milliseconds,
    },
    // A request waits in the server until a backend takes it, and then in the batcher of the backend: never in both.
    { unified: 'inference_requests_waiting', native: 'nv_inference_pending_request_count' },
    {
      unified: 'inference_requests_waiting',
      native: 'nv_trt_llm_request_metrics',
      where: { request_type: 'waiting' },
    },
    {
      unified: 'inference_active_connections',
      native: 'nv_trt_llm_request_metrics',
      where: { request_type: 'scheduled' },
    },
    {
      unified: 'inference_kv_cache_usage_ratio',
      native: 'nv_trt_llm_kv_cache_block_metrics',
      where: { kv_cache_block_type: 'fraction' },
    },
  ],
  switchOn:
    'The server shows its counters by default. Start it with `--metrics-config histogram_latencies=true` for the time to first response.',
  limits: [
    'Durations are sums of microseconds: relabelling leaves them out, the normaliser makes mean times of them. There are no quantiles.',
    'It does not count tokens.',
    'An ensemble and each model in it are models of their own: do not add them up.',
    'The first response is the first piece of a decoupled model, and the whole answer of any other.',
    'nv_cache_* is about a cache of whole answers and is left out.',
  ],
};

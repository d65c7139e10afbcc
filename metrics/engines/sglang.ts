import type { Engine } from './engine.ts';

/** Names and labels as in sglang/srt/observability/metrics_collector.py. */
export const sglang: Engine = {
  kind: 'sglang',
  title: 'SGLang',
  port: 30000,
  path: '/metrics',
  modelLabels: ['model_name'],
  series: [
    // An abort is counted when it is asked for. One that ends a running request ends it, so it is also among the finished ones; one that
    // takes a request out of the queue is not. So neither sum nor difference is exact, and both are shown as they are.
    { unified: 'inference_requests_total', native: 'sglang:num_requests_total', status: 'success' },
    { unified: 'inference_requests_total', native: 'sglang:num_aborted_requests_total', status: 'cancelled' },
    { unified: 'inference_request_duration_seconds', native: 'sglang:e2e_request_latency_seconds' },
    { unified: 'inference_queue_seconds', native: 'sglang:queue_time_seconds' },
    { unified: 'inference_time_to_first_token_seconds', native: 'sglang:time_to_first_token_seconds' },
    { unified: 'inference_inter_token_latency_seconds', native: 'sglang:inter_token_latency_seconds' },
    { unified: 'inference_tokens_input_total', native: 'sglang:prompt_tokens_total' },
    { unified: 'inference_tokens_generated_total', native: 'sglang:generation_tokens_total' },
    { unified: 'inference_tokens_cached_total', native: 'sglang:cached_tokens_total' },
    // With priorities there is one series more for each of them, beside the one that holds all.
    { unified: 'inference_active_connections', native: 'sglang:num_running_reqs', where: { priority: '' } },
    { unified: 'inference_requests_waiting', native: 'sglang:num_queue_reqs', where: { priority: '' } },
    { unified: 'inference_kv_cache_usage_ratio', native: 'sglang:token_usage' },
    { unified: 'inference_preemptions_total', native: 'sglang:num_retracted_requests_total' },
    {
      unified: 'model_cache_hits_total',
      native: 'sglang:cached_tokens_total',
      normaliserOnly: 'the series is told as inference_tokens_cached_total already',
    },
    {
      unified: 'model_cache_queries_total',
      native: 'sglang:prompt_tokens_total',
      normaliserOnly: 'the series is told as inference_tokens_input_total already',
    },
  ],
  switchOn: 'Start the server with `--enable-metrics`.',
  limits: [
    'Errors are not counted.',
    'A request that is aborted while it runs counts as `cancelled` and also as `success`; one that is aborted in the queue counts as `cancelled` alone. Success is therefore an upper bound.',
    'With data-parallel attention one rank alone may be shown.',
    'The usage of the KV cache is that of the fullest of its pools.',
  ],
};

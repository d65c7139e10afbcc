import type { Engine } from './engine.ts';

/** Names as in tensorrt_llm/metrics/collector.py. */
export const tensorrtLlm: Engine = {
  kind: 'tensorrt_llm',
  title: 'TensorRT-LLM (trtllm-serve)',
  port: 8000,
  path: '/prometheus/metrics',
  modelLabels: ['model_name'],
  series: [
    {
      unified: 'inference_requests_total',
      native: 'trtllm_request_success_total',
      status: {
        from: 'finished_reason',
        cases: [
          { match: 'cancelled', status: 'cancelled' },
          { match: 'timeout', status: 'timeout' },
        ],
        otherwise: 'success',
      },
    },
    {
      unified: 'inference_requests_total',
      native: 'trtllm_request_error_total',
      status: {
        from: 'http_code',
        cases: [
          { match: '499', status: 'cancelled' },
          { match: '408|504', status: 'timeout' },
          { match: '429', status: 'rejected' },
        ],
        otherwise: 'error',
      },
    },
    { unified: 'inference_request_duration_seconds', native: 'trtllm_e2e_request_latency_seconds' },
    { unified: 'inference_queue_seconds', native: 'trtllm_request_queue_time_seconds' },
    { unified: 'inference_time_to_first_token_seconds', native: 'trtllm_time_to_first_token_seconds' },
    { unified: 'inference_time_per_output_token_seconds', native: 'trtllm_time_per_output_token_seconds' },
    { unified: 'inference_tokens_input_total', native: 'trtllm_prompt_tokens_total' },
    { unified: 'inference_tokens_generated_total', native: 'trtllm_generation_tokens_total' },
    { unified: 'inference_tokens_cached_total', native: 'trtllm_prompt_cached_tokens_total' },
    { unified: 'inference_active_connections', native: 'trtllm_num_requests_running' },
    { unified: 'inference_requests_waiting', native: 'trtllm_num_requests_waiting' },
    { unified: 'inference_kv_cache_usage_ratio', native: 'trtllm_kv_cache_utilization' },
  ],
  switchOn:
    'Set `return_perf_metrics: true` in the file of `--extra_llm_api_options`. The path is `/prometheus/metrics`; `/metrics` answers JSON.',
  limits: [
    'Paused requests are a gauge, so preemptions cannot be counted.',
    'Hits and misses of its cache are counted in blocks, not in tokens, and are left out.',
  ],
};

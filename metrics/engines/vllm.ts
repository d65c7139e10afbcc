import type { Engine } from './engine.ts';

/** The V1 engine. Names and labels as in vllm/v1/metrics/loggers.py. */
export const vllm: Engine = {
  kind: 'vllm',
  title: 'vLLM',
  port: 8000,
  path: '/metrics',
  modelLabels: ['model_name'],
  series: [
    {
      unified: 'inference_requests_total',
      native: 'vllm:request_success_total',
      status: {
        from: 'finished_reason',
        cases: [
          { match: 'abort', status: 'cancelled' },
          { match: 'error', status: 'error' },
        ],
        otherwise: 'success',
      },
    },
    { unified: 'inference_request_duration_seconds', native: 'vllm:e2e_request_latency_seconds' },
    { unified: 'inference_queue_seconds', native: 'vllm:request_queue_time_seconds' },
    { unified: 'inference_time_to_first_token_seconds', native: 'vllm:time_to_first_token_seconds' },
    {
      unified: 'inference_inter_token_latency_seconds',
      native: 'vllm:inter_token_latency_seconds',
      formerly: ['vllm:time_per_output_token_seconds'],
    },
    { unified: 'inference_time_per_output_token_seconds', native: 'vllm:request_time_per_output_token_seconds' },
    { unified: 'inference_tokens_input_total', native: 'vllm:prompt_tokens_total' },
    { unified: 'inference_tokens_generated_total', native: 'vllm:generation_tokens_total' },
    { unified: 'inference_tokens_cached_total', native: 'vllm:prompt_tokens_cached_total' },
    { unified: 'inference_active_connections', native: 'vllm:num_requests_running' },
    { unified: 'inference_requests_waiting', native: 'vllm:num_requests_waiting' },
    {
      unified: 'inference_kv_cache_usage_ratio',
      native: 'vllm:kv_cache_usage_perc',
      formerly: ['vllm:gpu_cache_usage_perc'],
    },
    { unified: 'inference_preemptions_total', native: 'vllm:num_preemptions_total' },
    {
      unified: 'model_cache_hits_total',
      native: 'vllm:prefix_cache_hits_total',
      formerly: ['vllm:gpu_prefix_cache_hits_total'],
    },
    {
      unified: 'model_cache_queries_total',
      native: 'vllm:prefix_cache_queries_total',
      formerly: ['vllm:gpu_prefix_cache_queries_total'],
    },
  ],
  formerVersions: {
    id: 'before-0.11',
    about: 'vLLM before 0.11, with gpu_cache_usage_perc, gpu_prefix_cache_* and time_per_output_token_seconds.',
  },
  switchOn: 'The server shows its metrics unless it was started with `--disable-log-stats`.',
  limits: [
    'Requests that never reached the scheduler are not counted: a prompt that is too long, a wrong model name. Errors are best seen at the proxy.',
    'Prompt tokens of aborted requests are counted, while no time is told for these requests.',
    'With several data-parallel engines each has its own series, told apart by the label `engine`.',
  ],
};

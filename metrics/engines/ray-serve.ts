import type { Engine, StatusRule } from './engine.ts';

const milliseconds = 1000;

const byCode: StatusRule = {
  from: 'status_code',
  cases: [
    { match: '[123]..|OK', status: 'success' },
    { match: '499|CANCELLED', status: 'cancelled' },
    { match: '408|504|DEADLINE_EXCEEDED', status: 'timeout' },
    { match: '429|503', status: 'rejected' },
  ],
  otherwise: 'error',
};

/** Names of the HTTP proxy and of replicas of Ray Serve, and those of vLLM as Ray hands them on: `ray_vllm_` instead of `vllm:`. */
export const rayServe: Engine = {
  kind: 'ray_serve',
  title: 'Ray Serve',
  port: 8080,
  path: '/metrics',
  modelLabels: ['model_name', 'application'],
  series: [
    {
      unified: 'inference_requests_total',
      native: 'ray_serve_num_http_requests_total',
      formerly: ['ray_serve_num_http_requests'],
      status: byCode,
    },
    {
      unified: 'inference_request_duration_seconds',
      native: 'ray_serve_http_request_latency_ms',
      unitsPerBase: milliseconds,
    },
    { unified: 'inference_active_connections', native: 'ray_serve_replica_processing_queries' },
    { unified: 'inference_requests_waiting', native: 'ray_serve_deployment_queued_queries' },
    { unified: 'inference_queue_seconds', native: 'ray_vllm_request_queue_time_seconds' },
    { unified: 'inference_time_to_first_token_seconds', native: 'ray_vllm_time_to_first_token_seconds' },
    { unified: 'inference_inter_token_latency_seconds', native: 'ray_vllm_inter_token_latency_seconds' },
    {
      unified: 'inference_time_per_output_token_seconds',
      native: 'ray_vllm_request_time_per_output_token_seconds',
    },
    { unified: 'inference_tokens_input_total', native: 'ray_vllm_prompt_tokens_total' },
    { unified: 'inference_tokens_generated_total', native: 'ray_vllm_generation_tokens_total' },
    { unified: 'inference_kv_cache_usage_ratio', native: 'ray_vllm_kv_cache_usage_perc' },
    { unified: 'inference_preemptions_total', native: 'ray_vllm_num_preemptions_total' },
    { unified: 'model_cache_hits_total', native: 'ray_vllm_prefix_cache_hits_total' },
    { unified: 'model_cache_queries_total', native: 'ray_vllm_prefix_cache_queries_total' },
  ],
  formerVersions: {
    id: 'before-2.10',
    about: 'Ray before 2.10, whose counters have no _total.',
  },
  switchOn:
    'On KubeRay the port is 8080; elsewhere start Ray with `--metrics-export-port`. For the part of vLLM set `log_engine_metrics: true`.',
  limits: [
    'Times of requests are in milliseconds: relabelling leaves them out, the normaliser divides them.',
    'The model of requests is the name of the application; only the part of vLLM knows the name of the model.',
    'Each replica has its own series.',
  ],
};

import type { Engine } from './engine.ts';

/** Names as in the router of text-generation-inference. Its counters have no `_total`. */
export const tgi: Engine = {
  kind: 'tgi',
  title: 'Text Generation Inference',
  port: 80,
  path: '/metrics',
  modelLabels: [],
  series: [
    { unified: 'inference_requests_total', native: 'tgi_request_success', status: 'success' },
    {
      unified: 'inference_requests_total',
      native: 'tgi_request_failure',
      status: {
        from: 'err',
        cases: [
          { match: 'overloaded', status: 'rejected' },
          { match: 'dropped', status: 'cancelled' },
        ],
        otherwise: 'error',
      },
    },
    { unified: 'inference_request_duration_seconds', native: 'tgi_request_duration' },
    { unified: 'inference_queue_seconds', native: 'tgi_request_queue_duration' },
    { unified: 'inference_time_per_output_token_seconds', native: 'tgi_request_mean_time_per_token_duration' },
    { unified: 'inference_tokens_input_total', native: 'tgi_request_input_length_sum' },
    { unified: 'inference_tokens_generated_total', native: 'tgi_request_generated_tokens_sum' },
    { unified: 'inference_active_connections', native: 'tgi_batch_current_size' },
    { unified: 'inference_requests_waiting', native: 'tgi_queue_size' },
  ],
  switchOn:
    'The server always shows its metrics, on the port of its API: 80 in the container, 3000 when it is started by hand.',
  limits: [
    'It does not name its model: whoever scrapes has to.',
    'There is no time to first token and no usage of the KV cache.',
    'The time per output token takes in the first token.',
  ],
};

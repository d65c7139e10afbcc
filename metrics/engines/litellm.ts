import type { Engine } from './engine.ts';

/** Names as in litellm/integrations/prometheus.py. A gateway: what it tells also shows at the servers behind it. */
export const litellm: Engine = {
  kind: 'litellm',
  title: 'LiteLLM proxy',
  port: 4000,
  path: '/metrics/',
  modelLabels: ['requested_model', 'model'],
  series: [
    {
      unified: 'inference_requests_total',
      native: 'litellm_proxy_total_requests_metric_total',
      status: {
        from: 'status_code',
        cases: [
          { match: '[123]..', status: 'success' },
          { match: '499', status: 'cancelled' },
          { match: '408|504', status: 'timeout' },
          { match: '429', status: 'rejected' },
        ],
        otherwise: 'error',
      },
    },
    { unified: 'inference_request_duration_seconds', native: 'litellm_request_total_latency_metric' },
    { unified: 'inference_queue_seconds', native: 'litellm_request_queue_time_seconds' },
    { unified: 'inference_time_to_first_token_seconds', native: 'litellm_llm_api_time_to_first_token_metric' },
    { unified: 'inference_tokens_input_total', native: 'litellm_input_tokens_metric_total' },
    { unified: 'inference_tokens_generated_total', native: 'litellm_output_tokens_metric_total' },
    { unified: 'inference_active_connections', native: 'litellm_in_flight_requests' },
  ],
  switchOn: 'Add `callbacks: ["prometheus"]` under `litellm_settings`. Mind the slash at the end of `/metrics/`.',
  limits: [
    'Its series have labels for users, teams and keys, which relabelling cannot add up: they stay, and with them their number. The normaliser adds them up by model.',
    'Names of models come from clients, so a mistyped one makes series for ever; the normaliser shows at most 100 and the rest as `other`.',
    'Requests in flight include the scrape itself and name no model.',
  ],
};

import type { Engine } from './engine.ts';

/** Names as in the server of llama.cpp. */
export const llamacpp: Engine = {
  kind: 'llamacpp',
  title: 'llama.cpp (llama-server)',
  port: 8080,
  path: '/metrics',
  modelLabels: [],
  series: [
    { unified: 'inference_tokens_input_total', native: 'llamacpp:prompt_tokens_total' },
    { unified: 'inference_tokens_generated_total', native: 'llamacpp:tokens_predicted_total' },
    { unified: 'inference_active_connections', native: 'llamacpp:requests_processing' },
    { unified: 'inference_requests_waiting', native: 'llamacpp:requests_deferred' },
  ],
  switchOn: 'Start the server with `--metrics`; without it the path answers 501 or 404.',
  limits: [
    'It does not name its model: whoever scrapes has to.',
    'There are no histograms and no count of requests: put the proxy in front for these.',
    'Prompt tokens are those that were worked on; tokens out of its cache are left out.',
    'Its gauges of tokens per second are means over the time since the last scrape by anybody, so they are left out: use `rate()` of the counters.',
    'The usage of the KV cache is not in its metrics. The normaliser asks `/slots` for it.',
  ],
};

import type { Engine } from './engine.ts';

/** Names of the Python model server of KServe. Its runtime for LLMs is vLLM: scrape it as vLLM. */
export const kserve: Engine = {
  kind: 'kserve',
  title: 'KServe model server',
  port: 8080,
  path: '/metrics',
  modelLabels: ['model_name'],
  series: [{ unified: 'inference_request_duration_seconds', native: 'request_predict_seconds' }],
  switchOn: 'The model server always shows its metrics. An LLM runtime is vLLM: scrape it as such.',
  limits: [
    'The time is that of the prediction alone, without the steps before and after it.',
    'Requests are not counted by how they ended, and there are no tokens.',
  ],
};

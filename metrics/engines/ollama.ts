import type { Engine } from './engine.ts';

/** It has no metrics. The normaliser asks `/api/ps` which models are loaded. */
export const ollama: Engine = {
  kind: 'ollama',
  title: 'Ollama',
  port: 11434,
  path: undefined,
  modelLabels: ['name'],
  series: [],
  switchOn: 'It has no metrics for Prometheus; the normaliser asks its API.',
  limits: [
    'Which models are loaded and how much memory they take is all that it tells. For requests, tokens and times put the proxy in front.',
  ],
};

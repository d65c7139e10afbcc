import type { BatchShape } from './engine/batch.ts';
import { slowModelName } from './scenarios.ts';

/** Engines that simulated models are served with; each speaks its own protocol. */
export type SimulatedEngineKind = 'vllm' | 'ollama';

/** One model of the simulated cluster. */
export interface SimulatedModel {
  readonly name: string;
  readonly kind: SimulatedEngineKind;
  /** Engines of it are called so, with a number behind. */
  readonly shortName: string;
  readonly replicas: number;
  /** Tokens of a prompt and its answer together. */
  readonly contextTokens: number;
  readonly batch: BatchShape;
}

/** Far slower than a GPU is, so that a demonstration on two cores is no load test. */
const batch: BatchShape = { places: 8, cacheTokens: 16_384, stepSeconds: 0.06, prefillTokensPerSecond: 4000 };

export const simulatedModels = [
  {
    name: 'meta-llama/Llama-3.1-8B-Instruct',
    kind: 'vllm',
    shortName: 'llama',
    replicas: 2,
    contextTokens: 2048,
    batch,
  },
  {
    name: slowModelName,
    kind: 'vllm',
    shortName: 'coder',
    replicas: 1,
    contextTokens: 2048,
    batch: { ...batch, places: 6 },
  },
  {
    name: 'gemma3:4b',
    kind: 'ollama',
    shortName: 'gemma',
    replicas: 1,
    contextTokens: 2048,
    batch: { ...batch, places: 4, cacheTokens: 8192, prefillTokensPerSecond: 1500 },
  },
] as const satisfies readonly SimulatedModel[];

export type SimulatedModelName = (typeof simulatedModels)[number]['name'];

export function simulatedModel(name: SimulatedModelName): SimulatedModel {
  return simulatedModels.find((model) => model.name === name) ?? simulatedModels[0];
}

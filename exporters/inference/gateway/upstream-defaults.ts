import type { UsageWish } from '../dialects/request-body.ts';
import type { Upstream } from './gateway.ts';

interface KindDefaults {
  readonly usage: UsageWish;
  readonly healthPath: string | undefined;
}

/** The list of models answers everywhere; a status below 500 is enough, since it may need a key. */
const anyServer: KindDefaults = { usage: 'final', healthPath: '/v1/models' };

/** vLLM tells its usage with every piece if asked for (`continuous_usage_stats`), which also counts answers that are cut off exactly. */
const kinds: Readonly<Record<string, KindDefaults>> = {
  vllm: { usage: 'continuous', healthPath: '/health' },
  sglang: { usage: 'final', healthPath: '/health' },
  tgi: { usage: 'final', healthPath: '/health' },
  tensorrt_llm: { usage: 'final', healthPath: '/health' },
  llamacpp: { usage: 'final', healthPath: '/health' },
  ollama: { usage: 'final', healthPath: '/api/version' },
};

type Given = { readonly [K in Exclude<keyof Upstream, 'url'>]?: Upstream[K] | undefined };

/** An upstream with what was not said about it filled in. */
export function upstreamAt(url: URL, given: Given): Upstream {
  const kind = given.kind ?? 'openai';
  const defaults = kinds[kind] ?? anyServer;
  return {
    name: given.name ?? url.host,
    url,
    kind,
    models: given.models,
    weight: given.weight ?? 1,
    apiKeyFile: given.apiKeyFile,
    caFile: given.caFile,
    usage: given.usage ?? defaults.usage,
    healthPath: given.healthPath ?? defaults.healthPath,
  };
}

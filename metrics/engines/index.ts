import type { Engine, EngineKind } from './engine.ts';
import { kserve } from './kserve.ts';
import { litellm } from './litellm.ts';
import { llamacpp } from './llamacpp.ts';
import { ollama } from './ollama.ts';
import { rayServe } from './ray-serve.ts';
import { sglang } from './sglang.ts';
import { tensorrtLlm } from './tensorrt-llm.ts';
import { tgi } from './tgi.ts';
import { triton } from './triton.ts';
import { vllm } from './vllm.ts';

/** Every kind of server that we know the metrics of, in the order of the reference. */
export const engines = {
  vllm,
  sglang,
  tgi,
  triton,
  tensorrt_llm: tensorrtLlm,
  llamacpp,
  ray_serve: rayServe,
  kserve,
  litellm,
  ollama,
} as const satisfies Readonly<Record<EngineKind, Engine>>;

/** As a list of engines, without the literal types of each. */
export const engineList: readonly Engine[] = Object.values(engines);

export const engineKinds = engineList.map(({ kind }) => kind);

import type { SimulatedFramework } from '../simulated-frameworks.ts';
import { createDeepspeedWriter } from './deepspeed.ts';
import { createHuggingfaceWriter } from './huggingface.ts';
import { createMegatronWriter } from './megatron.ts';
import type { CreateRunWriter, RunWriter, WriterContext } from './run-writer.ts';
import { createTorchtitanWriter } from './torchtitan.ts';

const writers: Readonly<Record<SimulatedFramework, CreateRunWriter>> = {
  megatron: createMegatronWriter,
  torchtitan: createTorchtitanWriter,
  huggingface: createHuggingfaceWriter,
  deepspeed: createDeepspeedWriter,
};

export function createRunWriter(context: WriterContext): RunWriter {
  return writers[context.run.framework](context);
}

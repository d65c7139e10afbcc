import type { InspectOptions } from './options.ts';

/** What makes a file or folder part of a run, in words. */
export function lookedFor(options: InspectOptions): readonly string[] {
  const depth = options['runs.depth'];
  return [
    'event files of TensorBoard: tfevents in the name',
    `logs: ${options['logs.names'].join(', ')} (--logs.names), with lines of Megatron-LM, torchtitan, NeMo, DeepSpeed or Hugging Face in them`,
    "torchtitan's logs of each rank: *.global_rank_<n>.*.jsonl",
    'trainer_state.json of Hugging Face',
    'checkpoint folders: checkpoint-<n>, iter_<n>, global_step<n>, step-<n>, and files named *step=<n>*.ckpt',
    `in the folder and ${depth === 0 ? 'none' : `up to ${depth} folders`} below each run (--runs.depth)`,
  ];
}

/** What trains, as far as it can be told from what it writes. `custom` is a loop that pushes by itself. */
export const frameworks = [
  'huggingface',
  'lightning',
  'megatron',
  'torchtitan',
  'nemo',
  'deepspeed',
  'catboost',
  'custom',
] as const;
export type Framework = (typeof frameworks)[number];

import type { TagTable } from './tag-table.ts';

const milliseconds = 1e-3;

/** DeepSpeed's monitor, `_write_monitor` in deepspeed/runtime/engine.py and runtime/pipe/engine.py. The axis is samples over all ranks. */
export const deepspeed: TagTable = {
  framework: 'deepspeed',
  axis: 'samples',
  tags: {
    'Train/Samples/train_loss': 'loss',
    'Train/Samples/eval_loss': 'eval_loss',
    'Train/Samples/lr': 'learning_rate',
    'Train/Samples/loss_scale': 'loss_scale',
    'Train/Samples/elapsed_time_ms_forward': { as: 'forward_seconds', scale: milliseconds },
    'Train/Samples/elapsed_time_ms_backward': { as: 'backward_seconds', scale: milliseconds },
    'Train/Samples/elapsed_time_ms_backward_allreduce': { as: 'communication_seconds', scale: milliseconds },
    'Train/Samples/elapsed_time_ms_step': { as: 'optimizer_seconds', scale: milliseconds },
    // A part of backward, as backward_allreduce is.
    'Train/Samples/elapsed_time_ms_backward_inner': 'ignore',
    'Train/Eigenvalues/*': 'ignore',
  },
};

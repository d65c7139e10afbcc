import type { TagTable } from './tag-table.ts';

/**
 * NeMo 1 and 2 for language models: nemo/collections/nlp/models/language_modeling, nemo/lightning/pytorch, nemo/utils/callbacks
 * (exp_manager's TimingCallback, FLOPsMeasurementCallback). The same names stand in its progress lines.
 */
export const nemo: TagTable = {
  framework: 'nemo',
  axis: 'steps',
  tags: {
    reduced_train_loss: 'loss',
    val_loss: 'eval_loss',
    lr: 'learning_rate',
    grad_norm: 'grad_norm',
    epoch: 'epoch',
    consumed_samples: 'samples',
    global_batch_size: 'global_batch_size',
    'train_step_timing in s': 'step_seconds',
    tflops_per_sec_per_gpu: { as: 'flops_per_second_per_gpu', scale: 1e12 },
    // The step hook of Megatron has done the backward pass before Lightning's timer of it starts.
    'train_backward_timing in s': 'ignore',
    'validation_step_timing in s': 'ignore',
    'train_epoch_timing in s': 'ignore',
    global_step: 'ignore',
    hp_metric: 'ignore',
    v_num: 'ignore',
  },
};

import type { TagTable } from './tag-table.ts';

/**
 * Megatron-LM, `training_log` and `evaluate_and_print_results` in megatron/training/training.py; timers in megatron/core/timers.py, which
 * writes seconds of one iteration, the slowest rank's. Nearly every tag has a twin `... vs samples` whose steps are samples. The second
 * part are the fields of its log line, which the parser of logs asks by.
 */
export const megatron: TagTable = {
  framework: 'megatron',
  axis: 'steps',
  tags: {
    '* vs samples': 'ignore',
    'samples vs steps': 'ignore',
    'lm loss': 'loss',
    'lm loss validation': 'eval_loss',
    'lm loss validation ppl': 'eval_perplexity',
    'learning-rate': 'learning_rate',
    'grad-norm': 'grad_norm',
    'loss-scale': 'loss_scale',
    'world-size': 'world_size',
    'batch-size': 'global_batch_size',
    'iteration-time': 'step_seconds',
    throughput: { as: 'flops_per_second_per_gpu', scale: 1e12 },
    'mem-reserved-bytes': 'memory_reserved_bytes',
    'mem-allocated-bytes': 'memory_allocated_bytes',
    'mem-max-allocated-bytes': 'memory_max_allocated_bytes',
    'mem-allocated-count': 'ignore',
    'skipped-train-samples': 'ignore',
    'num-zeros': 'ignore',
    'params-norm': 'ignore',
    max_attention_logit: 'ignore',
    'iter-energy/gpu': 'ignore',
    'power/gpu': 'ignore',
    'forward-backward-time': 'forward_backward_seconds',
    'forward-compute-time': 'forward_seconds',
    'backward-compute-time': 'backward_seconds',
    'batch-generator-time': 'data_loading_seconds',
    'optimizer-time': 'optimizer_seconds',

    'consumed samples': 'samples',
    'skipped samples': 'ignore',
    'elapsed time per iteration (ms)': { as: 'step_seconds', scale: 1e-3 },
    'throughput per GPU (TFLOP/s/GPU)': { as: 'flops_per_second_per_gpu', scale: 1e12 },
    'energy per GPU (J/iter/GPU)': 'ignore',
    'power per GPU (W/GPU)': 'ignore',
    'learning rate': 'learning_rate',
    'decoupled learning rate': 'ignore',
    'global batch size': 'global_batch_size',
    lm_loss: 'loss',
    'loss scale': 'loss_scale',
    'grad norm': 'grad_norm',
    'num zeros': 'ignore',
    'params norm': 'ignore',
    'number of skipped iterations': 'skipped_steps',
    'number of nan iterations': 'nonfinite_steps',
  },
};

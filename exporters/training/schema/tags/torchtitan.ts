import type { TagTable } from './tag-table.ts';

const gib = 2 ** 30;

/**
 * torchtitan, MetricsProcessor in torchtitan/components/metrics.py. `throughput(tps)` is per device: tokens of this data-parallel rank
 * over the ranks that share them; it was called `wps` once. `tflops` follows from it and is per device too.
 */
export const torchtitan: TagTable = {
  framework: 'torchtitan',
  axis: 'steps',
  tags: {
    'loss_metrics/global_avg_loss': 'loss',
    'loss_metrics/global_max_loss': 'ignore',
    grad_norm: 'grad_norm',
    lr: 'learning_rate',
    n_tokens_seen: 'tokens',
    ntokens_seen: 'tokens',
    'throughput(tps)': 'tokens_per_second_per_gpu',
    wps: 'tokens_per_second_per_gpu',
    tflops: { as: 'flops_per_second_per_gpu', scale: 1e12 },
    estimated_tflops: { as: 'flops_per_second_per_gpu', scale: 1e12 },
    'mfu(%)': { as: 'mfu_ratio', scale: 0.01 },
    'estimated_mfu(%)': { as: 'mfu_ratio', scale: 0.01 },
    'time_metrics/end_to_end(s)': 'step_seconds',
    'time_metrics/data_loading(s)': 'data_loading_seconds',
    'time_metrics/data_loading(%)': 'ignore',
    'memory/max_active(GiB)': { as: 'memory_active_bytes', scale: gib },
    'memory/max_active(%)': 'ignore',
    'memory/max_reserved(GiB)': { as: 'memory_reserved_bytes', scale: gib },
    'memory/max_reserved(%)': 'ignore',
    'memory/num_alloc_retries': 'ignore',
    'memory/num_ooms': 'ignore',
    'validation_metrics/loss': 'eval_loss',
    'validation_metrics/global_avg_loss': 'eval_loss',
    'validation_metrics/*': 'ignore',
  },
};

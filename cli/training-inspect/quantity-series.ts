import { type Quantity, quantitySpec } from '../../exporters/training/schema/quantities.ts';
import { training } from '../../metrics/training.ts';

type Series = keyof typeof training;

/** The series that a quantity ends up in, with what tells it from others in the same series. */
const series: Readonly<Record<Quantity, Series | readonly [Series, more: string]>> = {
  loss: 'training_loss',
  eval_loss: 'training_eval_loss',
  accuracy: 'training_accuracy',
  eval_accuracy: 'training_eval_accuracy',
  perplexity: 'training_perplexity',
  eval_perplexity: 'training_eval_perplexity',
  learning_rate: 'training_learning_rate',
  grad_norm: 'training_grad_norm',
  loss_scale: 'training_loss_scale',
  epoch: 'training_epoch',
  max_steps: 'training_max_steps',
  world_size: 'training_world_size',
  global_batch_size: 'training_global_batch_size',
  tokens_per_second: 'training_tokens_per_second',
  tokens_per_second_per_gpu: ['training_tokens_per_second', ' (times the ranks)'],
  samples_per_second: 'training_samples_per_second',
  flops_per_second_per_gpu: 'training_flops_per_second_per_gpu',
  mfu_ratio: 'training_mfu_ratio',
  memory_active_bytes: ['training_memory_bytes', '{kind="active"}'],
  memory_allocated_bytes: ['training_memory_bytes', '{kind="allocated"}'],
  memory_max_allocated_bytes: ['training_memory_bytes', '{kind="max_allocated"}'],
  memory_reserved_bytes: ['training_memory_bytes', '{kind="reserved"}'],
  samples: 'training_samples_total',
  tokens: 'training_tokens_total',
  skipped_steps: 'training_skipped_steps_total',
  nonfinite_steps: 'training_nonfinite_steps_total',
  step_seconds: 'training_step_duration_seconds',
  data_loading_seconds: phase('data_loading'),
  forward_seconds: phase('forward'),
  backward_seconds: phase('backward'),
  forward_backward_seconds: phase('forward_backward'),
  optimizer_seconds: phase('optimizer'),
  communication_seconds: phase('communication'),
  checkpoint_seconds: phase('checkpoint'),
  evaluation_seconds: phase('evaluation'),
  finished: ['training_run_phase', '{phase="finished"}'],
};

export function seriesOf(quantity: Quantity): string {
  const found = series[quantity];
  return typeof found === 'string' ? found : found.join('');
}

export type ValueUnit = 'seconds' | 'bytes' | 'ratio' | 'flops' | 'none';

export function unitOf(quantity: Quantity): ValueUnit {
  if (quantity === 'flops_per_second_per_gpu') return 'flops';
  const found = series[quantity];
  const { unit } = training[typeof found === 'string' ? found : found[0]];
  if (quantitySpec(quantity).role === 'mark') return 'none';
  return unit === 'seconds' || unit === 'bytes' || unit === 'ratio' ? unit : 'none';
}

function phase(name: string): readonly [Series, string] {
  return ['training_phase_duration_seconds', `{phase="${name}"}`];
}

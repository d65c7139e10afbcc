import { isOver } from '../runs/life.ts';
import { flopsPerSecondPerGpu, mfu, samplesPerSecond, tokensPerSecond } from '../runs/speed.ts';
import { perRun } from './training-collector.ts';

/** A run that is over has no speed any more; what it did is in the counters. */
export const throughputCollector = perRun('throughput', ({ labels, state }, { emit }) => {
  const { progress } = state;
  emit('training_samples_total', labels, progress.samples > 0 ? progress.samples : undefined);
  emit('training_tokens_total', labels, progress.tokens > 0 ? progress.tokens : undefined);
  if (isOver(state)) return;
  emit('training_tokens_per_second', labels, tokensPerSecond(state));
  emit('training_samples_per_second', labels, samplesPerSecond(state));
  emit('training_flops_per_second_per_gpu', labels, flopsPerSecondPerGpu(state));
  emit('training_mfu_ratio', labels, mfu(state));
});

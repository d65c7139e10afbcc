import { madOf, medianOf } from '../runs/robust-window.ts';
import { perRun } from './training-collector.ts';

export const lossesCollector = perRun('losses', ({ labels, state }, { emit }) => {
  const { gauges, loss, progress } = state;
  emit('training_loss', labels, gauges.get('loss')?.value);
  emit('training_eval_loss', labels, gauges.get('eval_loss')?.value);
  emit('training_accuracy', labels, gauges.get('accuracy')?.value);
  emit('training_eval_accuracy', labels, gauges.get('eval_accuracy')?.value);
  emit('training_perplexity', labels, gauges.get('perplexity')?.value);
  emit('training_eval_perplexity', labels, gauges.get('eval_perplexity')?.value);
  emit('training_learning_rate', labels, gauges.get('learning_rate')?.value);
  emit('training_grad_norm', labels, gauges.get('grad_norm')?.value);
  emit('training_loss_scale', labels, gauges.get('loss_scale')?.value);
  emit('training_skipped_steps_total', labels, progress.skipped);
  emit('training_nonfinite_steps_total', labels, Math.max(progress.nonfiniteLosses, progress.nonfiniteCounted));
  emit('training_loss_spikes_total', { ...labels, rule: 'mad' }, loss.spikesByMad);
  emit('training_loss_spikes_total', { ...labels, rule: 'max' }, loss.spikesByMax);
  emit('training_loss_median', labels, medianOf(loss.window));
  emit('training_loss_mad', labels, madOf(loss.window));
  emit('training_loss_nonfinite', labels, loss.isFinite === undefined ? undefined : Number(!loss.isFinite));
});

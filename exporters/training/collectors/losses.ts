import { madOf, medianOf } from '../runs/robust-window.ts';
import { gaugeOf, perRun } from './training-collector.ts';

export const lossesCollector = perRun('losses', ({ labels, state }, { emit }) => {
  const { loss, progress } = state;
  emit('training_loss', labels, gaugeOf(state, 'loss'));
  emit('training_eval_loss', labels, gaugeOf(state, 'eval_loss'));
  emit('training_accuracy', labels, gaugeOf(state, 'accuracy'));
  emit('training_eval_accuracy', labels, gaugeOf(state, 'eval_accuracy'));
  emit('training_perplexity', labels, gaugeOf(state, 'perplexity'));
  emit('training_eval_perplexity', labels, gaugeOf(state, 'eval_perplexity'));
  emit('training_learning_rate', labels, gaugeOf(state, 'learning_rate'));
  emit('training_grad_norm', labels, gaugeOf(state, 'grad_norm'));
  emit('training_loss_scale', labels, gaugeOf(state, 'loss_scale'));
  emit('training_skipped_steps_total', labels, progress.skipped);
  emit('training_nonfinite_steps_total', labels, Math.max(progress.nonfiniteLosses, progress.nonfiniteCounted));
  emit('training_loss_spikes_total', { ...labels, rule: 'mad' }, loss.spikesByMad);
  emit('training_loss_spikes_total', { ...labels, rule: 'max' }, loss.spikesByMax);
  emit('training_loss_median', labels, medianOf(loss.window));
  emit('training_loss_mad', labels, madOf(loss.window));
  emit('training_loss_nonfinite', labels, loss.isFinite === undefined ? undefined : Number(!loss.isFinite));
});

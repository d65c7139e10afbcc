import { isOver } from '../runs/life.ts';
import { medianOf } from '../runs/robust-window.ts';
import { secondsLeft, worldSize } from '../runs/speed.ts';
import { gaugeOf, perRun } from './training-collector.ts';

export const stepsCollector = perRun('steps', ({ labels, state }, { emit, emitHistogram }) => {
  const { progress, times, stepDurations } = state;
  emit('training_step', labels, progress.step);
  emit('training_max_steps', labels, gaugeOf(state, 'max_steps'));
  emit('training_epoch', labels, gaugeOf(state, 'epoch'));
  emit('training_world_size', labels, worldSize(state));
  emit('training_global_batch_size', labels, gaugeOf(state, 'global_batch_size'));
  emit('training_last_step_timestamp_seconds', labels, progress.stepAt);
  emit('training_eta_seconds', labels, isOver(state) ? undefined : secondsLeft(state));
  if (progress.step === undefined) return;
  emit('training_steps_total', labels, progress.steps);
  emit('training_wasted_steps_total', labels, progress.wasted);
  emit('training_rollbacks_total', labels, progress.rollbacks);
  emit('training_step_duration_median_seconds', labels, medianOf(times.stepSeconds));
  emit('training_report_interval_seconds', labels, medianOf(times.reportSeconds));
  emitHistogram('training_step_duration_seconds', labels, stepDurations);
});

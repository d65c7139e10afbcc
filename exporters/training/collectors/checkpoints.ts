import { medianOf } from '../runs/robust-window.ts';
import { perRun } from './training-collector.ts';

export const checkpointsCollector = perRun('checkpoints', ({ labels, state }, { emit }) => {
  const { checkpoints } = state;
  emit('training_checkpoints_total', labels, checkpoints.complete);
  emit('training_checkpoint_failures_total', labels, checkpoints.failed);
  emit('training_last_checkpoint_timestamp_seconds', labels, checkpoints.lastAt);
  emit('training_last_checkpoint_step', labels, checkpoints.lastStep);
  emit('training_checkpoint_interval_seconds', labels, medianOf(checkpoints.intervals));
});

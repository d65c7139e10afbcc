import type { PredictionCollector } from './prediction-collector.ts';

export const trainingCollector: PredictionCollector = {
  name: 'training',
  collect: ({ training }, { emit }) => {
    const { isActive, progress, succeeded, failed, lastMs, lastSeconds, nextMs } = training;
    emit('prediction_training_active', {}, isActive ? 1 : 0);
    emit('prediction_training_progress_ratio', {}, progress);
    emit('prediction_trainings_total', { outcome: 'success' }, succeeded);
    emit('prediction_trainings_total', { outcome: 'failure' }, failed);
    emit('prediction_training_last_timestamp_seconds', {}, secondsOf(lastMs));
    emit('prediction_training_duration_seconds', {}, lastSeconds);
    emit('prediction_training_next_timestamp_seconds', {}, secondsOf(nextMs));
  },
};

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

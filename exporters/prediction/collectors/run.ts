import type { PredictionCollector } from './prediction-collector.ts';

export const runCollector: PredictionCollector = {
  name: 'run',
  collect: ({ run }, { emit }) => {
    if (run === undefined) return;
    emit('prediction_last_run_timestamp_seconds', {}, run.atMs / 1000);
    emit('prediction_last_run_duration_seconds', {}, run.seconds);
    emit('prediction_last_run_success', {}, run.isComplete ? 1 : 0);
  },
};

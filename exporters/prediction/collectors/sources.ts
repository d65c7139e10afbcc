import type { PredictionCollector } from './prediction-collector.ts';

export const sourcesCollector: PredictionCollector = {
  name: 'sources',
  collect: ({ sources }, { emit }) => {
    for (const { name: source, isUp, lastSuccessMs, seconds, failures, backfill } of sources) {
      emit('prediction_source_up', { source }, isUp === undefined ? undefined : Number(isUp));
      emit('prediction_source_last_success_timestamp_seconds', { source }, secondsOf(lastSuccessMs));
      emit('prediction_source_duration_seconds', { source }, seconds);
      emit('prediction_source_failures_total', { source }, failures);
      emit('prediction_backfill_active', { source }, backfill.isActive ? 1 : 0);
      emit('prediction_backfill_progress_ratio', { source }, backfill.progress);
      const isWell = backfill.problem === undefined;
      emit('prediction_backfill_success', { source }, backfill.progress === undefined ? undefined : Number(isWell));
      emit('prediction_backfill_until_timestamp_seconds', { source }, secondsOf(backfill.untilMs));
    }
  },
};

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

import { runPhases } from '../journal.ts';
import { perRun } from './training-collector.ts';

export const livesCollector = perRun('lives', ({ labels, state }, { emit }) => {
  const { life, identity, progress } = state;
  const { host, namespace, pod } = identity;
  emit('training_run_info', { ...labels, source: progress.primary ?? '', host, namespace, pod }, 1);
  for (const phase of runPhases) emit('training_run_phase', { ...labels, phase }, life.phase === phase ? 1 : 0);
  emit('training_run_alive', labels, life.alive === undefined ? undefined : Number(life.alive));
  emit('training_exit_code', labels, life.exitCode);
  emit('training_start_timestamp_seconds', labels, life.startedAt);
  emit('training_end_timestamp_seconds', labels, life.endedAt);
  emit('training_restarts_total', labels, life.restarts);
});

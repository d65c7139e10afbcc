import { badputReasons } from '../runs/time-ledger.ts';
import { perRun } from './training-collector.ts';

export const goodputCollector = perRun('goodput', ({ labels, state }, { emit }, { nowSeconds }) => {
  const { life, times, progress } = state;
  if (life.startedAt === undefined || progress.step === undefined) return;
  emit('training_wall_seconds_total', labels, Math.max(0, (life.endedAt ?? nowSeconds) - life.startedAt));
  emit('training_productive_seconds_total', labels, times.productive);
  for (const reason of badputReasons) {
    emit('training_badput_seconds_total', { ...labels, reason }, times.badput[reason]);
  }
});

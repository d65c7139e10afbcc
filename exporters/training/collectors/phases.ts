import { perRun } from './training-collector.ts';

export const phasesCollector = perRun('phases', ({ labels, state }, { emit, emitHistogram }) => {
  for (const [phase, { durations, memoryDeltaBytes }] of state.phases) {
    const ofPhase = { ...labels, phase };
    emitHistogram('training_phase_duration_seconds', ofPhase, durations);
    emit('training_phase_memory_delta_bytes', ofPhase, memoryDeltaBytes);
  }
});

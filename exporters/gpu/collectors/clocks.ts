import { clockEventReasons } from '../reading.ts';
import { familyCollector } from './gpu-collector.ts';

export const clocks = familyCollector('clocks', (reading, labels, emit) => {
  emit('gpu_sm_clock_hertz', labels, reading.smHertz);
  emit('gpu_sm_clock_max_hertz', labels, reading.smMaxHertz);
  emit('gpu_memory_clock_hertz', labels, reading.memoryHertz);
  emit('gpu_memory_clock_max_hertz', labels, reading.memoryMaxHertz);
  const { activeReasons } = reading;
  if (activeReasons === undefined) return;
  for (const reason of clockEventReasons) {
    emit('gpu_clock_event_active', { ...labels, reason }, activeReasons.includes(reason) ? 1 : 0);
  }
});

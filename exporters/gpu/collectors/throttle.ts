import { throttleReasons } from '../reading.ts';
import { familyCollector } from './gpu-collector.ts';

export const throttle = familyCollector('throttle', (seconds, labels, emit) => {
  for (const reason of throttleReasons) emit('gpu_throttle_seconds_total', { ...labels, reason }, seconds[reason]);
});

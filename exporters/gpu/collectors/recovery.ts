import { recoveryActions } from '../reading.ts';
import { familyCollector } from './gpu-collector.ts';

export const recovery = familyCollector('recovery', (reading, labels, emit) => {
  for (const action of recoveryActions) {
    emit('gpu_recovery_action', { ...labels, action }, action === reading.action ? 1 : 0);
  }
});

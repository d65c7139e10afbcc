import { familyCollector } from './gpu-collector.ts';

export const fan = familyCollector('fan', ({ ratio }, labels, emit) => {
  emit('gpu_fan_ratio', labels, ratio);
});

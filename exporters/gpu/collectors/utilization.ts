import { familyCollector } from './gpu-collector.ts';

export const utilization = familyCollector('utilization', ({ gpuRatio, memoryControllerRatio }, labels, emit) => {
  emit('gpu_utilization_ratio', labels, gpuRatio);
  emit('gpu_memory_controller_utilization_ratio', labels, memoryControllerRatio);
});

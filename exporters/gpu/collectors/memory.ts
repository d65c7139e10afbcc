import { familyCollector } from './gpu-collector.ts';

export const memory = familyCollector('memory', ({ totalBytes, usedBytes, freeBytes, reservedBytes }, labels, emit) => {
  emit('gpu_memory_total_bytes', labels, totalBytes);
  emit('gpu_memory_used_bytes', labels, usedBytes);
  emit('gpu_memory_free_bytes', labels, freeBytes);
  emit('gpu_memory_reserved_bytes', labels, reservedBytes);
});

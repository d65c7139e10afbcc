import { familyCollector } from './gpu-collector.ts';

export const thermal = familyCollector('thermal', (reading, labels, emit) => {
  emit('gpu_temperature_celsius', labels, reading.coreCelsius);
  emit('gpu_memory_temperature_celsius', labels, reading.memoryCelsius);
  emit('gpu_slowdown_temperature_celsius', labels, reading.slowdownCelsius);
  emit('gpu_shutdown_temperature_celsius', labels, reading.shutdownCelsius);
  emit('gpu_memory_max_temperature_celsius', labels, reading.memoryMaxCelsius);
});

import { familyCollector } from './gpu-collector.ts';

export const ecc = familyCollector('ecc', (reading, labels, emit) => {
  const counts = [
    ['correctable', 'volatile', reading.correctableVolatile],
    ['uncorrectable', 'volatile', reading.uncorrectableVolatile],
    ['correctable', 'aggregate', reading.correctableAggregate],
    ['uncorrectable', 'aggregate', reading.uncorrectableAggregate],
  ] as const;
  for (const [severity, lifetime, count] of counts)
    emit('gpu_ecc_errors_total', { ...labels, severity, lifetime }, count);
});

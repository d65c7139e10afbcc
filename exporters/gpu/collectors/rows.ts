import { familyCollector, flag } from './gpu-collector.ts';

const availabilities = ['max', 'high', 'partial', 'low', 'none'] as const;

export const rows = familyCollector('rows', ({ correctable, uncorrectable, pending, failure, banks }, labels, emit) => {
  emit('gpu_remapped_rows_total', { ...labels, kind: 'correctable' }, correctable);
  emit('gpu_remapped_rows_total', { ...labels, kind: 'uncorrectable' }, uncorrectable);
  emit('gpu_row_remap_pending', labels, flag(pending));
  emit('gpu_row_remap_failure', labels, flag(failure));
  for (const availability of availabilities) {
    emit('gpu_row_remap_banks', { ...labels, availability }, banks?.[availability]);
  }
});

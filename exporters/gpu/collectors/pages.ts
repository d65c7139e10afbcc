import { familyCollector, flag } from './gpu-collector.ts';

export const pages = familyCollector('pages', ({ correctable, uncorrectable, pending }, labels, emit) => {
  emit('gpu_retired_pages', { ...labels, cause: 'correctable' }, correctable);
  emit('gpu_retired_pages', { ...labels, cause: 'uncorrectable' }, uncorrectable);
  emit('gpu_retired_pages_pending', labels, flag(pending));
});

import { familyCollector, flag } from './gpu-collector.ts';

export const vgpu = familyCollector('vgpu', ({ licensed }, labels, emit) => {
  emit('gpu_vgpu_license_status', labels, flag(licensed));
});

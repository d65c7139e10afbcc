import { computeModes } from '../reading.ts';
import { familyCollector, flag } from './gpu-collector.ts';

export const modes = familyCollector('modes', ({ compute, persistence, ecc, eccPending }, labels, emit) => {
  emit('gpu_persistence_mode', labels, flag(persistence));
  emit('gpu_ecc_enabled', labels, flag(ecc));
  emit('gpu_ecc_pending_enabled', labels, flag(eccPending));
  if (compute === undefined) return;
  for (const mode of computeModes) emit('gpu_compute_mode', { ...labels, mode }, mode === compute ? 1 : 0);
});

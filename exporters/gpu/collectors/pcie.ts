import { familyCollector } from './gpu-collector.ts';

export const pcie = familyCollector('pcie', (reading, labels, emit) => {
  emit('gpu_pcie_link_generation', labels, reading.generation);
  emit('gpu_pcie_link_generation_max', labels, reading.generationMax);
  emit('gpu_pcie_link_width', labels, reading.width);
  emit('gpu_pcie_link_width_max', labels, reading.widthMax);
  emit('gpu_pcie_replays_total', labels, reading.replays);
});

import { familyCollector } from './gpu-collector.ts';

export const traffic = familyCollector('traffic', ({ pcieTransmitBytes, pcieReceiveBytes, nvlinks }, labels, emit) => {
  emit('gpu_pcie_transmit_bytes_total', labels, pcieTransmitBytes);
  emit('gpu_pcie_receive_bytes_total', labels, pcieReceiveBytes);
  for (const { link, transmitBytes, receiveBytes } of nvlinks) {
    emit('gpu_nvlink_transmit_bytes_total', { ...labels, link: String(link) }, transmitBytes);
    emit('gpu_nvlink_receive_bytes_total', { ...labels, link: String(link) }, receiveBytes);
  }
});

import { familyCollector } from './gpu-collector.ts';

export const activity = familyCollector('activity', (reading, labels, emit) => {
  emit('gpu_graphics_active_ratio', labels, reading.graphicsRatio);
  emit('gpu_sm_active_ratio', labels, reading.smRatio);
  emit('gpu_sm_occupancy_ratio', labels, reading.smOccupancyRatio);
  emit('gpu_tensor_active_ratio', labels, reading.tensorRatio);
  emit('gpu_integer_active_ratio', labels, reading.integerRatio);
  emit('gpu_dram_active_ratio', labels, reading.dramRatio);
  emit('gpu_fp64_active_ratio', labels, reading.fp64Ratio);
  emit('gpu_fp32_active_ratio', labels, reading.fp32Ratio);
  emit('gpu_fp16_active_ratio', labels, reading.fp16Ratio);
  emit('gpu_pcie_transmit_bytes_per_second', labels, reading.pcieTransmitBytesPerSecond);
  emit('gpu_pcie_receive_bytes_per_second', labels, reading.pcieReceiveBytesPerSecond);
  emit('gpu_nvlink_transmit_bytes_per_second', labels, reading.nvlinkTransmitBytesPerSecond);
  emit('gpu_nvlink_receive_bytes_per_second', labels, reading.nvlinkReceiveBytesPerSecond);
});

import { familyCollector } from './gpu-collector.ts';

export const engines = familyCollector('engines', (reading, labels, emit) => {
  emit('gpu_encoder_utilization_ratio', labels, reading.encoderRatio);
  emit('gpu_decoder_utilization_ratio', labels, reading.decoderRatio);
  emit('gpu_jpeg_utilization_ratio', labels, reading.jpegRatio);
  emit('gpu_ofa_utilization_ratio', labels, reading.ofaRatio);
});

import { deviceLabels, failIfUnanswered, type GpuCollector } from './gpu-collector.ts';

/** Which GPUs are there and which of them answer. */
export const health: GpuCollector = {
  name: 'health',
  collect: (state, output) => {
    failIfUnanswered(state, output);
    const { emit } = output;
    for (const gpu of [...(state.reading?.gpus ?? []), ...state.silent]) {
      emit('gpu_up', deviceLabels(gpu), gpu.failure === undefined ? 1 : 0);
      if (gpu.failure !== undefined) emit('gpu_failure_info', { ...deviceLabels(gpu), error: gpu.failure }, 1);
    }
  },
};

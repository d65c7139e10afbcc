import { deviceLabels, type GpuCollector } from './gpu-collector.ts';

/** Which GPUs are there and which of them answer. */
export const health: GpuCollector = {
  name: 'health',
  collect: ({ driver, reading, silent }, { emit, fail }) => {
    if (driver === 'unresponsive' || driver === 'crashed') fail(`the driver is ${driver}`);
    for (const gpu of [...(reading?.gpus ?? []), ...silent]) {
      emit('gpu_up', deviceLabels(gpu), gpu.failure === undefined ? 1 : 0);
      if (gpu.failure !== undefined) emit('gpu_failure_info', { ...deviceLabels(gpu), error: gpu.failure }, 1);
    }
  },
};

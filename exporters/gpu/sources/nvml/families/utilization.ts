import type { Utilization } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const utilization = stateless('fast', [], readUtilization);

function readUtilization({ device }: OpenGpu): Utilization | undefined {
  // nvmlUtilization_t: 0 u32 GPU in percent, 4 u32 memory controller in percent.
  const rates = device.struct('nvmlDeviceGetUtilizationRates', { size: 8 });
  if (rates === undefined) return undefined;
  return { gpuRatio: rates.readUInt32LE(0) / 100, memoryControllerRatio: rates.readUInt32LE(4) / 100 };
}

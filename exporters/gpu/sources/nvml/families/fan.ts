import type { Fan } from '../../../reading.ts';
import { type OpenGpu, stateless } from './family.ts';

export const fan = stateless('slow', [], readFan);

function readFan({ device }: OpenGpu): Fan | undefined {
  const percent = device.u32('nvmlDeviceGetFanSpeed');
  return percent === undefined ? undefined : { ratio: percent / 100 };
}

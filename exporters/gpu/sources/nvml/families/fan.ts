import type { Fan } from '../../../reading.ts';
import type { Device } from '../device.ts';

export function readFan(device: Device): Fan | undefined {
  const percent = device.u32('nvmlDeviceGetFanSpeed');
  return percent === undefined ? undefined : { ratio: percent / 100 };
}

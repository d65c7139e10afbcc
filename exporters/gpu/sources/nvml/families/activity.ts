import type { Activity } from '../../../reading.ts';
import { type GpmMetric, type GpmTarget, openGpm } from '../gpm.ts';
import type { FamilyReader, OpenFamily, OpenGpu } from './family.ts';

export const activity: FamilyReader<Activity> = { tier: 'fast', fields: [], open };

const metrics: readonly GpmMetric[] = [
  'graphicsRatio',
  'smRatio',
  'smOccupancyRatio',
  'tensorRatio',
  'integerRatio',
  'dramRatio',
  'fp64Ratio',
  'fp32Ratio',
  'fp16Ratio',
  'pcieTransmitBytesPerSecond',
  'pcieReceiveBytesPerSecond',
  'nvlinkTransmitBytesPerSecond',
  'nvlinkReceiveBytesPerSecond',
];

function open(gpu: OpenGpu): OpenFamily<Activity> {
  const gpm = openGpm(gpu);
  let target: GpmTarget | undefined;

  return {
    read() {
      if (!gpm.isSupported()) return undefined;
      target ??= gpm.target({ metrics, failed: gpu.device.failed });
      return target.read();
    },
    close() {
      target?.close();
    },
  };
}

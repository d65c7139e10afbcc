import type { Activity } from '../../../reading.ts';
import { type GpmMetric, type GpmTarget, openGpm } from '../gpm.ts';
import { readMigMode } from '../mig-devices.ts';
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
  let wasMig: boolean | undefined;

  return {
    read() {
      if (!gpm.isSupported()) return undefined;
      const isMig = readMigMode(gpu.device)?.enabled ?? wasMig;
      // Counters do not go on across a change of the mode, and what one mode turned down the other may have.
      if (isMig !== wasMig) target?.close();
      if (target === undefined || isMig !== wasMig) target = gpm.target({ metrics, failed: gpu.device.failed });
      wasMig = isMig;
      return target.read();
    },
    close() {
      target?.close();
    },
  };
}

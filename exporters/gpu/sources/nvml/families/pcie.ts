import type { Pcie } from '../../../reading.ts';
import type { Device } from '../device.ts';
import { fieldId } from '../fields.ts';
import { ifAny } from './if-any.ts';

export function readPcie(device: Device): Pcie | undefined {
  return ifAny({
    generation: device.u32('nvmlDeviceGetCurrPcieLinkGeneration'),
    generationMax: device.constant('nvmlDeviceGetMaxPcieLinkGeneration'),
    width: device.u32('nvmlDeviceGetCurrPcieLinkWidth'),
    widthMax: device.constant('nvmlDeviceGetMaxPcieLinkWidth'),
    replays: device.first(
      () => device.field(fieldId.pcieReplays),
      () => device.u32('nvmlDeviceGetPcieReplayCounter'),
    ),
  });
}

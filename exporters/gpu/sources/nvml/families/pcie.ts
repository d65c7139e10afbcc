import type { Pcie } from '../../../reading.ts';
import { field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';

// NVML_FI_DEV_PCIE_REPLAY_COUNTER
const replays = field(94);

export const pcie = stateless('slow', [replays], readPcie);

function readPcie({ device, field: read }: OpenGpu): Pcie | undefined {
  return ifAny({
    generation: device.u32('nvmlDeviceGetCurrPcieLinkGeneration'),
    generationMax: device.constant('nvmlDeviceGetMaxPcieLinkGeneration'),
    width: device.u32('nvmlDeviceGetCurrPcieLinkWidth'),
    widthMax: device.constant('nvmlDeviceGetMaxPcieLinkWidth'),
    replays: device.first(
      () => read(replays),
      () => device.u32('nvmlDeviceGetPcieReplayCounter'),
    ),
  });
}

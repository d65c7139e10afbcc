import { type ComputeMode, computeModes, type Modes } from '../../../reading.ts';
import type { Device } from '../device.ts';
import { field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';
import { asBoolean } from './numbers.ts';

// NVML_FI_DEV_ECC_CURRENT, NVML_FI_DEV_ECC_PENDING
const eccMode = { current: field(1), pending: field(2) } as const;

export const modes = stateless('slow', Object.values(eccMode), readModes);

function readModes(gpu: OpenGpu): Modes | undefined {
  const { device } = gpu;
  return ifAny({
    compute: readComputeMode(device),
    persistence: asBoolean(device.u32('nvmlDeviceGetPersistenceMode')),
    ...readEccMode(gpu),
  });
}

function readComputeMode(device: Device): ComputeMode | undefined {
  const mode = device.u32('nvmlDeviceGetComputeMode');
  return mode === undefined ? undefined : computeModes[mode];
}

function readEccMode({ device, field: read }: OpenGpu): Pick<Modes, 'ecc' | 'eccPending'> | undefined {
  return device.first(
    () => eccModeOf(read(eccMode.current), read(eccMode.pending)),
    () => eccModeOf(...(device.u32Pair('nvmlDeviceGetEccMode') ?? [])),
  );
}

function eccModeOf(current?: number, pending?: number): Pick<Modes, 'ecc' | 'eccPending'> | undefined {
  return ifAny({ ecc: asBoolean(current), eccPending: asBoolean(pending) });
}

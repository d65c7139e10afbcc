import type { Power } from '../../../reading.ts';
import { field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';
import { asNumber, milli } from './numbers.ts';

// NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION, NVML_FI_DEV_POWER_INSTANT of the whole board
const totalEnergy = field(83);
const instantPower = field(186);

export const power = stateless('fast', [totalEnergy, instantPower], readPower);

function readPower(gpu: OpenGpu): Power | undefined {
  const { device, field: read } = gpu;
  const drawn = ifAny({
    // nvidia-smi prints this value as power draw, so the two can be compared.
    watts: milli(device.u32('nvmlDeviceGetPowerUsage')),
    instantWatts: milli(read(instantPower)),
    energyJoules: milli(readEnergy(gpu)),
  });
  const limitWatts = readLimits(gpu);
  if (drawn === undefined && limitWatts === undefined) return undefined;
  return { ...drawn, limitWatts: limitWatts ?? {} };
}

function readEnergy({ device, field: read }: OpenGpu): number | undefined {
  return device.first(
    () => read(totalEnergy),
    () => asNumber(device.u64('nvmlDeviceGetTotalEnergyConsumption')),
  );
}

function readLimits({ device }: OpenGpu): Power['limitWatts'] | undefined {
  const [min, max] = device.u32Pair('nvmlDeviceGetPowerManagementLimitConstraints') ?? [];
  return ifAny({
    enforced: milli(device.u32('nvmlDeviceGetEnforcedPowerLimit')),
    default: milli(device.u32('nvmlDeviceGetPowerManagementDefaultLimit')),
    min: milli(min),
    max: milli(max),
  });
}

import type { Power } from '../../../reading.ts';
import type { Device } from '../device.ts';
import { fieldId } from '../fields.ts';
import { ifAny } from './if-any.ts';

export function readPower(device: Device): Power | undefined {
  const drawn = ifAny({
    // nvidia-smi prints this value as power draw, so the two can be compared.
    watts: milli(device.u32('nvmlDeviceGetPowerUsage')),
    energyJoules: milli(readEnergy(device)),
  });
  const limitWatts = readLimits(device);
  if (drawn === undefined && limitWatts === undefined) return undefined;
  return { ...drawn, limitWatts: limitWatts ?? {} };
}

function readEnergy(device: Device): number | undefined {
  return device.first(
    () => device.field(fieldId.totalEnergy),
    () => asNumber(device.u64('nvmlDeviceGetTotalEnergyConsumption')),
  );
}

function readLimits(device: Device): Power['limitWatts'] | undefined {
  const [min, max] = device.u32Pair('nvmlDeviceGetPowerManagementLimitConstraints') ?? [];
  return ifAny({
    enforced: milli(device.u32('nvmlDeviceGetEnforcedPowerLimit')),
    default: milli(device.u32('nvmlDeviceGetPowerManagementDefaultLimit')),
    min: milli(min),
    max: milli(max),
  });
}

function milli(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 1000;
}

function asNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

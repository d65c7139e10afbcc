import type { Thermal } from '../../../reading.ts';
import type { Device } from '../device.ts';
import { field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';

// NVML_FI_DEV_MEMORY_TEMP
const memoryTemperature = field(82);

export const thermal = stateless('fast', [memoryTemperature], readThermal);

const coreSensor = 0;
// nvmlTemperatureThresholds_t
const threshold = { shutdown: 0, slowdown: 1, memoryMax: 2 } as const;
// Drivers report numbers like 255 or 65535 for sensors that are not there; DCGM draws the line here too.
const highestPlausible = 200;

function readThermal({ device, field: read }: OpenGpu): Thermal | undefined {
  return ifAny({
    coreCelsius: plausible(readCore(device)),
    memoryCelsius: plausible(read(memoryTemperature)),
    slowdownCelsius: plausible(device.constant('nvmlDeviceGetTemperatureThreshold', threshold.slowdown)),
    shutdownCelsius: plausible(device.constant('nvmlDeviceGetTemperatureThreshold', threshold.shutdown)),
    memoryMaxCelsius: plausible(device.constant('nvmlDeviceGetTemperatureThreshold', threshold.memoryMax)),
  });
}

function readCore(device: Device): number | undefined {
  return device.first(
    // nvmlTemperature_v1_t: 0 u32 version, 4 u32 sensor (0 is the core), 8 i32 temperature.
    () => device.struct('nvmlDeviceGetTemperatureV', { size: 12, version: 1 })?.readInt32LE(8),
    () => device.u32('nvmlDeviceGetTemperature', coreSensor),
  );
}

function plausible(celsius: number | undefined): number | undefined {
  return celsius !== undefined && celsius <= highestPlausible ? celsius : undefined;
}

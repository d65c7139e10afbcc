import type { Thermal } from '../../../reading.ts';
import type { Device } from '../device.ts';
import { fieldId } from '../fields.ts';
import { ifAny } from './if-any.ts';

const coreSensor = 0;
// nvmlTemperatureThresholds_t
const threshold = { shutdown: 0, slowdown: 1, memoryMax: 2 } as const;
// Drivers report numbers like 255 or 65535 for sensors that are not there; DCGM draws the line here too.
const highestPlausible = 200;

export function readThermal(device: Device): Thermal | undefined {
  return ifAny({
    coreCelsius: plausible(readCore(device)),
    memoryCelsius: plausible(device.field(fieldId.memoryTemperature)),
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

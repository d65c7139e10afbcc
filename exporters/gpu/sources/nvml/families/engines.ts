import type { Engines } from '../../../reading.ts';
import type { Device } from '../device.ts';
import type { SymbolName } from '../symbols.ts';
import { stateless } from './family.ts';
import { ifAny } from './if-any.ts';
import { percent } from './numbers.ts';

export const engines = stateless('fast', [], ({ device }) => readEngines(device));

function readEngines(device: Device): Engines | undefined {
  return ifAny({
    encoderRatio: readRatio(device, 'nvmlDeviceGetEncoderUtilization'),
    decoderRatio: readRatio(device, 'nvmlDeviceGetDecoderUtilization'),
    jpegRatio: readRatio(device, 'nvmlDeviceGetJpgUtilization'),
    ofaRatio: readRatio(device, 'nvmlDeviceGetOfaUtilization'),
  });
}

/** The functions give a percentage and the microseconds of the sample period that it covers. */
function readRatio(device: Device, symbol: SymbolName): number | undefined {
  return percent(device.u32Pair(symbol)?.[0]);
}

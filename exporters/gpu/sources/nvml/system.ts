import type { DriverVersions } from '../../reading.ts';
import { textOf } from './device.ts';
import type { Library } from './library.ts';
import { classOf, returnCode } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';
import { driverUnavailable } from './unavailable.ts';

type Caller = Pick<Library, 'call'>;

// NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE and NVML_SYSTEM_NVML_VERSION_BUFFER_SIZE
const versionCapacity = 80;

/** Starts NVML, and throws DriverUnavailable if it cannot. */
export function initialise(library: Caller): void {
  const newest = library.call('nvmlInit_v2');
  const code = newest === returnCode.functionNotFound ? library.call('nvmlInit') : newest;
  if (code !== returnCode.success) throw driverUnavailable('nvmlInit', code);
}

export function readVersions(library: Caller): DriverVersions {
  return {
    driver: readText(library, 'nvmlSystemGetDriverVersion'),
    cuda: readCudaVersion(library),
    nvml: readText(library, 'nvmlSystemGetNVMLVersion'),
  };
}

/** Number of GPUs that the driver lists; undefined if it would not say just now. */
export function readGpuCount(library: Caller): number | undefined {
  const count = Buffer.alloc(4);
  const newest = library.call('nvmlDeviceGetCount_v2', count);
  const code = newest === returnCode.functionNotFound ? library.call('nvmlDeviceGetCount', count) : newest;
  return succeeded('nvmlDeviceGetCount', code) ? count.readUInt32LE() : undefined;
}

function readText(library: Caller, symbol: SymbolName): string | undefined {
  const text = Buffer.alloc(versionCapacity);
  return succeeded(symbol, library.call(symbol, text, versionCapacity)) ? textOf(text) : undefined;
}

/** NVML gives 1000 * major + 10 * minor. */
function readCudaVersion(library: Caller): string | undefined {
  const symbol = 'nvmlSystemGetCudaDriverVersion';
  const version = Buffer.alloc(4);
  if (!succeeded(symbol, library.call(symbol, version))) return undefined;
  const number = version.readInt32LE();
  return `${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)}`;
}

function succeeded(symbol: string, code: number): boolean {
  if (classOf(code) === 'lifecycle') throw driverUnavailable(symbol, code);
  return code === returnCode.success;
}

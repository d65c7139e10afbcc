import type { Family, GpuReading, Identity } from '../../reading.ts';
import { createDevice, type Device } from './device.ts';
import { readClocks } from './families/clocks.ts';
import { readEcc } from './families/ecc.ts';
import { readFan } from './families/fan.ts';
import { readMemory } from './families/memory.ts';
import { readPcie } from './families/pcie.ts';
import { readPower } from './families/power.ts';
import { readThermal } from './families/thermal.ts';
import { readUtilization } from './families/utilization.ts';
import { readIdentity } from './identity.ts';
import type { Library } from './library.ts';
import { classOf, nameOf, returnCode } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';
import { driverUnavailable, GpuUnavailable } from './unavailable.ts';

export interface GpuDeps {
  readonly library: Pick<Library, 'call'>;
  /** Functions whose struct version this driver turned down. */
  readonly refused: Set<SymbolName>;
}

/** One GPU of the driver's list. Its methods throw GpuUnavailable or DriverUnavailable. */
export interface Gpu {
  readonly index: number;
  /** Undefined until the GPU answered once; kept when it fails, so that it can still be named. */
  readonly uuid: string | undefined;
  /** Undefined while the GPU does not answer. */
  readonly handle: bigint | undefined;
  open(): void;
  /** Forgets the handle, which may be dead; the next `open` asks for a new one. */
  drop(): void;
  read(): GpuReading;
  failed(failure: string): GpuReading;
}

export function createGpu({ library, refused }: GpuDeps, index: number): Gpu {
  let uuid: string | undefined;
  let identity: Identity = {};
  let opened: { readonly handle: bigint; readonly device: Device } | undefined;

  function open(): Device {
    if (opened !== undefined) return opened.device;
    const handle = handleOf(library, index);
    const device = createDevice({ library, handle, refused });
    const answered = readUuid(device);
    if (answered !== uuid) identity = {};
    uuid = answered;
    opened = { handle, device };
    return device;
  }

  return {
    index,
    get uuid() {
      return uuid;
    },
    get handle() {
      return opened?.handle;
    },
    open() {
      open();
    },
    drop() {
      opened = undefined;
    },
    read() {
      const device = open();
      identity = readIdentity(device, identity);
      // What a board does not say about itself is no error of a reading.
      device.takeError();
      return { index, uuid: uuid ?? '', identity, ...readFamilies(device) };
    },
    failed: (failure) => ({ index, uuid: uuid ?? '', identity, failure, errors: {} }),
  };
}

function readFamilies(device: Device): Omit<GpuReading, 'index' | 'uuid' | 'identity'> {
  const errors: { [F in Family]?: string } = {};
  device.begin();

  function take<T>(family: Family, read: (device: Device) => T): T {
    const reading = read(device);
    const error = device.takeError();
    if (error !== undefined) errors[family] = nameOf(error);
    return reading;
  }

  return {
    utilization: take('utilization', readUtilization),
    memory: take('memory', readMemory),
    thermal: take('thermal', readThermal),
    power: take('power', readPower),
    clocks: take('clocks', readClocks),
    fan: take('fan', readFan),
    pcie: take('pcie', readPcie),
    ecc: take('ecc', readEcc),
    errors,
  };
}

function handleOf(library: Pick<Library, 'call'>, index: number): bigint {
  const symbol = 'nvmlDeviceGetHandleByIndex';
  const handle = Buffer.alloc(8);
  const newest = library.call(`${symbol}_v2`, index, handle);
  const code = newest === returnCode.functionNotFound ? library.call(symbol, index, handle) : newest;
  if (classOf(code) === 'lifecycle') throw driverUnavailable(symbol, code);
  if (code !== returnCode.success) throw new GpuUnavailable(code);
  return handle.readBigUInt64LE();
}

function readUuid(device: Device): string {
  // NVML_DEVICE_UUID_V2_BUFFER_SIZE
  const uuid = device.text('nvmlDeviceGetUUID', 96);
  if (uuid !== undefined) return uuid;
  // Without its name a GPU's readings cannot be told from another's.
  throw new GpuUnavailable(device.takeError() ?? returnCode.notSupported);
}

import { type GpuReading, type Identity, type Tier, tiers } from '../../reading.ts';
import type { CostMeter } from './cost-meter.ts';
import { createDevice, type Device } from './device.ts';
import { type FamilyReadings, type GpuFamilies, openFamilies } from './gpu-families.ts';
import { readIdentity } from './identity.ts';
import type { Library } from './library.ts';
import { classOf, returnCode } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';
import { driverUnavailable, GpuUnavailable } from './unavailable.ts';

export interface GpuDeps {
  readonly meter: CostMeter;
  /** Functions whose struct version this driver turned down. */
  readonly refused: Set<SymbolName>;
  readonly monotonic: () => number;
  /** Unix time in seconds. */
  readonly now: () => number;
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
  /** For a GPU that is left alone: makes no call and keeps the handle, and nothing that was read before is shown after it. */
  rest(): void;
  /** Reads the tiers that are due, and all of them if the GPU was away or at rest. */
  read(due: readonly Tier[]): GpuReading;
  failed(failure: string): GpuReading;
}

interface Opened {
  readonly handle: bigint;
  readonly device: Device;
  readonly families: GpuFamilies;
  wasRead: boolean;
  /** Undefined until the GPU told, and on one without MIG. */
  isMig: boolean | undefined;
}

export function createGpu({ meter, refused, monotonic, now }: GpuDeps, index: number): Gpu {
  const { library } = meter;
  let uuid: string | undefined;
  let identity: Identity = {};
  let opened: Opened | undefined;

  function open(): Opened {
    if (opened !== undefined) return opened;
    const handle = handleOf(library, index);
    const device = createDevice({ library, handle, refused });
    const answered = readUuid(device);
    if (answered !== uuid) identity = {};
    uuid = answered;
    opened = openWith(handle, device);
    return opened;
  }

  function openWith(handle: bigint, device: Device): Opened {
    const families = openFamilies({ library, handle, refused, device, meter, monotonic, now });
    return { handle, device, families, wasRead: false, isMig: undefined };
  }

  function read(due: readonly Tier[]): FamilyReadings {
    const gpu = open();
    identity = readIdentity(gpu.device, identity);
    // What a board does not say about itself is no error of a reading.
    gpu.device.takeError();
    const readings = gpu.families.read(gpu.wasRead ? due : tiers);
    gpu.wasRead = true;
    const wasMig = gpu.isMig;
    gpu.isMig = readings.mig?.enabled ?? wasMig;
    if (wasMig === undefined || wasMig === gpu.isMig) return readings;
    // What a GPU does not support in one mode it may support in the other, so all of it is asked for anew.
    gpu.families.close();
    opened = openWith(gpu.handle, createDevice({ library, handle: gpu.handle, refused }));
    return read(tiers);
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
      opened?.families.close();
      opened = undefined;
    },
    rest() {
      // All tiers are read next, which leaves nothing of what was read before.
      if (opened !== undefined) opened.wasRead = false;
    },
    read(due) {
      const readings = read(due);
      return { index, uuid: uuid ?? '', identity, ...readings };
    },
    failed: (failure) => ({ index, uuid: uuid ?? '', identity, failure, errors: {} }),
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

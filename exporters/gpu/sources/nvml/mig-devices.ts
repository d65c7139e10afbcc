import { createDevice, type Device } from './device.ts';
import type { OpenGpu } from './families/family.ts';
import { classOf, returnCode } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';
import { GpuUnavailable } from './unavailable.ts';

/** A MIG device, which is a compute instance in a GPU instance, as it is at the moment. NVML wants no handle of one back. */
export interface MigDevice {
  readonly handle: bigint;
  readonly gpuInstanceId: number;
  readonly computeInstanceId: number;
  readonly uuid: string;
  /** Product name of the GPU, on most drivers with the profile at its end. */
  readonly name: string | undefined;
}

export interface MigMode {
  readonly enabled: boolean;
  readonly pendingEnabled: boolean;
}

/** Undefined if the GPU has no MIG. */
export function readMigMode(device: Device): MigMode | undefined {
  const mode = device.u32Pair('nvmlDeviceGetMigMode');
  return mode === undefined ? undefined : { enabled: mode[0] !== 0, pendingEnabled: mode[1] !== 0 };
}

// No GPU has more than 7 GPU instances, each with at most as many compute instances.
const mostDevices = 49;
const textSize = 96;

/** The MIG devices of a GPU in MIG mode. One that cannot be told who it is is left out. */
export function listMigDevices(gpu: OpenGpu): readonly MigDevice[] {
  const count = Math.min(gpu.device.u32('nvmlDeviceGetMaxMigDeviceCount') ?? 0, mostDevices);
  const handles = Array.from({ length: count }, (_, slot) => handleOf(gpu, slot));
  return handles.flatMap((handle) => (handle === undefined ? [] : (identify(gpu, handle) ?? [])));
}

function handleOf({ device, deps }: OpenGpu, slot: number): bigint | undefined {
  const symbol = 'nvmlDeviceGetMigDeviceHandleByIndex';
  const handle = Buffer.alloc(8);
  const code = deps.library.call(symbol, deps.handle, slot, handle);
  if (code === returnCode.success) return handle.readBigUInt64LE();
  if (!isGone(code) && classOf(code) !== 'unsupported') device.failed(symbol, code);
  return undefined;
}

function identify(gpu: OpenGpu, handle: bigint): MigDevice | undefined {
  // A new one each time, because the same handle may stand for another instance now.
  return onInstance(gpu, createDevice({ ...gpu.deps, handle }), (instance) => {
    const gpuInstanceId = instance.u32('nvmlDeviceGetGpuInstanceId');
    const computeInstanceId = instance.u32('nvmlDeviceGetComputeInstanceId');
    const uuid = instance.text('nvmlDeviceGetUUID', textSize);
    if (gpuInstanceId === undefined || computeInstanceId === undefined || uuid === undefined) return undefined;
    return { handle, gpuInstanceId, computeInstanceId, uuid, name: instance.text('nvmlDeviceGetName', textSize) };
  });
}

/** Reads of one MIG device. What fails is an error of the reading, unless the device is gone, and costs no other device. */
export function onInstance<T>(
  gpu: OpenGpu,
  instance: Device,
  read: (instance: Device) => T | undefined,
): T | undefined {
  try {
    return read(instance);
  } catch (error) {
    if (!(error instanceof GpuUnavailable)) throw error;
    failedOnInstance(gpu, 'nvmlDeviceGetMigDeviceHandleByIndex', error.code);
    return undefined;
  } finally {
    const code = instance.takeError();
    if (code !== undefined) failedOnInstance(gpu, 'nvmlDeviceGetMigDeviceHandleByIndex', code);
  }
}

/** Takes note of a call for a MIG device or a GPU instance that failed, unless it was destroyed meanwhile. */
export function failedOnInstance({ device }: OpenGpu, symbol: SymbolName, code: number): void {
  if (isGone(code)) return;
  // Who is lost, the instance or the GPU? The GPU says so itself.
  if (classOf(code) === 'gpu-fatal') readMigMode(device);
  else device.failed(symbol, code);
}

/** The slot is empty, or what was in it was destroyed. */
function isGone(code: number): boolean {
  return code === returnCode.notFound || code === returnCode.invalidArgument;
}

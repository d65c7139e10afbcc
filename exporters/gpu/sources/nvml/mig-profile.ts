import type { Device } from './device.ts';
import { readMemory } from './families/memory.ts';

// nvmlDeviceAttributes_t: u32 at 0 multiprocessors, ..., 24 GPU instance slices, 28 compute instance slices; 32 u64 memory in MiB.
const attributes = { size: 40, gpuSlicesAt: 24, computeSlicesAt: 28, memoryAt: 32 } as const;
// Memory is handed out in eighths, and the name tells of eighths of the full size.
const memorySlices = 8;
const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;

/** Profile of a MIG device such as 1g.10gb or 1c.3g.40gb: the end of its name, or put together from its slices. */
export function readMigProfile(gpu: Device, instance: Device, name: string | undefined): string | undefined {
  const named = name?.match(/ MIG (\S+)$/)?.[1];
  return named ?? putTogether(gpu, instance);
}

/** Without suffixes such as +me, which say what the slices do not. */
function putTogether(gpu: Device, instance: Device): string | undefined {
  const total = readMemory(gpu)?.totalBytes;
  const struct = instance.struct('nvmlDeviceGetAttributes_v2', { size: attributes.size });
  if (struct === undefined || total === undefined || total === 0) return undefined;
  const gpuSlices = struct.readUInt32LE(attributes.gpuSlicesAt);
  const computeSlices = struct.readUInt32LE(attributes.computeSlicesAt);
  const memory = Number(struct.readBigUInt64LE(attributes.memoryAt)) * mebibyte;
  const eighths = Math.ceil((memory / total) * memorySlices) / memorySlices;
  const size = Math.round(eighths * Math.ceil(total / gibibyte));
  const profile = `${gpuSlices}g.${size}gb`;
  return computeSlices === gpuSlices ? profile : `${computeSlices}c.${profile}`;
}

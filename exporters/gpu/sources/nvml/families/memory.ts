import type { Memory } from '../../../reading.ts';
import type { Device } from '../device.ts';
import { stateless } from './family.ts';

export const memory = stateless('fast', [], ({ device }) => readMemory(device));

/** Of a GPU or a MIG instance. */
export function readMemory(device: Device): Memory | undefined {
  return device.first(
    () => readMemoryV2(device),
    () => readMemoryV1(device),
  );
}

function readMemoryV2(device: Device): Memory | undefined {
  // nvmlMemory_v2_t: 0 u32 version, 8 u64 total, 16 reserved, 24 free, 32 used.
  const info = device.struct('nvmlDeviceGetMemoryInfo_v2', { size: 40, version: 2 });
  if (info === undefined) return undefined;
  return {
    totalBytes: Number(info.readBigUInt64LE(8)),
    reservedBytes: Number(info.readBigUInt64LE(16)),
    freeBytes: Number(info.readBigUInt64LE(24)),
    usedBytes: Number(info.readBigUInt64LE(32)),
  };
}

function readMemoryV1(device: Device): Memory | undefined {
  // nvmlMemory_t: 0 u64 total, 8 free, 16 used, where used includes what the driver reserves.
  const info = device.struct('nvmlDeviceGetMemoryInfo', { size: 24 });
  if (info === undefined) return undefined;
  return {
    totalBytes: Number(info.readBigUInt64LE(0)),
    freeBytes: Number(info.readBigUInt64LE(8)),
    usedBytes: Number(info.readBigUInt64LE(16)),
  };
}

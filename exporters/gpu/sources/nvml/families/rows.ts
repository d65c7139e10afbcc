import type { Rows } from '../../../reading.ts';
import type { Device } from '../device.ts';
import { field } from '../fields.ts';
import { type OpenGpu, stateless } from './family.ts';
import { ifAny } from './if-any.ts';
import { asBoolean } from './numbers.ts';

// NVML_FI_DEV_REMAPPED_COR, _UNC, _PENDING, _FAILURE
const remapped = {
  correctable: field(142),
  uncorrectable: field(143),
  pending: field(144),
  failure: field(145),
} as const;

export const rows = stateless('slow', Object.values(remapped), readRows);

function readRows(gpu: OpenGpu): Rows | undefined {
  const { device } = gpu;
  const counts = device.first(
    () => readFields(gpu),
    () => readRemappedRows(device),
  );
  const banks = readBanks(device);
  return counts === undefined && banks === undefined ? undefined : { ...counts, banks };
}

function readFields({ field: read }: OpenGpu): Rows | undefined {
  return ifAny({
    correctable: read(remapped.correctable),
    uncorrectable: read(remapped.uncorrectable),
    pending: asBoolean(read(remapped.pending)),
    failure: asBoolean(read(remapped.failure)),
  });
}

function readRemappedRows(device: Device): Rows | undefined {
  const [correctable, uncorrectable, pending, failure] = device.u32List('nvmlDeviceGetRemappedRows', 4) ?? [];
  return ifAny({ correctable, uncorrectable, pending: asBoolean(pending), failure: asBoolean(failure) });
}

function readBanks(device: Device): Rows['banks'] {
  // nvmlRowRemapperHistogramValues_t: 0 u32 max, 4 high, 8 partial, 12 low, 16 none.
  const histogram = device.struct('nvmlDeviceGetRowRemapperHistogram', { size: 20 });
  if (histogram === undefined) return undefined;
  return {
    max: histogram.readUInt32LE(0),
    high: histogram.readUInt32LE(4),
    partial: histogram.readUInt32LE(8),
    low: histogram.readUInt32LE(12),
    none: histogram.readUInt32LE(16),
  };
}

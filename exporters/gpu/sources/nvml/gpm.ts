import type { Activity } from '../../reading.ts';
import type { OpenGpu } from './families/family.ts';
import { ifAny } from './families/if-any.ts';
import { classOf, returnCode } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';

/** GPM (GPU performance monitoring, Hopper and newer): what the hardware did between two samples of its counters. */
export interface Gpm {
  /** Asked once. */
  isSupported(): boolean;
  target(options: GpmTargetOptions): GpmTarget;
}

export interface GpmTargetOptions {
  readonly metrics: readonly GpmMetric[];
  /** The MIG GPU instance that is meant; without it the whole GPU. */
  readonly gpuInstanceId?: number;
  /** Takes note of calls that failed for another reason than that there is no GPM. */
  readonly failed: (symbol: SymbolName, code: number) => void;
}

/** A GPU or a MIG GPU instance. Holds memory of NVML until it is closed. */
export interface GpmTarget {
  /** Undefined before there are two samples, and where nothing could be measured between them. */
  read(): Activity | undefined;
  close(): void;
}

export type GpmMetric = keyof Activity;

// NVML_GPM_METRIC_* of nvml.h with the unit in which it answers.
const metrics: { readonly [M in GpmMetric]-?: { readonly id: number; readonly convert: Convert } } = {
  graphicsRatio: { id: 1, convert: ratio },
  smRatio: { id: 2, convert: ratio },
  smOccupancyRatio: { id: 3, convert: ratio },
  integerRatio: { id: 4, convert: ratio },
  tensorRatio: { id: 5, convert: ratio },
  dramRatio: { id: 10, convert: ratio },
  fp64Ratio: { id: 11, convert: ratio },
  fp32Ratio: { id: 12, convert: ratio },
  fp16Ratio: { id: 13, convert: ratio },
  pcieTransmitBytesPerSecond: { id: 20, convert: bytesPerSecond },
  pcieReceiveBytesPerSecond: { id: 21, convert: bytesPerSecond },
  nvlinkTransmitBytesPerSecond: { id: 61, convert: bytesPerSecond },
  nvlinkReceiveBytesPerSecond: { id: 60, convert: bytesPerSecond },
};

type Convert = (value: number) => number | undefined;

// A window shorter than this is noise by NVIDIA's documentation; in a longer one the counters may have wrapped or been reset.
const window = { shortestSeconds: 0.1, longestSeconds: 600 } as const;

// nvmlGpmSupport_t: 0 u32 version, 4 u32 isSupportedDevice.
const support = { size: 8, version: 1, isSupportedAt: 4 } as const;
// nvmlGpmMetricsGet_t: 0 u32 version, 4 u32 numMetrics, 8 and 16 the older and the newer sample, 24 nvmlGpmMetric_t[].
const request = { version: 1, countAt: 4, olderAt: 8, newerAt: 16, metricsAt: 24 } as const;
// nvmlGpmMetric_t: 0 u32 metricId, 4 u32 nvmlReturn, 8 f64 value, 16 three pointers.
const metric = { size: 40, codeAt: 4, valueAt: 8 } as const;
// The header's array grew from 98 to 333 metrics with the version unchanged, so there is always room for the longest.
const mostMetrics = 333;
// No nvmlReturn_t has this value, so a metric that still holds it was not written.
const notWritten = 0xffff_fffe;

export function openGpm({ device, deps: { library, handle }, monotonic }: OpenGpu): Gpm {
  const struct = Buffer.alloc(request.metricsAt + metric.size * mostMetrics);
  let answered: boolean | undefined;

  function askSupport(): boolean | undefined {
    const symbol = 'nvmlGpmQueryDeviceSupport';
    const answer = Buffer.alloc(support.size);
    answer.writeUInt32LE(support.version);
    const code = library.call(symbol, handle, answer);
    if (code === returnCode.success) return answer.readUInt32LE(support.isSupportedAt) !== 0;
    if (isTurnedDown(code)) return false;
    device.failed(symbol, code);
    return undefined;
  }

  function isSupported(): boolean {
    answered ??= askSupport();
    return answered ?? false;
  }

  function openTarget({ metrics: all, gpuInstanceId, failed }: GpmTargetOptions): GpmTarget {
    let wanted = all;
    let before: { readonly sample: bigint; readonly atSeconds: number } | undefined;
    let spare: bigint | undefined;
    let latest: Activity | undefined;
    let isOff = false;

    function worked(symbol: SymbolName, code: number): boolean {
      if (code === returnCode.success) return true;
      if (isTurnedDown(code)) turnOff();
      else failed(symbol, code);
      return false;
    }

    function turnOff(): void {
      isOff = true;
      for (const sample of [before?.sample, spare]) {
        if (sample !== undefined) library.call('nvmlGpmSampleFree', sample);
      }
      before = spare = undefined;
    }

    function allocate(): bigint | undefined {
      const sample = Buffer.alloc(8);
      const symbol = 'nvmlGpmSampleAlloc';
      return worked(symbol, library.call(symbol, sample)) ? sample.readBigUInt64LE() : undefined;
    }

    function take(sample: bigint): boolean {
      if (gpuInstanceId === undefined)
        return worked('nvmlGpmSampleGet', library.call('nvmlGpmSampleGet', handle, sample));
      const symbol = 'nvmlGpmMigSampleGet';
      return worked(symbol, library.call(symbol, handle, gpuInstanceId, sample));
    }

    function advance(atSeconds: number): Activity | undefined {
      spare ??= allocate();
      if (spare === undefined || !take(spare)) return undefined;
      const [older, newer] = [before, { sample: spare, atSeconds }];
      before = newer;
      spare = older?.sample;
      if (older === undefined || atSeconds - older.atSeconds > window.longestSeconds) return undefined;
      return compare(older.sample, newer.sample);
    }

    function compare(older: bigint, newer: bigint): Activity | undefined {
      const symbol = 'nvmlGpmMetricsGet';
      if (wanted.length === 0) return undefined;
      prepare(struct, wanted, older, newer);
      if (!worked(symbol, library.call(symbol, struct))) return undefined;
      const activity: { -readonly [M in keyof Activity]: Activity[M] } = {};
      const kept: GpmMetric[] = [];
      wanted.forEach((each, position) => {
        const { code, value } = metricAt(struct, position);
        if (isUnknownMetric(code)) return;
        kept.push(each);
        if (code === returnCode.success) activity[each] = metrics[each].convert(value);
        else if (code !== notWritten) failed(symbol, code);
      });
      wanted = kept;
      return ifAny(activity);
    }

    return {
      read() {
        if (isOff || !isSupported()) return undefined;
        const atSeconds = monotonic();
        const isTooSoon = before !== undefined && atSeconds - before.atSeconds < window.shortestSeconds;
        if (!isTooSoon) latest = advance(atSeconds);
        return latest;
      },
      close: turnOff,
    };
  }

  return { isSupported, target: openTarget };
}

function prepare(struct: Buffer, wanted: readonly GpmMetric[], older: bigint, newer: bigint): void {
  struct.fill(0);
  struct.writeUInt32LE(request.version);
  struct.writeUInt32LE(wanted.length, request.countAt);
  struct.writeBigUInt64LE(older, request.olderAt);
  struct.writeBigUInt64LE(newer, request.newerAt);
  wanted.forEach((each, position) => {
    const start = request.metricsAt + position * metric.size;
    struct.writeUInt32LE(metrics[each].id, start);
    struct.writeUInt32LE(notWritten, start + metric.codeAt);
  });
}

function metricAt(struct: Buffer, position: number): { readonly code: number; readonly value: number } {
  const start = request.metricsAt + position * metric.size;
  return { code: struct.readUInt32LE(start + metric.codeAt), value: struct.readDoubleLE(start + metric.valueAt) };
}

function isTurnedDown(code: number): boolean {
  return classOf(code) === 'unsupported' || code === returnCode.argumentVersionMismatch;
}

/** A metric that the driver does not know is an invalid argument to it. */
function isUnknownMetric(code: number): boolean {
  return classOf(code) === 'unsupported' || code === returnCode.invalidArgument;
}

// Counters that are read one after the other overshoot a little; what is far above is a driver's garbage.
const mostPercent = 101;

function ratio(percent: number): number | undefined {
  if (!(percent >= 0 && percent <= mostPercent)) return undefined;
  return Math.min(percent / 100, 1);
}

// Ten times what the fastest link carries.
const mostBytesPerSecond = 50e12;

/** From MiB per second. */
function bytesPerSecond(mebibytes: number): number | undefined {
  const bytes = mebibytes * 1_048_576;
  return bytes >= 0 && bytes <= mostBytesPerSecond ? bytes : undefined;
}

import { returnCode } from '../../nvml/return-codes.ts';
import type { Call } from '../call.ts';
import type { GpmTarget, Handles } from '../handles.ts';
import { badHandle, deviceOf, type Protocol } from '../protocol.ts';
import { plain } from './plain.ts';

/** nvmlGpmSampleGet(device, sample) and nvmlGpmMigSampleGet(device, GPU instance, sample): remembered with what they are taken of. */
export const gpmSampleGet: Protocol = {
  record(call, make, recording) {
    const code = plain.record(call, make, recording);
    if (code === returnCode.success) remember(call, recording.handles);
    return code;
  },
  replay(call, playback) {
    const code = plain.replay(call, playback);
    if (code === returnCode.success) remember(call, playback.handles);
    return code;
  },
};

function remember(call: Call, handles: Handles): void {
  const device = deviceOf(call, handles);
  const sample = call.handles.at(-1);
  if (device !== undefined && sample !== undefined)
    handles.samples.set(sample, { device, instance: call.selectors[0] });
}

// nvmlGpmMetricsGet_t: 0 u32 version, 4 u32 numMetrics, 8 and 16 the samples, 24 nvmlGpmMetric_t[]: 0 u32 metricId, 4 u32 nvmlReturn, 8 f64.
const header = { countAt: 4, sampleAt: 16, size: 24 } as const;
const metric = { size: 40, codeAt: 4, valueAt: 8 } as const;

/** nvmlGpmMetricsGet, kept by metric for what its samples were taken of. */
export const gpmMetrics: Protocol = {
  record(call, make, { handles, keep }) {
    const code = make();
    const target = targetOf(call, handles);
    if (target === undefined) return code;
    keep(target.device, keyOf(call.symbol, target), { code });
    if (code !== returnCode.success) return code;
    for (const entry of metricsOf(call)) {
      const metricCode = entry.readUInt32LE(metric.codeAt);
      const bits = entry.readBigUInt64LE(metric.valueAt);
      keep(target.device, metricKey(entry, target), {
        code: metricCode,
        output: metricCode === returnCode.success ? { kind: 'metric', bits } : undefined,
      });
    }
    return code;
  },
  replay(call, { handles, answer, missing }) {
    const target = targetOf(call, handles);
    if (target === undefined) return badHandle;
    const kept = answer(target.device, keyOf(call.symbol, target));
    if (kept === undefined) return missing(call.symbol);
    if (kept.code !== returnCode.success) return kept.code;
    for (const entry of metricsOf(call)) {
      const { code, output } = answer(target.device, metricKey(entry, target)) ?? { code: returnCode.notSupported };
      entry.writeUInt32LE(code, metric.codeAt);
      if (output?.kind === 'metric') entry.writeBigUInt64LE(output.bits, metric.valueAt);
    }
    return kept.code;
  },
};

function targetOf({ buffers: [struct] }: Call, { samples }: Handles): GpmTarget | undefined {
  if (struct === undefined || struct.length < header.size) return undefined;
  return samples.get(struct.readBigUInt64LE(header.sampleAt));
}

function metricsOf({ buffers: [struct] }: Call): readonly Buffer[] {
  if (struct === undefined) return [];
  const length = Math.min(struct.readUInt32LE(header.countAt), Math.floor((struct.length - header.size) / metric.size));
  return Array.from({ length }, (_, index) =>
    struct.subarray(header.size + index * metric.size, header.size + (index + 1) * metric.size),
  );
}

function metricKey(entry: Buffer, target: GpmTarget): string {
  return keyOf(`gpm ${entry.readUInt32LE(0)}`, target);
}

function keyOf(what: string, { instance }: GpmTarget): string {
  return instance === undefined ? what : `${what} instance ${instance}`;
}

import { returnCode } from '../../nvml/return-codes.ts';
import type { Call } from '../call.ts';
import type { Answer } from '../capture.ts';
import { badHandle, deviceOf, type Protocol } from '../protocol.ts';

// nvmlFieldValue_t: 0 u32 fieldId, 4 u32 scopeId, 8 i64 timestamp, 16 i64 latency, 24 u32 valueType, 28 u32 nvmlReturn, 32 value.
const entrySize = 40;
const at = { id: 0, scope: 4, timestamp: 8, latency: 16, type: 24, code: 28, value: 32 } as const;

/** nvmlDeviceGetFieldValues, kept by field and scope whatever else was asked for in the same call. */
export const fieldValues: Protocol = {
  record(call, make, { handles, keep }) {
    const before = entriesOf(call).map((entry) => Buffer.from(entry));
    const code = make();
    const device = deviceOf(call, handles);
    if (device === undefined) return code;
    keep(device, call.symbol, { code });
    if (code !== returnCode.success) return code;
    for (const [position, entry] of entriesOf(call).entries())
      keep(device, keyOf(entry), read(entry, before[position]));
    return code;
  },
  replay(call, { handles, answer, missing }) {
    const device = deviceOf(call, handles);
    if (device === undefined) return badHandle;
    const kept = answer(device, call.symbol);
    if (kept === undefined) return missing(call.symbol);
    if (kept.code !== returnCode.success) return kept.code;
    for (const entry of entriesOf(call))
      write(entry, answer(device, keyOf(entry)) ?? { code: returnCode.notSupported });
    return kept.code;
  },
};

/** No more entries than the memory holds, whatever the count says. */
function entriesOf({ selectors: [count = 0], buffers: [buffer] }: Call): readonly Buffer[] {
  if (buffer === undefined) return [];
  const length = Math.min(Math.max(0, Number(count)), Math.floor(buffer.length / entrySize));
  return Array.from({ length }, (_, index) => buffer.subarray(index * entrySize, (index + 1) * entrySize));
}

function keyOf(entry: Buffer): string {
  const [id, scope] = [entry.readUInt32LE(at.id), entry.readUInt32LE(at.scope)];
  return scope === 0 ? `field ${id}` : `field ${id} scope ${scope}`;
}

function read(entry: Buffer, before: Buffer | undefined): Answer {
  if (before?.equals(entry)) return { code: returnCode.success, output: { kind: 'untouched' } };
  const code = entry.readUInt32LE(at.code);
  if (code !== returnCode.success) return { code };
  const isBlank = entry.readBigInt64LE(at.timestamp) === 0n && entry.readBigInt64LE(at.latency) === 0n;
  return {
    code,
    output: { kind: 'field', type: entry.readUInt32LE(at.type), bits: entry.readBigUInt64LE(at.value), isBlank },
  };
}

/** Of an entry that was read, whenever that was. */
const someTime = { timestamp: 1_700_000_000_000_000n, latency: 1n } as const;

function write(entry: Buffer, { code, output }: Answer): void {
  if (output?.kind === 'untouched') return;
  const isBlank = output?.kind === 'field' && output.isBlank;
  entry.writeBigInt64LE(isBlank ? 0n : someTime.timestamp, at.timestamp);
  entry.writeBigInt64LE(isBlank ? 0n : someTime.latency, at.latency);
  entry.writeUInt32LE(code, at.code);
  if (output?.kind !== 'field') return;
  entry.writeUInt32LE(output.type, at.type);
  entry.writeBigUInt64LE(output.bits, at.value);
}

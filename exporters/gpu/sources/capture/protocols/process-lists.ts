import { type EntryLayout, entryLayouts, fittingLayout } from '../../nvml/process-entries.ts';
import { returnCode } from '../../nvml/return-codes.ts';
import type { Call } from '../call.ts';
import { maxProcesses, type Output, oldestSample, type RecordedProcess, type RecordedSample } from '../capture.ts';
import { badHandle, deviceOf, type Protocol } from '../protocol.ts';

/** A list that the caller asks for twice: first how long it is, then with memory for so many entries. */
interface ListCall {
  readonly count: Buffer;
  readonly entries: Buffer;
}

/** nvmlDeviceGet…RunningProcesses: the count, and the entries, whose size differs between drivers. */
export const runningProcesses: Protocol = {
  record(call, make, { handles, keep }) {
    const list = listOf(call.buffers[0], call.buffers[1]);
    const capacity = list === undefined ? 0 : list.count.readUInt32LE();
    const code = make();
    const device = deviceOf(call, handles);
    if (device === undefined || code === returnCode.insufficientSize) return code;
    const output = code === returnCode.success && list !== undefined ? readProcesses(call, list, capacity) : undefined;
    keep(device, call.symbol, { code, output });
    return code;
  },
  replay(call, { handles, answer, missing }) {
    const device = deviceOf(call, handles);
    if (device === undefined) return badHandle;
    const kept = answer(device, call.symbol);
    if (kept?.output?.kind !== 'processes') return kept?.code ?? missing(call.symbol);
    const { entrySize, list } = kept.output;
    const entries = room(listOf(call.buffers[0], call.buffers[1]), list.length, entrySize);
    if (entries === undefined) return returnCode.insufficientSize;
    list.forEach((process, position) => {
      writeProcess(entries[position], process);
    });
    return kept.code;
  },
};

/** nvmlDeviceGetProcessUtilization(device, entries, count, time): the samples that are newer than the time. */
export const processSamples: Protocol = {
  record(call, make, { handles, keep }) {
    const list = listOf(call.buffers[1], call.buffers[0]);
    const capacity = list === undefined ? 0 : list.count.readUInt32LE();
    const code = make();
    const device = deviceOf(call, handles);
    if (device === undefined || code === returnCode.insufficientSize) return code;
    const isList = code === returnCode.success && list !== undefined;
    keep(device, call.symbol, {
      code,
      output: isList ? { kind: 'samples', list: readSamples(written(list, capacity, sampleSize)) } : undefined,
    });
    return code;
  },
  replay(call, { handles, answer, missing }) {
    const device = deviceOf(call, handles);
    if (device === undefined) return badHandle;
    const kept = answer(device, call.symbol);
    if (kept?.output?.kind !== 'samples') return kept?.code ?? missing(call.symbol);
    const { list } = kept.output;
    const entries = room(listOf(call.buffers[1], call.buffers[0]), list.length, sampleSize);
    if (entries === undefined) return returnCode.insufficientSize;
    // However late it is in the replay, the samples are newer than those that the caller has seen.
    const newest = BigInt(call.selectors[0] ?? 0) + 1_000_000n + BigInt(Math.max(0, ...list.map(({ age }) => age)));
    list.forEach((sample, position) => {
      writeSample(entries[position], sample, newest);
    });
    return kept.code;
  },
};

function listOf(count: Buffer | undefined, entries: Buffer | undefined): ListCall | undefined {
  return count === undefined || count.length < 4 ? undefined : { count, entries: entries ?? Buffer.alloc(0) };
}

/** The entries that the driver wrote into memory for `capacity` of them. */
function written({ count, entries }: ListCall, capacity: number, entrySize: number): readonly Buffer[] {
  return split(entries, Math.min(count.readUInt32LE(), capacity, maxProcesses), entrySize);
}

/** Tells how long the list is; undefined if the caller has less room. */
function room(list: ListCall | undefined, length: number, entrySize: number): readonly Buffer[] | undefined {
  if (list === undefined) return undefined;
  const capacity = list.count.readUInt32LE();
  list.count.writeUInt32LE(length);
  const slots = split(list.entries, length, entrySize);
  return capacity < length || slots.length < length ? undefined : slots;
}

function split(entries: Buffer, most: number, entrySize: number): readonly Buffer[] {
  const length = Math.min(most, Math.floor(entries.length / entrySize));
  return Array.from({ length }, (_, index) => entries.subarray(index * entrySize, (index + 1) * entrySize));
}

/** The callers leave room for entries of any size, so the size that the driver chose shows only in what it wrote. */
function readProcesses({ symbol }: Call, list: ListCall, capacity: number): Output {
  const count = Math.min(list.count.readUInt32LE(), capacity, maxProcesses);
  const layouts = layoutsOf(symbol);
  const entrySize = (fittingLayout(list.entries, count, layouts) ?? layouts[0]).size;
  return { kind: 'processes', entrySize, list: split(list.entries, count, entrySize).map(readProcess) };
}

function layoutsOf(symbol: string): readonly [EntryLayout, ...EntryLayout[]] {
  if (symbol.endsWith('_v3')) return [entryLayouts.v2, entryLayouts.long];
  return [symbol.endsWith('_v2') ? entryLayouts.v2 : entryLayouts.v1];
}

// nvmlProcessInfo_t: 0 u32 pid, 8 u64 usedGpuMemory, 16 u32 gpuInstanceId, 20 u32 computeInstanceId; the first version ends at 16.
const noInstance = 0xffff_ffff;

function readProcess(entry: Buffer): RecordedProcess {
  const hasInstances = entry.length >= 24;
  return {
    pid: entry.readUInt32LE(0),
    usedBytes: entry.readBigUInt64LE(8),
    gpuInstance: hasInstances ? entry.readUInt32LE(16) : noInstance,
    computeInstance: hasInstances ? entry.readUInt32LE(20) : noInstance,
  };
}

function writeProcess(entry: Buffer | undefined, process: RecordedProcess): void {
  if (entry === undefined) return;
  entry.fill(0);
  entry.writeUInt32LE(process.pid, 0);
  entry.writeBigUInt64LE(process.usedBytes, 8);
  if (entry.length < 24) return;
  entry.writeUInt32LE(process.gpuInstance, 16);
  entry.writeUInt32LE(process.computeInstance, 20);
}

// nvmlProcessUtilizationSample_t: 0 u32 pid, 8 u64 timeStamp in microseconds, 16 u32 sm, 20 memory, 24 encoder, 28 decoder.
const sampleSize = 32;

function readSamples(entries: readonly Buffer[]): readonly RecordedSample[] {
  const newest = entries.map((entry) => entry.readBigUInt64LE(8)).reduce((a, b) => (a > b ? a : b), 0n);
  const recent = entries.filter((entry) => newest - entry.readBigUInt64LE(8) <= oldestSample);
  return recent.map((entry) => ({
    pid: entry.readUInt32LE(0),
    age: Number(newest - entry.readBigUInt64LE(8)),
    sm: entry.readUInt32LE(16),
    memory: entry.readUInt32LE(20),
    encoder: entry.readUInt32LE(24),
    decoder: entry.readUInt32LE(28),
  }));
}

function writeSample(entry: Buffer | undefined, sample: RecordedSample, newest: bigint): void {
  if (entry === undefined) return;
  entry.fill(0);
  entry.writeUInt32LE(sample.pid, 0);
  entry.writeBigUInt64LE(newest - BigInt(sample.age), 8);
  entry.writeUInt32LE(sample.sm, 16);
  entry.writeUInt32LE(sample.memory, 20);
  entry.writeUInt32LE(sample.encoder, 24);
  entry.writeUInt32LE(sample.decoder, 28);
}

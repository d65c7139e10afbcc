import type { Device } from './device.ts';
import type { OpenGpu } from './families/family.ts';
import { createGrowingList, type ListAnswer } from './growing-list.ts';
import {
  type EntryLayout,
  entryLayouts,
  fittingLayout,
  type ListedProcess,
  parseEntries,
  roomForEntry,
} from './process-entries.ts';
import { classOf, returnCode } from './return-codes.ts';
import type { SymbolName } from './symbols.ts';

/** NVML's lists of the processes on a GPU. */
export interface ProcessLists {
  /**
   * Those on the GPU, or on the MIG device of the handle, of every kind, each once for its GPU instance. Undefined if the list of those
   * that compute cannot be read. `failed` takes note of calls that failed.
   */
  read(handle: bigint, failed: Device['failed']): readonly ListedProcess[] | undefined;
}

type Versions = readonly [v3: SymbolName, v2: SymbolName, v1: SymbolName];

const compute: Versions = [
  'nvmlDeviceGetComputeRunningProcesses_v3',
  'nvmlDeviceGetComputeRunningProcesses_v2',
  'nvmlDeviceGetComputeRunningProcesses',
];
const others: readonly Versions[] = [
  [
    'nvmlDeviceGetMPSComputeRunningProcesses_v3',
    'nvmlDeviceGetMPSComputeRunningProcesses_v2',
    'nvmlDeviceGetMPSComputeRunningProcesses',
  ],
  [
    'nvmlDeviceGetGraphicsRunningProcesses_v3',
    'nvmlDeviceGetGraphicsRunningProcesses_v2',
    'nvmlDeviceGetGraphicsRunningProcesses',
  ],
];

const mostProcesses = 4096;

export function openProcessLists(gpu: OpenGpu): ProcessLists {
  const { library } = gpu.deps;
  const list = createGrowingList(roomForEntry, mostProcesses);
  // By handle, because MIG devices lack lists that their GPU has.
  const unsupported = new Set<string>();
  let newest: EntryLayout | undefined;

  function layoutOf(position: number): EntryLayout {
    if (position > 0) return position === 1 ? entryLayouts.v2 : entryLayouts.v1;
    newest ??= hasLongEntries(gpu) ? entryLayouts.long : entryLayouts.v2;
    return newest;
  }

  function parse({ count, entries }: ListAnswer, layout: EntryLayout): readonly ListedProcess[] {
    if (layout !== newest) return parseEntries(entries, count, layout);
    const other = layout === entryLayouts.v2 ? entryLayouts.long : entryLayouts.v2;
    newest = fittingLayout(entries, count, [layout, other]) ?? layout;
    return parseEntries(entries, count, newest);
  }

  function readKind(
    handle: bigint,
    versions: Versions,
    failed: Device['failed'],
  ): readonly ListedProcess[] | undefined {
    for (const [position, symbol] of versions.entries()) {
      const key = `${handle} ${symbol}`;
      if (unsupported.has(key)) continue;
      const layout = layoutOf(position);
      const answer = list.fill(layout.size, (count, entries) => library.call(symbol, handle, count, entries));
      if (answer.code === returnCode.success) return parse(answer, layout);
      if (classOf(answer.code) !== 'unsupported') {
        failed(symbol, answer.code);
        return undefined;
      }
      unsupported.add(key);
    }
    return undefined;
  }

  return {
    read(handle, failed) {
      const computing = readKind(handle, compute, failed);
      const rest = others.flatMap((versions) => readKind(handle, versions, failed) ?? []);
      return computing === undefined ? undefined : mergeProcesses([...computing, ...rest]);
    },
  };
}

/** A process that is in several lists is the same one, and its memory is not the sum. */
export function mergeProcesses(processes: readonly ListedProcess[]): readonly ListedProcess[] {
  const merged = new Map<string, ListedProcess>();
  for (const each of processes) {
    const key = `${each.pid} ${each.gpuInstanceId}`;
    const { usedMemoryBytes: before } = merged.get(key) ?? {};
    const { usedMemoryBytes: now } = each;
    const usedMemoryBytes = before === undefined || now === undefined ? (before ?? now) : Math.max(before, now);
    merged.set(key, { ...each, usedMemoryBytes });
  }
  return [...merged.values()];
}

// nvmlProcessDetailList_v1_t: 0 u32 version, 4 u32 mode, 8 u32 number of entries, 16 the entries, of which we want none.
const detailList = { size: 24, version: 1 } as const;
// nvmlConfComputeMemSizeInfo_t, with room to spare.
const memSizeInfo = { size: 64 } as const;

/** The drivers with long entries can be told by what else they have: the one function, but not yet the other. nvitop does the same. */
function hasLongEntries({ deps: { library, handle } }: OpenGpu): boolean {
  const details = Buffer.alloc(detailList.size);
  details.writeUInt32LE(detailList.size | (detailList.version << 24));
  const isNew = library.call('nvmlDeviceGetRunningProcessDetailList', handle, details) !== returnCode.functionNotFound;
  if (isNew) return false;
  const info = Buffer.alloc(memSizeInfo.size);
  return library.call('nvmlDeviceGetConfComputeMemSizeInfo', handle, info) !== returnCode.functionNotFound;
}

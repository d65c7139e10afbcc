/** A process as one of NVML's lists has it. */
export interface ListedProcess {
  readonly pid: number;
  readonly gpuInstanceId: number | undefined;
  readonly usedMemoryBytes: number | undefined;
}

/** How a list lays out its entries. */
export interface EntryLayout {
  readonly size: number;
  /** Undefined where the entry does not tell of MIG. */
  readonly gpuInstanceAt?: number;
}

/** nvmlProcessInfo_v1_t, nvmlProcessInfo_v2_t and, from 535.43 to 535.86 under the name of the latter's successor, one that is longer. */
export const entryLayouts = {
  v1: { size: 16 },
  v2: { size: 24, gpuInstanceAt: 16 },
  long: { size: 32, gpuInstanceAt: 16 },
} as const satisfies Readonly<Record<string, EntryLayout>>;

/** Room for an entry of any layout, so that a wrong guess cannot make the driver write past the end. */
export const roomForEntry = 32;

// All of them begin with 0 u32 pid, 8 u64 used memory.
const at = { pid: 0, memory: 8 } as const;
// PID_MAX_LIMIT of Linux.
const mostPid = 2 ** 22;
const unknownMemory = 0xffff_ffff_ffff_ffffn;
const noInstance = 0xffff_ffff;

/** The first of the layouts by which all entries are processes; a wrong one takes other numbers for process ids. */
export function fittingLayout(
  entries: Buffer,
  count: number,
  layouts: readonly EntryLayout[],
): EntryLayout | undefined {
  return layouts.find((layout) => parseEntries(entries, count, layout).length === count);
}

/** Entries that cannot be a process are left out. */
export function parseEntries(entries: Buffer, count: number, layout: EntryLayout): readonly ListedProcess[] {
  const fitting = Math.min(count, Math.floor(entries.length / layout.size));
  return Array.from({ length: fitting }, (_, index) => parse(entries.subarray(index * layout.size), layout)).filter(
    ({ pid }) => pid > 0 && pid <= mostPid,
  );
}

function parse(entry: Buffer, { gpuInstanceAt }: EntryLayout): ListedProcess {
  const memory = entry.readBigUInt64LE(at.memory);
  const gpuInstance = gpuInstanceAt === undefined ? noInstance : entry.readUInt32LE(gpuInstanceAt);
  return {
    pid: entry.readUInt32LE(at.pid),
    gpuInstanceId: gpuInstance === noInstance ? undefined : gpuInstance,
    usedMemoryBytes: memory === unknownMemory ? undefined : Number(memory),
  };
}

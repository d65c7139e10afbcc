/**
 * A walk over NVML as it was answered: every call with its answer, so that a replay needs no GPU. Calls are kept by device (`system`,
 * `gpu0`, `gpu0/mig1`) and by their name with its selectors, such as `nvmlDeviceGetClockInfo 1`. Batched calls are kept entry by entry
 * (`field 83`, `gpm 5`), so that it does not matter how entries are put together.
 */
export interface Capture {
  readonly origin: CaptureOrigin;
  /** Functions that the library was seen to have. */
  readonly symbols: readonly string[];
  /** How often the GPUs were read, some time apart. */
  readonly rounds: number;
  readonly devices: ReadonlyMap<string, ReadonlyMap<string, Rounds>>;
}

export const captureFormat = 'fleetlens-nvml-capture/1';

/** Captures of the second kind show what the headers promise; no hardware stood behind their figures. */
export const captureOrigins = ['recorded', 'written from the documented ABI'] as const;
export type CaptureOrigin = (typeof captureOrigins)[number];

/** The last answer of each round, by the number of the round; undefined where the call was not made. */
export type Rounds = readonly (Answer | undefined)[];

export interface Answer {
  /** nvmlReturn_t of the call or of the entry. */
  readonly code: number;
  /** Undefined for a call that failed or that has nothing to say. */
  readonly output?: Output | undefined;
}

export type Output =
  | { readonly kind: 'text'; readonly text: string }
  /** One for each memory argument: a number from 4 or 8 bytes, or the bytes of a struct. */
  | { readonly kind: 'values'; readonly values: readonly (bigint | Buffer)[] }
  /** Name of the device that a handle stands for. */
  | { readonly kind: 'handle'; readonly device: string }
  /** An entry of nvmlDeviceGetFieldValues: its nvmlValueType_t and the 8 bytes of its value. */
  | { readonly kind: 'field'; readonly type: number; readonly bits: bigint; readonly isBlank: boolean }
  /** An entry that the driver did not write. */
  | { readonly kind: 'untouched' }
  /** A metric of nvmlGpmMetricsGet, as the 8 bytes of a double. */
  | { readonly kind: 'metric'; readonly bits: bigint }
  | { readonly kind: 'processes'; readonly entrySize: number; readonly list: readonly RecordedProcess[] }
  | { readonly kind: 'samples'; readonly list: readonly RecordedSample[] };

export interface RecordedProcess {
  readonly pid: number;
  readonly usedBytes: bigint;
  readonly gpuInstance: number;
  readonly computeInstance: number;
}

/** An entry of nvmlDeviceGetProcessUtilization; shares are in percent. */
export interface RecordedSample {
  readonly pid: number;
  /** Microseconds before the newest sample of the list. */
  readonly age: number;
  readonly sm: number;
  readonly memory: number;
  readonly encoder: number;
  readonly decoder: number;
}

/** Most GPUs, and most MIG devices of one GPU, that a capture may tell of. */
export const maxDevices = 64;
/** Bytes of an entry in the lists of processes of different drivers. */
export const processEntrySizes = [16, 24, 32] as const;
/** Most processes, or samples of processes, that one call may list. */
export const maxProcesses = 10_000;
/** Samples that are older are not kept, in microseconds: drivers also hand out entries that they never filled in. */
export const oldestSample = 3_600_000_000;

import type { XidEvent } from '../../reading.ts';
import type { Library } from './library.ts';
import type { Progress } from './progress.ts';
import { classOf, nameOf, returnCode } from './return-codes.ts';
import { driverUnavailable } from './unavailable.ts';
import type { ListedGpu } from './walk.ts';

export interface XidEventsDeps {
  readonly library: Pick<Library, 'call'>;
  readonly progress: Progress;
  /** Unix time in seconds. */
  readonly now: () => number;
  readonly report: (message: string) => void;
}

export interface XidEvents {
  /** Starts to listen to GPUs that are new in the list. */
  listen(gpus: readonly ListedGpu[]): void;
  /** The XIDs since the last poll; never waits. */
  poll(): XidEvent[];
  /** True if at least one GPU is listened to. */
  areHeard(): boolean;
  close(): void;
}

// nvmlEventTypeXidCriticalError
const xidCritical = 0x8n;
// nvmlEventData_t: 0 device handle, 8 u64 type, 16 u64 data (the XID), 24 u32 GPU instance, 28 u32 compute instance.
const eventData = { size: 32, deviceAt: 0, typeAt: 8, xidAt: 16, gpuInstanceAt: 24 } as const;
const noInstance = 0xffff_ffff;
// A GPU that reports without end must not hold up the readings; the rest comes with the next poll.
const mostPerPoll = 1024;

/** XID errors through an NVML event set. Where the library has no events, there are none. */
export function createXidEvents({ library, progress, now, report }: XidEventsDeps): XidEvents {
  const data = Buffer.alloc(eventData.size);
  const gpuOfHandle = new Map<bigint, Pick<ListedGpu, 'index' | 'uuid'>>();
  let eventSet: bigint | undefined;
  let complaint: number | undefined;

  function createSet(): bigint | undefined {
    const set = Buffer.alloc(8);
    const code = checked('nvmlEventSetCreate', library.call('nvmlEventSetCreate', set));
    complain('nvmlEventSetCreate', code);
    return code === returnCode.success ? set.readBigUInt64LE() : undefined;
  }

  function complain(symbol: string, code: number): void {
    if (code === complaint || code === returnCode.success || classOf(code) === 'unsupported') return;
    complaint = code;
    report(`XID events may be missing: ${symbol} returned ${nameOf(code)} (${code})`);
  }

  function register(set: bigint, gpu: ListedGpu): void {
    progress.gpu(gpu.index);
    const supported = Buffer.alloc(8);
    const asked = library.call('nvmlDeviceGetSupportedEventTypes', gpu.handle, supported);
    if (checked('nvmlDeviceGetSupportedEventTypes', asked) !== returnCode.success) return;
    const mask = supported.readBigUInt64LE() & xidCritical;
    if (mask === 0n) return;
    const symbol = 'nvmlDeviceRegisterEvents';
    const code = checked(symbol, library.call(symbol, gpu.handle, mask, set));
    if (code === returnCode.success) gpuOfHandle.set(gpu.handle, gpu);
    // A GPU that is gone says so in its reading.
    else if (classOf(code) !== 'gpu-fatal') complain(symbol, code);
  }

  function wait(set: bigint): number {
    const newest = library.call('nvmlEventSetWait_v2', set, data, 0);
    const code = newest === returnCode.functionNotFound ? library.call('nvmlEventSetWait', set, data, 0) : newest;
    return checked('nvmlEventSetWait', code);
  }

  function drain(set: bigint): XidEvent[] {
    const events: XidEvent[] = [];
    for (let taken = 0; taken < mostPerPoll; taken += 1) {
      const code = waitAfter(events, set);
      if (code !== returnCode.success) {
        waitEnded(code);
        break;
      }
      const event = parseEvent();
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  /** What was taken out of the set is gone from it, so a driver that goes away now is left to the next request to find. */
  function waitAfter(taken: readonly XidEvent[], set: bigint): number {
    try {
      return wait(set);
    } catch (error) {
      if (taken.length === 0) throw error;
      return returnCode.timeout;
    }
  }

  function parseEvent(): XidEvent | undefined {
    const gpu = gpuOfHandle.get(data.readBigUInt64LE(eventData.deviceAt));
    if (gpu === undefined || data.readBigUInt64LE(eventData.typeAt) !== xidCritical) return undefined;
    const xid = Number(data.readBigUInt64LE(eventData.xidAt));
    const instance = data.readUInt32LE(eventData.gpuInstanceAt);
    const gpuInstanceId = instance === noInstance ? undefined : instance;
    return { uuid: gpu.uuid, index: gpu.index, xid, gpuInstanceId, atSeconds: now() };
  }

  function waitEnded(code: number): void {
    // With a lost GPU in it the set may answer nothing else, so the next `listen` makes one of the GPUs that still answer.
    if (classOf(code) === 'gpu-fatal') free();
    else if (code !== returnCode.timeout) complain('nvmlEventSetWait', code);
  }

  function free(): void {
    if (eventSet !== undefined) library.call('nvmlEventSetFree', eventSet);
    eventSet = undefined;
    gpuOfHandle.clear();
  }

  return {
    listen(gpus) {
      progress.driver();
      eventSet ??= createSet();
      for (const gpu of gpus) {
        // The same handle may stand for another GPU after the list changed.
        if (gpuOfHandle.has(gpu.handle)) gpuOfHandle.set(gpu.handle, gpu);
        else if (eventSet !== undefined) register(eventSet, gpu);
      }
      progress.idle();
    },
    poll() {
      progress.driver();
      const events = eventSet === undefined ? [] : drain(eventSet);
      progress.idle();
      return events;
    },
    areHeard: () => gpuOfHandle.size > 0,
    close: free,
  };
}

function checked(symbol: string, code: number): number {
  if (classOf(code) === 'lifecycle') throw driverUnavailable(symbol, code);
  return code;
}

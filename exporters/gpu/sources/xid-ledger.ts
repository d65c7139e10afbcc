import { xidCodesFromStart } from '../../../metrics/xid.ts';
import type { XidEvent } from '../reading.ts';

export interface XidCount {
  readonly index: number;
  readonly uuid: string;
  readonly xid: number;
  readonly count: number;
  /** Unix time in seconds of the last one; undefined if there was none yet. */
  readonly lastSeconds: number | undefined;
}

/** Those of the errors of a GPU that the driver blamed on one of its MIG instances. */
export interface MigXidCount {
  readonly index: number;
  readonly uuid: string;
  readonly gpuInstanceId: number;
  readonly xid: number;
  readonly count: number;
}

/** A driver that invents codes must not invent series without end; what is beyond counts as this code, which NVIDIA does not use. */
export const otherXid = 0;
const maxCodesPerGpu = 100;
/** A GPU has at most seven at a time, numbered below 16. */
const maxInstancesPerGpu = 16;
const maxCodesPerInstance = 20;

/** Counts XID errors by GPU and code for as long as the exporter runs, also across restarts of the process that hears them. */
export interface XidLedger {
  /** Makes the counters of a GPU exist, so that increase() sees the first error. */
  readonly know: (index: number, uuid: string) => void;
  readonly record: (event: XidEvent) => void;
  /** An error from before the exporter started: tells when there was one, and counts nothing. */
  readonly sawBefore: (event: XidEvent) => void;
  readonly counts: () => readonly XidCount[];
  readonly migCounts: () => readonly MigXidCount[];
}

interface Tally {
  count: number;
  lastSeconds: number | undefined;
}

interface GpuTallies {
  /** Where the GPU was last; its counts move with it. */
  index: number;
  readonly codes: Map<number, Tally>;
  /** By GPU instance, then by code. */
  readonly instances: Map<number, Map<number, number>>;
}

export function createXidLedger(): XidLedger {
  const byGpu = new Map<string, GpuTallies>();

  function know(index: number, uuid: string): GpuTallies {
    const known = byGpu.get(uuid);
    if (known !== undefined) {
      known.index = index;
      return known;
    }
    const codes = new Map(xidCodesFromStart.map((xid) => [xid, { count: 0, lastSeconds: undefined }] as const));
    const gpu: GpuTallies = { index, codes, instances: new Map() };
    byGpu.set(uuid, gpu);
    return gpu;
  }

  /** Adds errors to the tally of the event's code; its time never goes back. */
  function tally({ index, uuid, xid, atSeconds }: XidEvent, errors: number): GpuTallies {
    const gpu = know(index, uuid);
    const code = boundedCode(gpu.codes, xid, maxCodesPerGpu);
    const { count, lastSeconds } = gpu.codes.get(code) ?? { count: 0, lastSeconds: undefined };
    gpu.codes.set(code, { count: count + errors, lastSeconds: Math.max(atSeconds, lastSeconds ?? atSeconds) });
    return gpu;
  }

  return {
    know: (index, uuid) => void know(index, uuid),
    record: (event) => {
      const gpu = tally(event, 1);
      if (event.gpuInstanceId !== undefined) blame(gpu.instances, event.gpuInstanceId, event.xid);
    },
    sawBefore: (event) => void tally(event, 0),
    counts: () =>
      [...byGpu].flatMap(([uuid, { index, codes }]) =>
        [...codes].map(([xid, counted]) => ({ index, uuid, xid, ...counted })),
      ),
    migCounts: () =>
      [...byGpu].flatMap(([uuid, { index, instances }]) =>
        [...instances].flatMap(([gpuInstanceId, codes]) =>
          [...codes].map(([xid, count]) => ({ index, uuid, gpuInstanceId, xid, count })),
        ),
      ),
  };
}

function blame(instances: GpuTallies['instances'], gpuInstanceId: number, xid: number): void {
  const codes = instances.get(gpuInstanceId) ?? new Map<number, number>();
  if (!instances.has(gpuInstanceId) && instances.size >= maxInstancesPerGpu) return;
  const code = boundedCode(codes, xid, maxCodesPerInstance);
  codes.set(code, (codes.get(code) ?? 0) + 1);
  instances.set(gpuInstanceId, codes);
}

function boundedCode(known: ReadonlyMap<number, unknown>, xid: number, most: number): number {
  return known.has(xid) || known.size < most ? xid : otherXid;
}

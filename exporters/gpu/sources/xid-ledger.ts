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

/** A driver that invents codes must not invent series without end; what is beyond counts as this code, which NVIDIA does not use. */
export const otherXid = 0;
const maxCodesPerGpu = 100;

/** Counts XID errors by GPU and code for as long as the exporter runs, also across restarts of the process that hears them. */
export interface XidLedger {
  /** Makes the counters of a GPU exist, so that increase() sees the first error. */
  readonly know: (index: number, uuid: string) => void;
  readonly record: (event: XidEvent) => void;
  readonly counts: () => readonly XidCount[];
}

export function createXidLedger(): XidLedger {
  const byGpu = new Map<string, Map<number, XidCount>>();

  function know(index: number, uuid: string): Map<number, XidCount> {
    const known = byGpu.get(uuid);
    if (known !== undefined) return known;
    const codes = new Map(
      xidCodesFromStart.map((xid) => [xid, { index, uuid, xid, count: 0, lastSeconds: undefined }] as const),
    );
    byGpu.set(uuid, codes);
    return codes;
  }

  return {
    know: (index, uuid) => void know(index, uuid),
    record: ({ index, uuid, xid, atSeconds }) => {
      const codes = know(index, uuid);
      const code = codes.has(xid) || codes.size < maxCodesPerGpu ? xid : otherXid;
      const count = (codes.get(code)?.count ?? 0) + 1;
      codes.set(code, { index, uuid, xid: code, count, lastSeconds: atSeconds });
    },
    counts: () => [...byGpu.values()].flatMap((codes) => [...codes.values()]),
  };
}

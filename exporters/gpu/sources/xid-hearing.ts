import type { Clock } from '../../../kit/clock.ts';
import type { Log } from '../../../kit/log.ts';
import type { GpuReading, XidEvent } from '../reading.ts';
import type { KernelLog } from './kernel-log/kernel-log.ts';
import type { KernelXid } from './kernel-log/kernel-xid.ts';
import { normalPci } from './kernel-log/pci-address.ts';
import { createXidLedger, type MigXidCount, type XidCount } from './xid-ledger.ts';
import { createXidMerge } from './xid-merge.ts';

/** Hears XID errors from the driver's events and from the kernel log, and counts each once. */
export interface XidHearing {
  /** Starts to listen to the kernel log; `onNews` is told the errors that it was first to report. */
  readonly start: (onNews: (events: readonly XidEvent[]) => void) => void;
  /** GPUs that answered: from now on their counters exist, and the kernel's addresses can be told from each other. */
  readonly know: (gpus: readonly GpuReading[]) => void;
  /** Takes errors that the driver reported; returns those that were not heard yet. */
  readonly hear: (events: readonly XidEvent[]) => readonly XidEvent[];
  readonly counts: () => readonly XidCount[];
  readonly migCounts: () => readonly MigXidCount[];
  readonly hearsKernel: () => boolean;
  readonly stop: () => void;
}

/** Errors of GPUs that nobody knows yet, kept until the first reading; a GPU that never answers keeps no more. */
const maxUnplaced = 256;

export interface XidHearingDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** How far apart the two sources may report the same error. */
  readonly windowSeconds: number;
}

export function createXidHearing(kernelLog: KernelLog, { clock, log, windowSeconds }: XidHearingDeps): XidHearing {
  const ledger = createXidLedger();
  const merge = createXidMerge({ windowSeconds });
  const byPci = new Map<string, Pick<GpuReading, 'index' | 'uuid'>>();
  let unplaced: KernelXid[] = [];
  let tell: (events: readonly XidEvent[]) => void = () => {};

  function place(found: readonly KernelXid[]): void {
    const news = found.flatMap((each) => {
      const gpu = byPci.get(each.pciBusId);
      if (gpu === undefined) {
        if (unplaced.length < maxUnplaced) unplaced.push(each);
        return [];
      }
      return count(each, gpu);
    });
    if (news.length > 0) tell(report(news, 'the kernel log'));
  }

  function count(
    { xid, gpuInstanceId, atSeconds, isOld }: KernelXid,
    { index, uuid }: Pick<GpuReading, 'index' | 'uuid'>,
  ) {
    const event: XidEvent = { index, uuid, xid, gpuInstanceId, atSeconds };
    if (isOld) {
      ledger.sawBefore(event);
      return [];
    }
    if (!merge.isNews(event, 'kernel_log', clock.monotonic())) return [];
    ledger.record(event);
    return [event];
  }

  /** One line for each GPU: one that fails can report hundreds of errors in a second. */
  function report(events: readonly XidEvent[], via: string): readonly XidEvent[] {
    for (const uuid of new Set(events.map((event) => event.uuid))) {
      const ofGpu = events.filter((event) => event.uuid === uuid);
      const codes = [...new Set(ofGpu.map(({ xid }) => xid))].slice(0, 10).join(' ');
      log.warn('xid reported', { gpu: ofGpu[0]?.index, uuid, xid: codes, times: ofGpu.length, via });
    }
    return events;
  }

  return {
    start: (onNews) => {
      tell = onNews;
      kernelLog.start(place);
    },
    know: (gpus) => {
      for (const { index, uuid, identity } of gpus) {
        ledger.know(index, uuid);
        const pci = normalPci(identity.pciBusId ?? '');
        if (pci !== undefined) byPci.set(pci, { index, uuid });
      }
      const waiting = unplaced;
      unplaced = [];
      place(waiting);
    },
    hear: (events) => {
      const news = events.filter((event) => merge.isNews(event, 'nvml_events', clock.monotonic()));
      for (const event of news) ledger.record(event);
      return report(news, 'NVML');
    },
    counts: ledger.counts,
    migCounts: ledger.migCounts,
    hearsKernel: kernelLog.isActive,
    stop: kernelLog.stop,
  };
}

import { SourceError } from '../../../../kit/errors.ts';
import { timer } from '../../../../kit/timer.ts';
import { xidCodesThatStopCalls } from '../../../../metrics/xid.ts';
import type { DriverVersions, GpuReading, NodeReading, XidEvent } from '../../reading.ts';
import type { KernelLog } from '../kernel-log/kernel-log.ts';
import type { GpuSource, NodeState, RestartReason, SilentGpu } from '../source.ts';
import { createXidHearing } from '../xid-hearing.ts';
import { createCostLedger } from './cost-ledger.ts';
import { createFailureLog } from './failure-log.ts';
import { type DriverState, isWithoutDriver } from './protocol.ts';
import { createQuarantine } from './quarantine.ts';
import { createRoster } from './roster.ts';
import { createSupervisor, type SupervisorDeps, type SupervisorSettings } from './supervisor.ts';

export interface NvmlSourceSettings extends SupervisorSettings {
  /** Names or paths of the NVML library, tried in this order. */
  readonly libraries: readonly string[];
}

export interface NvmlSourceDeps extends SupervisorDeps {
  readonly kernelLog: KernelLog;
}

/** Both sources of XID errors report one within a poll of each other; the kernel log of a busy machine may be some seconds behind. */
const shortestWindowSeconds = 10;

/** A source whose driver can be let go of. */
export type NvmlSource = GpuSource & Required<Pick<GpuSource, 'release' | 'resume'>>;

/**
 * Reads the GPUs of this machine through NVML in a supervised process. A hang or a crash takes the readings away at once and leaves the
 * GPU that was being read alone for a while, so that the others go on; XID counts and the list of known GPUs stay.
 */
export function createNvmlSource(settings: NvmlSourceSettings, deps: NvmlSourceDeps): NvmlSource {
  const { clock, log } = deps;
  const { pollSeconds, deadlineSeconds, patienceSeconds } = settings;
  const xids = createXidHearing(deps.kernelLog, {
    ...deps,
    // A driver that hangs tells what the kernel log told long ago.
    windowSeconds: Math.max(shortestWindowSeconds, 2 * pollSeconds, deadlineSeconds + patienceSeconds),
  });
  const roster = createRoster();
  const quarantine = createQuarantine();
  const costs = createCostLedger();
  const tellFailures = createFailureLog(log);
  const restarts: Record<RestartReason, number> = { hung: 0, crashed: 0 };
  const takeAgain = timer();
  let notify = (): void => {};
  let driver: DriverState = 'starting';
  let reading: NodeReading | undefined;
  /** Unknown until a child was ready. */
  let gpuCount: number | undefined;
  let versions: DriverVersions = {};
  let hearsEvents = false;
  /** When the last reading was asked for, on the monotonic clock. */
  let askedAt = 0;
  let reloads = 0;
  /** True from when a driver that worked went away until there is one again. */
  let isDriverGone = false;
  let releasedUntilSeconds: number | undefined;

  function change(next: DriverState): void {
    if (next !== 'ok') {
      reading = undefined;
      hearsEvents = false;
    }
    if (next !== driver) log.info('driver state', { state: next, before: driver });
    driver = next;
    notify();
    const { reading: shown, silent, known } = state();
    tellFailures([...(shown?.gpus ?? []), ...silent], known);
  }

  const supervisor = createSupervisor(settings, deps, {
    childOptions: () => ({ libraries: settings.libraries, skip: quarantine.indexes() }),
    skip: () => {
      askedAt = clock.monotonic();
      quarantine.releaseDue(askedAt);
      return quarantine.indexes();
    },
    onReady: (count) => {
      if (isDriverGone) {
        reloads++;
        quarantine.reset();
      }
      isDriverGone = false;
      knowCount(count);
      change('ok');
    },
    onNoDriver: (state, reason) => {
      if (gpuCount !== undefined) isDriverGone = true;
      if (state !== driver) log.warn('the GPUs cannot be read', { state, reason });
      change(state);
    },
    onReading: ({ reading: next, gpuCount: count, hearsEvents: hears }) => {
      knowCount(count);
      const named = next.gpus.filter(({ uuid }) => uuid !== '');
      roster.see(named);
      quarantine.forgive(
        next.gpus.map(({ index }) => index),
        askedAt,
      );
      xids.know(named);
      costs.add(next.costs);
      versions = next.versions;
      hearsEvents = hears;
      reading = { ...next, gpus: thoseNotLeftAlone(next.gpus.map(withUuid)) };
      change('ok');
    },
    onEvents: (events) => {
      const news = xids.hear(events);
      leaveAlone(news);
      if (news.length > 0) notify();
    },
    onHang: () => change('unresponsive'),
    onAnswersAgain: () => change('ok'),
    onFault: (reason, touchedGpu) => {
      restarts[reason]++;
      const failure = reason === 'hung' ? 'call_hung' : 'call_crashed';
      if (touchedGpu !== undefined) quarantine.add(touchedGpu, failure, clock.monotonic());
      // If every GPU is to blame, none is: the fault is the driver's, and all are tried again.
      if (gpuCount !== undefined && quarantine.indexes().length >= gpuCount) quarantine.clear();
      change(reason === 'hung' ? 'unresponsive' : 'crashed');
    },
  });

  /** After the number of GPUs has changed an index may stand for another GPU. */
  function knowCount(count: number): void {
    if (gpuCount !== undefined && count !== gpuCount) quarantine.reset();
    gpuCount = count;
  }

  function leaveAlone(events: readonly XidEvent[]): void {
    const fatal = events.filter(({ xid }) => xidCodesThatStopCalls.includes(xid));
    if (fatal.length === 0) return;
    for (const { index, xid } of fatal) quarantine.add(index, `xid_${xid}`, clock.monotonic());
    if (reading !== undefined) reading = { ...reading, gpus: thoseNotLeftAlone(reading.gpus) };
  }

  /** A GPU is either read or silent, never both. */
  function thoseNotLeftAlone(gpus: readonly GpuReading[]): readonly GpuReading[] {
    const leftAlone = quarantine.indexes();
    return gpus.filter(({ index }) => !leftAlone.includes(index));
  }

  async function release(seconds: number): Promise<void> {
    releasedUntilSeconds = clock.now() + seconds;
    takeAgain.set(seconds, resume);
    log.info('letting go of the driver', { seconds });
    const isFree = await supervisor.pause();
    if (isFree) {
      if (releasedUntilSeconds !== undefined) change('released');
      return;
    }
    takeBack();
    change('unresponsive');
    throw new SourceError('a driver call hangs, so the driver cannot be let go of; look at dmesg for NVRM lines');
  }

  function resume(): void {
    if (releasedUntilSeconds === undefined) return;
    // Whoever asked for the driver has seen to what was wrong with its GPUs.
    quarantine.reset();
    takeBack();
    change('starting');
  }

  function takeBack(): void {
    releasedUntilSeconds = undefined;
    takeAgain.clear();
    supervisor.resume();
  }

  /** A GPU that did not even tell its UUID is the one that was last seen at its index. */
  function withUuid(gpu: GpuReading): GpuReading {
    return gpu.uuid === '' ? { ...gpu, uuid: roster.uuidOf(gpu.index) ?? 'unknown' } : gpu;
  }

  /** Without a driver every known GPU is down, and why is known; while the driver does not answer nothing is known about them. */
  function missingGpus(leftAlone: readonly SilentGpu[]): readonly SilentGpu[] {
    if (reading !== undefined) return roster.missing(reading.gpus, leftAlone, 'not_enumerated');
    return isWithoutDriver(driver) ? roster.missing([], leftAlone, driver) : [];
  }

  function state(): NodeState {
    const leftAlone = quarantine.silentGpus(roster.uuidOf);
    const missing = missingGpus(leftAlone);
    const enumerated = reading === undefined ? undefined : gpuCount;
    return {
      source: 'nvml',
      driver,
      restarts,
      reading,
      enumerated,
      silent: [...leftAlone, ...missing],
      known: roster.known(),
      versions,
      xids: xids.counts(),
      migXids: xids.migCounts(),
      xidSources: { nvml_events: hearsEvents, kernel_log: xids.hearsKernel() },
      reloads,
      releasedUntilSeconds,
      costs: costs.totals(),
    };
  }

  return {
    state,
    start: (onChange) => {
      notify = onChange;
      xids.start((events) => {
        leaveAlone(events);
        notify();
      });
      supervisor.start();
      notify();
    },
    release,
    resume,
    stop: () => {
      takeAgain.clear();
      xids.stop();
      return supervisor.stop();
    },
  };
}

import type { GpuReading, NodeReading } from '../../reading.ts';
import type { GpuSource, NodeState, RestartReason, SilentGpu } from '../source.ts';
import { createXidLedger } from '../xid-ledger.ts';
import { type DriverState, isWithoutDriver } from './protocol.ts';
import { createQuarantine } from './quarantine.ts';
import { createRoster } from './roster.ts';
import { createSupervisor, type SupervisorDeps, type SupervisorSettings } from './supervisor.ts';
import { timer } from './timer.ts';

export interface NvmlSourceSettings extends SupervisorSettings {
  /** Names or paths of the NVML library, tried in this order. */
  readonly libraries: readonly string[];
}

/**
 * Reads the GPUs of this machine through NVML in a supervised process. A hang or a crash takes the readings away at once and leaves the
 * GPU that was being read alone for a while, so that the others go on; XID counts and the list of known GPUs stay.
 */
export function createNvmlSource(settings: NvmlSourceSettings, deps: SupervisorDeps): GpuSource {
  const { clock, log } = deps;
  const ledger = createXidLedger();
  const roster = createRoster();
  const quarantine = createQuarantine();
  const restarts: Record<RestartReason, number> = { hung: 0, crashed: 0 };
  /** Runs while the child is replaced: the last reading is shown for as long as it is fresh. */
  const freshness = timer();
  let notify = (): void => {};
  let driver: DriverState = 'starting';
  let reading: NodeReading | undefined;
  /** Unknown until a child was ready. */
  let gpuCount: number | undefined;

  function change(next: DriverState): void {
    freshness.clear();
    if (next !== 'ok') reading = undefined;
    if (next !== driver) log.info('driver state', { state: next, before: driver });
    driver = next;
    notify();
  }

  const supervisor = createSupervisor(settings, deps, {
    childOptions: () => ({ libraries: settings.libraries, skip: quarantine.indexes() }),
    wantsReplacement: () => quarantine.isRetryDue(clock.monotonic()),
    onReplacing: () => {
      quarantine.releaseDue(clock.monotonic());
      freshness.set(settings.collectSeconds + settings.deadlineSeconds, () => change('starting'));
    },
    onReady: (count) => {
      gpuCount = count;
      change('ok');
    },
    onNoDriver: (state, reason) => {
      if (state !== driver) log.warn('the GPUs cannot be read', { state, reason });
      change(state);
    },
    onReading: (next) => {
      const named = next.gpus.filter(({ uuid }) => uuid !== '');
      roster.see(named);
      quarantine.forgive(next.gpus.map(({ index }) => index));
      for (const { index, uuid } of named) ledger.know(index, uuid);
      reading = { ...next, gpus: next.gpus.map(withUuid) };
      change('ok');
    },
    onEvents: (events) => {
      for (const event of events) {
        log.warn('xid reported', { gpu: event.index, uuid: event.uuid, xid: event.xid });
        ledger.record(event);
      }
      if (events.length > 0) notify();
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
    const enumerated = reading === undefined ? undefined : reading.gpus.length + leftAlone.length;
    const silent = [...leftAlone, ...missing];
    return { source: 'nvml', driver, restarts, reading, enumerated, silent, xids: ledger.counts() };
  }

  return {
    state,
    start: (onChange) => {
      notify = onChange;
      supervisor.start();
      notify();
    },
    stop: () => {
      freshness.clear();
      return supervisor.stop();
    },
  };
}

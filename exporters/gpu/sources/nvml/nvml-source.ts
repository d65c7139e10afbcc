import type { Clock } from '../../../../kit/clock.ts';
import type { Log } from '../../../../kit/log.ts';
import type { NodeReading, XidEvent } from '../../reading.ts';
import type { GpuSource, RestartReason } from '../source.ts';
import { createXidLedger } from '../xid-ledger.ts';
import type { NvmlChild, SpawnNvmlChild } from './child-process.ts';
import type { Answer, DriverState, InitFailure, Request } from './protocol.ts';
import { createQuarantine } from './quarantine.ts';
import { createRoster } from './roster.ts';
import { timer } from './timer.ts';

export interface NvmlSourceSettings {
  readonly libraries: readonly string[];
  readonly collectSeconds: number;
  /** How often events are fetched, which also shows whether the driver answers. */
  readonly pollSeconds: number;
  /** A call that takes longer is a hang: its GPUs are not shown any more. */
  readonly deadlineSeconds: number;
  /** How long a hanging call may go on before its process is ended. */
  readonly patienceSeconds: number;
}

export interface NvmlSourceDeps {
  readonly spawn: SpawnNvmlChild;
  readonly clock: Clock;
  readonly log: Log;
}

/** Loading the driver takes long on machines without persistence mode. */
const initDeadlineSeconds = 60;
/** What the first look at one GPU may take at least. */
const firstLookSeconds = 5;
/** From the polite signal to the other one: time to finish a call and to shut NVML down. */
const graceSeconds = 2;
/** Between two requests: a driver that is slower than the interval must not be asked without a pause. */
const shortestRestSeconds = 0.05;
const firstRestartSeconds = 0.5;
const longestRestartSeconds = 30;

/**
 * Reads the GPUs of this machine through NVML in a child process, and keeps that process honest: one request at a time, each with a
 * deadline. A hang or a crash takes the readings away at once, costs a restart of the child, and leaves the GPU that was being read
 * alone for a while. SIGKILL comes last, because a driver call that is cut short can wedge a GPU, and a child that even SIGKILL
 * cannot end is never joined by a second one, which would hang on the same lock.
 */
export function createNvmlSource(settings: NvmlSourceSettings, { spawn, clock, log }: NvmlSourceDeps): GpuSource {
  const ledger = createXidLedger();
  const roster = createRoster();
  const quarantine = createQuarantine();
  const restarts: Record<RestartReason, number> = { hung: 0, crashed: 0 };
  let notify = (): void => {};
  let driver: DriverState = 'starting';
  let reading: NodeReading | undefined;
  let child: NvmlChild | undefined;
  let stopping: (() => void) | undefined;
  /** True from a missed deadline until the answer comes after all. */
  let hanging = false;
  /** True once a hanging child was told to end: if it answers now, it still goes. */
  let dismissed = false;
  /** True if the child said why it ends, or was told to end to try a GPU again: then its end is no fault. */
  let endIsExpected = false;
  let isReady = false;
  let gpuCount = 0;
  let restartSeconds = firstRestartSeconds;
  let nextId = 0;
  let pendingId: number | undefined;
  const period = { collect: settings.collectSeconds, poll: settings.pollSeconds };
  /** When each kind of request is due, on the monotonic clock. */
  const due = { collect: 0, poll: 0 };
  const timers = { deadline: timer(), tick: timer(), kill: timer(), restart: timer(), stale: timer() };

  function change(next: DriverState): void {
    if (next !== 'ok') reading = undefined;
    if (next !== driver) log.info('driver state', { state: next, before: driver });
    driver = next;
    notify();
  }

  function startChild(): void {
    hanging = false;
    dismissed = false;
    endIsExpected = false;
    pendingId = undefined;
    due.collect = 0;
    due.poll = clock.monotonic() + period.poll;
    timers.deadline.set(initDeadlineSeconds, onHang);
    child = spawn(
      { libraries: settings.libraries, skip: quarantine.indexes() },
      { onProgress, onAnswer, onComplaint, onExit },
    );
    isReady = false;
  }

  /** Until the child is ready its deadline starts anew with every GPU. */
  function onProgress(): void {
    if (!isReady && !hanging) timers.deadline.set(Math.max(firstLookSeconds, settings.deadlineSeconds), onHang);
  }

  function tick(): void {
    if (pendingId !== undefined || child === undefined) return;
    const now = clock.monotonic();
    if (quarantine.isRetryDue(now)) {
      retryQuarantined(now);
      return;
    }
    const kind = due.poll < due.collect ? 'poll' : 'collect';
    due[kind] = now + period[kind];
    request({ kind, id: nextId++ });
  }

  function request(next: Request): void {
    pendingId = next.id;
    timers.deadline.set(settings.deadlineSeconds, onHang);
    child?.send(next);
  }

  function retryQuarantined(now: number): void {
    quarantine.releaseDue(now);
    endIsExpected = true;
    restartSeconds = 0;
    timers.stale.set(settings.collectSeconds + settings.deadlineSeconds, () => change('starting'));
    child?.terminate();
    timers.kill.set(settings.patienceSeconds, () => child?.kill());
  }

  function onHang(): void {
    hanging = true;
    log.error('the driver does not answer', {
      pid: child?.pid,
      gpu: child?.touchedGpu(),
      seconds: settings.deadlineSeconds,
    });
    change('unresponsive');
    timers.kill.set(settings.patienceSeconds, () => {
      dismissed = true;
      child?.terminate();
      timers.kill.set(graceSeconds, () => {
        log.error('ending the process that hangs in the driver', { pid: child?.pid });
        child?.kill();
      });
    });
  }

  function onAnswer(answer: Answer): void {
    if (answer.kind === 'ready') onReady(answer.gpuCount);
    else if (answer.kind === 'init-failed' || answer.kind === 'driver-gone') onNoDriver(answer.state, answer.message);
    else if (answer.id !== pendingId) log.debug('answer to an earlier request', { kind: answer.kind });
    else if (answer.kind === 'reading') onReading(answer.reading);
    else onEvents(answer.events);
  }

  function onComplaint(line: string): void {
    log.warn('the process that calls the driver says', { text: line });
  }

  function onReady(count: number): void {
    isReady = true;
    gpuCount = count;
    recover();
    change('ok');
    tick();
  }

  function onNoDriver(state: InitFailure, reason: string): void {
    endIsExpected = true;
    timers.deadline.clear();
    if (state !== driver) log.warn('the GPUs cannot be read', { state, reason });
    change(state);
  }

  function onEvents(events: readonly XidEvent[]): void {
    for (const event of events) {
      log.warn('xid reported', { gpu: event.index, uuid: event.uuid, xid: event.xid });
      ledger.record(event);
    }
    answered();
    if (events.length > 0) notify();
  }

  function onReading(next: NodeReading): void {
    restartSeconds = firstRestartSeconds;
    roster.see(next.gpus);
    quarantine.forgive(next.gpus.map(({ index }) => index));
    for (const { index, uuid } of next.gpus) ledger.know(index, uuid);
    reading = next;
    answered();
    change('ok');
  }

  function answered(): void {
    pendingId = undefined;
    if (hanging) {
      log.info('the driver answers again', { pid: child?.pid });
      due.collect = 0;
    }
    recover();
    if (driver === 'unresponsive') change('ok');
  }

  function recover(): void {
    hanging = false;
    timers.deadline.clear();
    if (!dismissed) timers.kill.clear();
    timers.stale.clear();
    timers.tick.set(Math.max(shortestRestSeconds, Math.min(due.collect, due.poll) - clock.monotonic()), tick);
  }

  function onExit(how: string): void {
    const touched = child?.touchedGpu();
    child = undefined;
    for (const each of [timers.deadline, timers.tick, timers.kill]) each.clear();
    if (stopping !== undefined) {
      stopping();
      return;
    }
    if (!endIsExpected) onFault(how, touched);
    timers.restart.set(restartSeconds, startChild);
    restartSeconds = Math.min(longestRestartSeconds, Math.max(firstRestartSeconds, restartSeconds * 2));
  }

  function onFault(how: string, touched: number | undefined): void {
    const reason: RestartReason = hanging || dismissed ? 'hung' : 'crashed';
    restarts[reason]++;
    log.error('the process that calls the driver ended', { how, reason, gpu: touched });
    if (touched !== undefined)
      quarantine.add(touched, reason === 'hung' ? 'call_hung' : 'call_crashed', clock.monotonic());
    // If every GPU is to blame, none is: the fault is the driver's, and all are tried again.
    if (quarantine.indexes().length >= gpuCount) quarantine.clear();
    change(reason === 'hung' ? 'unresponsive' : 'crashed');
  }

  return {
    state: () => {
      const leftAlone = quarantine.silentGpus(roster.uuidOf);
      const silent = reading === undefined ? leftAlone : [...leftAlone, ...roster.missing(reading.gpus, leftAlone)];
      const enumerated = reading === undefined ? undefined : reading.gpus.length + leftAlone.length;
      return { source: 'nvml', driver, restarts, reading, enumerated, silent, xids: ledger.counts() };
    },
    start: (onChange) => {
      notify = onChange;
      startChild();
      notify();
    },
    stop: () =>
      new Promise((resolve) => {
        stopping = resolve;
        for (const each of Object.values(timers)) each.clear();
        if (child === undefined) {
          resolve();
          return;
        }
        child.terminate();
        timers.kill.set(graceSeconds, () => {
          child?.kill();
          // A process that sleeps in the driver outlives even this; the exporter must not wait for it.
          timers.kill.set(1, resolve);
        });
      }),
  };
}

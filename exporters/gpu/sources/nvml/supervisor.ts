import type { Clock } from '../../../../kit/clock.ts';
import { reasonOf } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import { timer } from '../../../../kit/timer.ts';
import { type Tier, tiers, type XidEvent } from '../../reading.ts';
import type { RestartReason } from '../source.ts';
import type { NvmlChild, SpawnNvmlChild } from './child-process.ts';
import type { Answer, ChildOptions, InitFailure, ReadingAnswer, Request } from './protocol.ts';

export interface SupervisorSettings {
  /** How often each tier is read. */
  readonly tierSeconds: Readonly<Record<Tier, number>>;
  /** How often events are fetched, which also shows whether the driver answers. */
  readonly pollSeconds: number;
  /** A call that takes longer is a hang. */
  readonly deadlineSeconds: number;
  /** How long a hanging call may go on before its process is ended. */
  readonly patienceSeconds: number;
}

export interface SupervisorDeps {
  readonly spawn: SpawnNvmlChild;
  readonly clock: Clock;
  readonly log: Log;
}

/** What its owner is asked and told. */
export interface SupervisorEvents {
  /** Options of the child that is about to be started. */
  readonly childOptions: () => ChildOptions;
  /** Asked before each reading: indexes of GPUs that must not be touched. */
  readonly skip: () => readonly number[];
  readonly onReady: (gpuCount: number) => void;
  readonly onNoDriver: (state: InitFailure, reason: string) => void;
  readonly onReading: (answer: ReadingAnswer) => void;
  readonly onEvents: (events: readonly XidEvent[]) => void;
  /** A deadline was missed. */
  readonly onHang: () => void;
  /** The answer came after all. */
  readonly onAnswersAgain: () => void;
  /** The child ended without being asked to, or because it hung; with the GPU that it was touching. */
  readonly onFault: (reason: RestartReason, touchedGpu: number | undefined) => void;
}

export interface Supervisor {
  readonly start: () => void;
  /** Ends the child and starts no other before `resume`. Resolves with false if it cannot be ended, because a driver call hangs. */
  readonly pause: () => Promise<boolean>;
  readonly resume: () => void;
  readonly stop: () => Promise<void>;
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
 * Keeps one process that calls the driver at work, and honest: one request at a time, each with a deadline. SIGKILL comes last, because
 * a driver call that is cut short can wedge a GPU, and a child that even SIGKILL cannot end is never joined by a second one, which would
 * hang on the same lock.
 */
export function createSupervisor(
  settings: SupervisorSettings,
  { spawn, clock, log }: SupervisorDeps,
  events: SupervisorEvents,
): Supervisor {
  const period = { ...settings.tierSeconds, poll: settings.pollSeconds };
  /** When each tier is due and when events are, on the monotonic clock. */
  const due = { fast: 0, slow: 0, processes: 0, poll: 0 };
  const timers = { deadline: timer(), tick: timer(), kill: timer(), restart: timer(), pause: timer() };
  let child: NvmlChild | undefined;
  let isReady = false;
  /** True from a missed deadline until the answer comes after all. */
  let hanging = false;
  /** True once a hanging child was told to end: if it answers now, it still goes. */
  let dismissed = false;
  /** True if the child said why it ends, or is being replaced: then its end is no fault. */
  let endIsExpected = false;
  let restartSeconds = firstRestartSeconds;
  let nextId = 0;
  let pendingId: number | undefined;
  let onStopped: (() => void) | undefined;
  let isPaused = false;
  /** While a child is on its way out because of `pause`. */
  let pausing: { readonly outcome: Promise<boolean>; readonly settle: (isFree: boolean) => void } | undefined;

  function start(): void {
    isReady = false;
    hanging = false;
    dismissed = false;
    endIsExpected = false;
    pendingId = undefined;
    for (const tier of tiers) due[tier] = 0;
    due.poll = clock.monotonic() + period.poll;
    timers.deadline.set(initDeadlineSeconds, onHang);
    try {
      child = spawn(events.childOptions(), { onProgress, onAnswer, onComplaint, onExit });
    } catch (error) {
      // No memory or no process left on the machine: tried again like a child that ended at once.
      onExit(reasonOf(error));
    }
  }

  function tick(): void {
    if (pendingId !== undefined || child === undefined) return;
    pendingId = nextId++;
    timers.deadline.set(settings.deadlineSeconds, onHang);
    child.send(isPollNext() ? poll(pendingId) : collect(pendingId));
  }

  function isPollNext(): boolean {
    return tiers.every((tier) => due.poll < due[tier]);
  }

  function poll(id: number): Request {
    due.poll = clock.monotonic() + period.poll;
    return { kind: 'poll', id };
  }

  /** The fast tier goes along with every other one, so that all that is shown is at least as fresh as it claims. */
  function collect(id: number): Request {
    const now = clock.monotonic();
    const wanted = tiers.filter((tier) => tier === 'fast' || due[tier] <= now);
    for (const tier of wanted) due[tier] = now + period[tier];
    return { kind: 'collect', id, wanted: { tiers: wanted, skip: events.skip() } };
  }

  function onHang(): void {
    hanging = true;
    log.error('the driver does not answer', { pid: child?.pid, gpu: child?.touchedGpu() });
    events.onHang();
    timers.kill.set(settings.patienceSeconds, () => {
      dismissed = true;
      child?.terminate();
      timers.kill.set(graceSeconds, () => {
        log.error('ending the process that hangs in the driver', { pid: child?.pid });
        child?.kill();
      });
    });
  }

  /** The deadline is for one GPU, so it starts anew with each; the driver as a whole has the longer one for being loaded. */
  function onProgress(): void {
    if (hanging || child?.touchedGpu() === undefined) return;
    if (!isReady) timers.deadline.set(Math.max(firstLookSeconds, settings.deadlineSeconds), onHang);
    else if (pendingId !== undefined) timers.deadline.set(settings.deadlineSeconds, onHang);
  }

  function onComplaint(line: string): void {
    log.warn('the process that calls the driver says', { text: line });
  }

  function onAnswer(answer: Answer): void {
    if (answer.kind === 'ready') onReady(answer.gpuCount);
    else if (answer.kind === 'init-failed' || answer.kind === 'driver-gone') onNoDriver(answer.state, answer.message);
    else if (answer.id !== pendingId) log.debug('answer to an earlier request', { kind: answer.kind });
    else onAnswered(answer);
  }

  function onReady(gpuCount: number): void {
    isReady = true;
    goOn();
    events.onReady(gpuCount);
    tick();
  }

  function onNoDriver(state: InitFailure, reason: string): void {
    endIsExpected = true;
    timers.deadline.clear();
    // It ends by itself, unless the library hangs while it is unloaded.
    timers.kill.set(settings.patienceSeconds, () => child?.kill());
    events.onNoDriver(state, reason);
  }

  function onAnswered(answer: Extract<Answer, { readonly id: number }>): void {
    pendingId = undefined;
    const wasHanging = hanging;
    // What was shown before the hang is gone, so a new reading is due at once, unless this is one.
    if (wasHanging && answer.kind === 'events') due.fast = 0;
    goOn();
    if (wasHanging) events.onAnswersAgain();
    if (answer.kind === 'events') {
      events.onEvents(answer.events);
      return;
    }
    restartSeconds = firstRestartSeconds;
    events.onReading(answer);
  }

  function goOn(): void {
    hanging = false;
    timers.deadline.clear();
    if (!dismissed) timers.kill.clear();
    timers.tick.set(Math.max(shortestRestSeconds, Math.min(...Object.values(due)) - clock.monotonic()), tick);
  }

  function onExit(how: string): void {
    const touchedGpu = child?.touchedGpu();
    child = undefined;
    for (const each of Object.values(timers)) each.clear();
    paused(true);
    if (onStopped !== undefined) {
      onStopped();
      return;
    }
    if (isPaused) return;
    if (!endIsExpected) {
      const reason: RestartReason = hanging || dismissed ? 'hung' : 'crashed';
      log.error('the process that calls the driver ended', { how, reason, gpu: touchedGpu });
      events.onFault(reason, touchedGpu);
    }
    timers.restart.set(restartSeconds, start);
    restartSeconds = Math.min(longestRestartSeconds, Math.max(firstRestartSeconds, restartSeconds * 2));
  }

  function pause(): Promise<boolean> {
    isPaused = true;
    endIsExpected = true;
    if (pausing !== undefined) return pausing.outcome;
    for (const each of Object.values(timers)) each.clear();
    if (child === undefined) return Promise.resolve(true);
    child.terminate();
    timers.kill.set(settings.patienceSeconds, () => child?.kill());
    timers.pause.set(settings.patienceSeconds + graceSeconds, () => paused(false));
    let settle: (isFree: boolean) => void = () => {};
    const outcome = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    pausing = { outcome, settle };
    return outcome;
  }

  function paused(isFree: boolean): void {
    timers.pause.clear();
    pausing?.settle(isFree);
    pausing = undefined;
  }

  function resume(): void {
    if (!isPaused) return;
    isPaused = false;
    restartSeconds = firstRestartSeconds;
    // A child that could not be ended is replaced when it ends at last.
    if (child === undefined) start();
  }

  function stop(): Promise<void> {
    return new Promise((resolve) => {
      onStopped = resolve;
      for (const each of Object.values(timers)) each.clear();
      if (child === undefined) {
        resolve();
        return;
      }
      child.terminate();
      timers.kill.set(graceSeconds, () => {
        child?.kill();
        // A process that sleeps in the driver outlives even this; the exporter must not wait for it.
        timers.kill.set(1, () => {
          child?.abandon();
          paused(false);
          resolve();
        });
      });
    });
  }

  return { start, pause, resume, stop };
}

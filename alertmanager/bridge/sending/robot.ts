import type { Clock } from '../../../kit/clock.ts';
import { SourceError } from '../../../kit/errors.ts';
import { timer } from '../../../kit/timer.ts';
import type { Notification } from '../notification.ts';
import { deferred } from './deferred.ts';
import { createDelivered, stateKey } from './delivered.ts';
import { createMessageBudget, type MessageLimit } from './message-budget.ts';
import type { Outcome } from './outcome.ts';
import { halvesOf, isDivisible, isToBlame, type Part } from './part.ts';

export interface RobotTiming {
  readonly limit: MessageLimit;
  /** How long a notification waits for its turn. */
  readonly deliverWithinSeconds: number;
  /** How long the same is not told again. */
  readonly deduplicateForSeconds: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
}

/** What came of telling some notifications in one message. */
export type Told =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'limited'; readonly retryAfterSeconds: number; readonly reason: string }
  /** With `forContent` the robot may take a message about other alerts. */
  | { readonly outcome: 'refused'; readonly reason: string; readonly forContent?: true }
  | { readonly outcome: 'failed'; readonly reason: string };

export interface RobotDeps {
  readonly clock: Clock;
  /** Sends one message for all of them; waits for `turn` before each request. Never rejects. */
  readonly tell: (notifications: readonly Notification[], turn: () => Promise<void>) => Promise<Told>;
  /** Keeps what is refused for good where a person finds it. Never rejects. */
  readonly bury: (notifications: readonly Notification[], reason: string) => Promise<void>;
  /** Of a notification that was told, from its arrival. */
  readonly onTold: (seconds: number) => void;
}

export interface Robot {
  /** Resolves when it is told, or when it is sure that it will not be this time. Never rejects. */
  readonly deliver: (notification: Notification, signal: AbortSignal) => Promise<Outcome>;
  readonly setTiming: (timing: RobotTiming) => void;
  readonly load: () => RobotLoad;
  /** Answers all that waits; what is being sent ends. */
  readonly stop: () => Promise<void>;
}

export interface RobotLoad {
  readonly notifications: number;
  readonly bytes: number;
  readonly alerts: number;
  readonly pausedSeconds: number;
}

interface Waiting {
  readonly key: string;
  readonly notification: Notification;
  readonly since: number;
  readonly isUrgent: boolean;
  readonly promise: Promise<Outcome>;
  readonly settle: (outcome: Outcome) => void;
  /** Requests of Alertmanager that hang on it. */
  askers: number;
}

/**
 * The queue of one robot. While it may send, each notification is a message of its own; while it may not, or while more wait than it may send, all that wait
 * become one message. The last message of a burst is kept for notifications with a critical alert. A digest that is refused for its content is tried in
 * halves, down to the notification that is to blame; that one is refused without asking again while it would not be told again either.
 */
export function createRobot(first: RobotTiming, { clock, tell, bury, onTold }: RobotDeps): Robot {
  let timing = first;
  const budget = createMessageBudget(first.limit, clock.monotonic);
  const delivered = createDelivered(() => timing.deduplicateForSeconds, clock.monotonic);
  let toBlame = createDelivered(() => timing.deduplicateForSeconds, clock.monotonic);
  const waiting = new Map<string, Waiting>();
  let parts: readonly Part<Waiting>[] = [];
  let sending: readonly Waiting[] = [];
  let isSending = false;
  let done: Promise<void> = Promise.resolve();
  let isStopped = false;
  let endTurn = (): void => undefined;
  const turnTimer = timer();
  const lateTimer = timer();

  const taken = (): readonly Waiting[] => [...sending, ...parts.flatMap(({ members }) => members)];
  const held = (): readonly Waiting[] => [...taken(), ...waiting.values()];
  const sumOf = (of: (each: Notification) => number): number =>
    held().reduce((sum, { notification }) => sum + of(notification), 0);

  function unavailable(reason: string): Outcome {
    const retryAfterSeconds = Math.max(1, Math.ceil(budget.secondsUntil(1)));
    return { kind: 'unavailable', reason, retryAfterSeconds };
  }

  /** As many as may be sent one by one go alone; more go together. */
  function nextBatch(): readonly Waiting[] {
    const all = [...waiting.values()];
    const urgent = all.find(({ isUrgent }) => isUrgent);
    const [alone] = urgent === undefined ? all : [urgent];
    return all.length <= budget.available() && alone !== undefined ? [alone] : all;
  }

  /** Parts of a refused digest go on before new ones, unless one of those is urgent. */
  function nextPart(): Part<Waiting> | undefined {
    const [part] = parts;
    if (part !== undefined && ![...waiting.values()].some(({ isUrgent }) => isUrgent)) return part;
    return waiting.size === 0 ? undefined : { members: nextBatch(), refusals: { count: 0 } };
  }

  function take(part: Part<Waiting>): void {
    parts = parts.filter((each) => each !== part);
    for (const { key } of part.members) waiting.delete(key);
    sending = part.members;
  }

  function pump(): void {
    expire();
    const part = isSending || isStopped ? undefined : nextPart();
    if (part === undefined) return;
    const isUrgent = part.members.some((each) => each.isUrgent);
    const seconds = budget.secondsUntil(isUrgent || budget.burst() < 3 ? 1 : 2);
    if (seconds > 0) turnTimer.set(seconds, pump);
    else done = send(part);
  }

  async function send(part: Part<Waiting>): Promise<void> {
    isSending = true;
    take(part);
    const notifications = part.members.map(({ notification }) => notification);
    const told = await tell(notifications, turn);
    if (told.outcome === 'limited') putBack(part.members, told.retryAfterSeconds);
    else if (told.outcome === 'refused' && told.forContent && isDivisible(part)) parts = [...halvesOf(part), ...parts];
    else await settlePart(part, told);
    sending = [];
    isSending = false;
    pump();
  }

  async function settlePart(part: Part<Waiting>, told: Exclude<Told, { outcome: 'limited' }>): Promise<void> {
    if (told.outcome === 'refused') {
      await bury(
        part.members.map(({ notification }) => notification),
        told.reason,
      );
      if (isToBlame(part)) for (const { key } of part.members) toBlame.add(key);
    }
    for (const each of part.members) settleTold(each, told);
  }

  function outcomeOf(told: Exclude<Told, { outcome: 'limited' }>): Outcome {
    if (told.outcome === 'delivered') return { kind: 'told' };
    return told.outcome === 'refused' ? { kind: 'refused', reason: told.reason } : unavailable(told.reason);
  }

  function settleTold(each: Waiting, told: Exclude<Told, { outcome: 'limited' }>): void {
    if (told.outcome === 'delivered') {
      delivered.add(each.key);
      onTold(clock.monotonic() - each.since);
    }
    each.settle(outcomeOf(told));
  }

  /** They go on waiting, in front of what came meanwhile. */
  function putBack(batch: readonly Waiting[], seconds: number): void {
    budget.pause(seconds);
    const later = [...waiting.entries()];
    waiting.clear();
    for (const each of batch) {
      if (each.askers > 0) waiting.set(each.key, each);
      else each.settle({ kind: 'abandoned' });
    }
    for (const [key, each] of later) waiting.set(key, each);
    expire();
  }

  async function turn(): Promise<void> {
    for (let seconds = budget.secondsUntil(1); seconds > 0 && !isStopped; seconds = budget.secondsUntil(1)) {
      const { promise, settle } = deferred<void>();
      endTurn = settle;
      turnTimer.set(seconds, settle);
      await promise;
    }
    if (isStopped) throw new SourceError('the bridge stops');
    budget.spend();
  }

  /** What has waited for too long is answered, so that Alertmanager sends it again. */
  function expire(): void {
    const now = clock.monotonic();
    for (const each of waiting.values()) {
      const left = each.since + timing.deliverWithinSeconds - now;
      if (left > 0) {
        // They stand in the order of their arrival.
        lateTimer.setUnlessSet(left, expire);
        return;
      }
      waiting.delete(each.key);
      each.settle(unavailable(`the robot may not be sent more yet, for ${timing.deliverWithinSeconds} s`));
    }
  }

  function giveUp(): void {
    const left = [...parts.flatMap(({ members }) => members), ...waiting.values()];
    waiting.clear();
    parts = [];
    for (const each of left) each.settle(unavailable('the bridge stops'));
  }

  function knownOutcome(key: string): Outcome | undefined {
    if (delivered.has(key)) return { kind: 'deduplicated' };
    return toBlame.has(key) ? { kind: 'refused', reason: 'its content was refused before' } : undefined;
  }

  function whyFull(notification: Notification): string | undefined {
    if (held().length >= timing.maxWaiting) return `${timing.maxWaiting} notifications wait already`;
    if (sumOf(({ bytes }) => bytes) + notification.bytes > timing.maxWaitingBytes)
      return `notifications of ${timing.maxWaitingBytes} bytes wait already`;
    return undefined;
  }

  function enter(key: string, notification: Notification): Waiting {
    const { promise, settle } = deferred<Outcome>();
    const isUrgent = notification.alerts.some(({ status, severity }) => status === 'firing' && severity === 'critical');
    const each: Waiting = { key, notification, since: clock.monotonic(), isUrgent, promise, settle, askers: 0 };
    waiting.set(key, each);
    return each;
  }

  /** Waits with it, as long as whoever asks does. */
  async function hold(each: Waiting, signal: AbortSignal): Promise<Outcome> {
    const { promise: left, settle } = deferred<Outcome>();
    const leave = (): void => {
      each.askers--;
      if (each.askers === 0 && waiting.get(each.key) === each) {
        waiting.delete(each.key);
        each.settle({ kind: 'abandoned' });
      }
      settle({ kind: 'abandoned' });
    };
    each.askers++;
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      return await Promise.race([left, each.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  return {
    deliver: async (notification, signal) => {
      const key = stateKey(notification);
      const known = knownOutcome(key);
      if (known !== undefined) return known;
      const same = waiting.get(key) ?? taken().find((each) => each.key === key);
      if (same !== undefined) {
        const outcome = await hold(same, signal);
        return outcome.kind === 'told' ? { kind: 'deduplicated' } : outcome;
      }
      if (isStopped) return unavailable('the bridge stops');
      const full = whyFull(notification);
      if (full !== undefined) return unavailable(full);
      const own = enter(key, notification);
      const outcome = hold(own, signal);
      pump();
      return outcome;
    },
    setTiming: (next) => {
      timing = next;
      budget.setLimit(next.limit);
      toBlame = createDelivered(() => timing.deduplicateForSeconds, clock.monotonic);
      lateTimer.clear();
      pump();
    },
    load: () => ({
      notifications: held().length,
      bytes: sumOf(({ bytes }) => bytes),
      alerts: sumOf(({ alerts }) => alerts.length),
      pausedSeconds: budget.pausedFor(),
    }),
    stop: async () => {
      isStopped = true;
      turnTimer.clear();
      lateTimer.clear();
      endTurn();
      giveUp();
      await done;
      giveUp();
    },
  };
}

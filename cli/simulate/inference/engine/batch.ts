import type { Clock } from '../../../../kit/clock.ts';
import type { Timer } from '../../../../kit/timer.ts';

/** How much an engine can do. */
export interface BatchShape {
  /** So many requests are worked on at once; the others wait. */
  readonly places: number;
  /** Tokens that the KV cache holds. */
  readonly cacheTokens: number;
  /** Until every running request has its next token. */
  readonly stepSeconds: number;
  /** New prompts hold up all others for so long. */
  readonly prefillTokensPerSecond: number;
}

/** A request at an engine. */
export interface Sequence {
  readonly promptTokens: number;
  /** Part of the prompt that is in the prefix cache. */
  readonly cachedTokens: number;
  readonly answerTokens: number;
  /** After so many tokens no more are made until it is taken out; undefined goes on to the end. */
  readonly holdAfterTokens: number | undefined;
  readonly onToken: (token: Token) => void;
}

export interface Token {
  /** From 1. */
  readonly number: number;
  readonly isLast: boolean;
}

/** Told of all that happens, for the metrics of the engine. Times are in seconds. */
export interface BatchObserver {
  readonly started: (sequence: Sequence, queueSeconds: number) => void;
  readonly firstToken: (sequence: Sequence, seconds: number) => void;
  readonly nextToken: (seconds: number) => void;
  readonly finished: (sequence: Sequence, times: FinishedTimes) => void;
  readonly preempted: () => void;
}

export interface FinishedTimes {
  readonly wholeSeconds: number;
  readonly secondsAfterFirstToken: number;
}

/** Works on several requests step by step, as engines with continuous batching do. */
export interface Batch {
  /** The function that is returned takes it out, whatever has become of it. */
  readonly add: (sequence: Sequence) => () => void;
  readonly running: () => number;
  readonly waiting: () => number;
  /** Share of the KV cache that is in use. */
  readonly cacheRatio: () => number;
  readonly stop: () => void;
}

interface BatchDeps {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly observer: BatchObserver;
  /** How many times as long everything takes at the moment. */
  readonly slowness: () => number;
}

interface Place {
  readonly sequence: Sequence;
  readonly arrivedAt: number;
  hasStarted: boolean;
  generated: number;
  firstTokenAt: number;
  lastTokenAt: number;
}

export function createBatch(shape: BatchShape, { clock, timer, observer, slowness }: BatchDeps): Batch {
  let running: Place[] = [];
  let waiting: Place[] = [];
  let isStepping = false;

  function cached(): number {
    return running.reduce((sum, { sequence, generated }) => sum + sequence.promptTokens + generated, 0);
  }

  /** Lets in who waited longest, as long as there is room. Returns how many tokens of prompts are to be computed. */
  function admit(): number {
    let tokens = 0;
    for (let [next] = waiting; next !== undefined && running.length < shape.places; [next] = waiting) {
      const { sequence, arrivedAt, generated } = next;
      if (running.length > 0 && cached() + sequence.promptTokens + generated > shape.cacheTokens) break;
      waiting = waiting.slice(1);
      running.push(next);
      // Whoever was pushed out is computed anew, with what it had generated.
      tokens += sequence.promptTokens + generated - sequence.cachedTokens;
      if (!next.hasStarted) observer.started(sequence, clock.monotonic() - arrivedAt);
      next.hasStarted = true;
    }
    return tokens;
  }

  /** Whoever comes during a step is let in before the next one. */
  function begin(): void {
    if (isStepping) return;
    const prefillSeconds = admit() / shape.prefillTokensPerSecond;
    if (!running.some(isMoving)) return;
    isStepping = true;
    timer.set((shape.stepSeconds + prefillSeconds) * slowness(), () => {
      for (const place of running.filter(isMoving)) advance(place);
      makeRoom();
      isStepping = false;
      begin();
    });
  }

  function advance(place: Place): void {
    const { sequence, arrivedAt } = place;
    const now = clock.monotonic();
    place.generated++;
    if (place.generated === 1) {
      observer.firstToken(sequence, now - arrivedAt);
      place.firstTokenAt = now;
    } else observer.nextToken(now - place.lastTokenAt);
    place.lastTokenAt = now;
    const isLast = place.generated >= sequence.answerTokens;
    if (isLast) {
      running = running.filter((other) => other !== place);
      observer.finished(sequence, { wholeSeconds: now - arrivedAt, secondsAfterFirstToken: now - place.firstTokenAt });
    }
    sequence.onToken({ number: place.generated, isLast });
  }

  /** When the cache is full, whoever came last goes back to the head of the queue. */
  function makeRoom(): void {
    while (running.length > 1 && cached() > shape.cacheTokens) {
      const last = running.pop();
      if (last !== undefined) waiting = [last, ...waiting];
      observer.preempted();
    }
  }

  return {
    add: (sequence) => {
      const place: Place = {
        sequence,
        arrivedAt: clock.monotonic(),
        hasStarted: false,
        generated: 0,
        firstTokenAt: 0,
        lastTokenAt: 0,
      };
      waiting.push(place);
      begin();
      return () => {
        running = running.filter((other) => other !== place);
        waiting = waiting.filter((other) => other !== place);
        begin();
      };
    },
    running: () => running.length,
    waiting: () => waiting.length,
    cacheRatio: () => Math.min(1, cached() / shape.cacheTokens),
    stop: timer.clear,
  };
}

function isMoving({ sequence, generated }: Place): boolean {
  return generated !== sequence.holdAfterTokens;
}

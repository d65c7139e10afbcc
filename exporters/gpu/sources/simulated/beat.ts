import type { Clock } from '../../../../kit/clock.ts';
import { timer } from '../../../../kit/timer.ts';
import type { Turns } from './turns.ts';

/** Does something at fixed times, and skips those that were missed. */
export interface Beat {
  readonly start: () => void;
  readonly stop: () => void;
}

interface Settings {
  readonly everySeconds: number;
  /** Share of that time after which it begins, 0 to 1: who share a process should not all beat at once. */
  readonly phase: number;
}

interface Deps {
  readonly clock: Clock;
  readonly turns: Turns;
}

export function createBeat({ everySeconds, phase }: Settings, { clock, turns }: Deps, action: () => void): Beat {
  const next = timer();
  let isStopped = false;
  let firstAt = 0;

  function wait(): void {
    const now = clock.monotonic();
    const number = Math.max(0, Math.floor((now - firstAt) / everySeconds) + 1);
    next.set(firstAt + number * everySeconds - now, () => turns.take(beat));
  }

  function beat(): void {
    if (isStopped) return;
    wait();
    action();
  }

  return {
    start: () => {
      firstAt = clock.monotonic() + phase * everySeconds;
      wait();
    },
    stop: () => {
      isStopped = true;
      next.clear();
    },
  };
}

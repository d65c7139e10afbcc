import type { Clock } from '../../../../kit/clock.ts';
import { timer } from '../nvml/timer.ts';

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

/** Between two beats of a busy fleet the process must come to answer scrapes, so each beat waits for its turn after I/O. */
export function createBeat({ everySeconds, phase }: Settings, clock: Clock, action: () => void): Beat {
  const next = timer();
  let turn: NodeJS.Immediate | undefined;
  let firstAt = 0;

  function wait(): void {
    const now = clock.monotonic();
    const missed = Math.max(0, Math.floor((now - firstAt) / everySeconds) + 1);
    next.set(firstAt + missed * everySeconds - now, () => {
      turn = setImmediate(beat);
    });
  }

  function beat(): void {
    wait();
    action();
  }

  return {
    start: () => {
      firstAt = clock.monotonic() + phase * everySeconds;
      wait();
    },
    stop: () => {
      next.clear();
      clearImmediate(turn);
    },
  };
}

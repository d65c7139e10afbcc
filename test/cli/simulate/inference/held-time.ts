import type { Clock } from '../../../../kit/clock.ts';
import type { Timer } from '../../../../kit/timer.ts';

/** Time that a test lets go by, with one timer. */
export interface HeldTime {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Lets the timer ring, if it is set, and tells how long that took. */
  readonly ring: () => number;
  readonly isSet: () => boolean;
}

export function createHeldTime(): HeldTime {
  let now = 0;
  let pending: { readonly at: number; readonly action: () => void } | undefined;

  function set(seconds: number, action: () => void): void {
    pending = { at: now + seconds, action };
  }

  return {
    clock: { now: () => now, monotonic: () => now },
    timer: {
      set,
      setUnlessSet: (seconds, action) => {
        if (pending === undefined) set(seconds, action);
      },
      clear: () => {
        pending = undefined;
      },
    },
    ring: () => {
      if (pending === undefined) return 0;
      const { at, action } = pending;
      const seconds = at - now;
      pending = undefined;
      now = at;
      action();
      return seconds;
    },
    isSet: () => pending !== undefined,
  };
}

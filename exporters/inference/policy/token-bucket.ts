import type { Clock } from '../../../kit/clock.ts';

/** So much a minute, with as much saved up at most. What is taken may be more than there is: then it takes longer until there is any. */
export interface TokenBucket {
  /** Seconds until `amount` is there; 0 if it is. Takes nothing. */
  readonly waitSeconds: (amount: number) => number;
  readonly take: (amount: number) => void;
  /** Another rate, from now on. */
  readonly setRate: (perMinute: number) => void;
}

const secondsPerMinute = 60;

export function createTokenBucket(perMinute: number, clock: Clock): TokenBucket {
  let capacity = perMinute;
  let level = perMinute;
  let filledAt = clock.monotonic();

  function fill(): void {
    const now = clock.monotonic();
    level = Math.min(capacity, level + ((now - filledAt) * capacity) / secondsPerMinute);
    filledAt = now;
  }

  return {
    waitSeconds: (amount) => {
      fill();
      const wanted = Math.min(amount, capacity);
      return level >= wanted ? 0 : ((wanted - level) * secondsPerMinute) / capacity;
    },
    take: (amount) => {
      fill();
      level -= amount;
    },
    setRate: (next) => {
      fill();
      level = Math.min(level, next);
      capacity = next;
    },
  };
}

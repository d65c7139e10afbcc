/** Time as it comes in from outside, so that tests can hold it. */
export interface Clock {
  /** Unix time in seconds, with fraction. */
  readonly now: () => number;
  /** Seconds from an arbitrary start that never go back. */
  readonly monotonic: () => number;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  monotonic: () => performance.now() / 1000,
};

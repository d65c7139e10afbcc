import { timer } from '../../../../kit/timer.ts';

/** Does a piece of work again and again, never twice at once. */
export interface Repeat {
  readonly start: () => void;
  /** Does not wait for the next time. */
  readonly soon: () => void;
  /** Resolves when nothing is under way, or when that takes too long. */
  readonly stop: (patienceSeconds: number) => Promise<void>;
}

/** `work` gives the seconds until it is to be done again. */
export function createRepeat(work: () => Promise<number>): Repeat {
  const next = timer();
  let running: Promise<void> | undefined;
  let isStopped = true;
  let isUrgent = false;

  async function workOnce(): Promise<void> {
    isUrgent = false;
    const seconds = await work();
    running = undefined;
    if (!isStopped) next.set(isUrgent ? 0 : seconds, go);
  }

  function go(): void {
    running = workOnce();
  }

  return {
    start: () => {
      if (!isStopped) return;
      isStopped = false;
      go();
    },
    soon: () => {
      isUrgent = true;
      if (running === undefined && !isStopped) next.set(0, go);
    },
    stop: async (patienceSeconds) => {
      isStopped = true;
      next.clear();
      const patience = timer();
      const late = new Promise<void>((resolve) => patience.set(patienceSeconds, resolve));
      await Promise.race([running, late]);
      patience.clear();
    },
  };
}

import { timer } from '../../../../kit/timer.ts';

/** Does a piece of work again and again, never twice at once. */
export interface Repeat {
  readonly start: () => void;
  /** Resolves when nothing is under way, or when that takes too long. */
  readonly stop: (patienceSeconds: number) => Promise<void>;
}

/** `work` gives the seconds until it is to be done again. */
export function createRepeat(work: () => Promise<number>): Repeat {
  const next = timer();
  let running: Promise<void> = Promise.resolve();
  let isStopped = true;

  function go(): void {
    running = work().then((seconds) => {
      if (!isStopped) next.set(seconds, go);
    });
  }

  return {
    start: () => {
      if (!isStopped) return;
      isStopped = false;
      go();
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

import { timer } from '../../../../kit/timer.ts';

/** Asks one source again and again, with a pause after each answer; one call at a time. */
export interface Poller {
  readonly start: () => void;
  /** An answer that is still to come is not waited for. */
  readonly stop: () => void;
}

interface Polling {
  readonly everySeconds: number;
  /** Never rejects. */
  readonly ask: () => Promise<void>;
  /** Called again and again while one call takes longer than `patienceSeconds`. */
  readonly onLate: () => void;
  readonly patienceSeconds: number;
}

export function createPoller({ everySeconds, ask, onLate, patienceSeconds }: Polling): Poller {
  const next = timer();
  const late = timer();
  let isStopped = false;

  function wait(): void {
    late.set(patienceSeconds, () => {
      onLate();
      wait();
    });
  }

  async function run(): Promise<void> {
    wait();
    await ask();
    late.clear();
    if (!isStopped) next.set(everySeconds, () => void run());
  }

  return {
    start: () => void run(),
    stop: () => {
      isStopped = true;
      next.clear();
      late.clear();
    },
  };
}

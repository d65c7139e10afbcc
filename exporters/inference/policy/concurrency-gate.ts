/** Lets so many in at once; those who may wait come in in the order in which they came. */
export interface ConcurrencyGate {
  /** Resolves with true when there is a place, which must be left again; with false when it takes too long or the signal aborts. */
  readonly enter: (waitSeconds: number, signal: AbortSignal) => Promise<boolean>;
  readonly leave: () => void;
  readonly setPlaces: (places: number) => void;
  readonly waiting: () => number;
}

interface Waiting {
  readonly settle: (isIn: boolean) => void;
}

export function createConcurrencyGate(startPlaces: number): ConcurrencyGate {
  let places = startPlaces;
  let inside = 0;
  const queue = new Set<Waiting>();

  function admitNext(): void {
    for (const next of queue) {
      if (inside >= places) return;
      queue.delete(next);
      inside++;
      next.settle(true);
    }
  }

  function wait(waitSeconds: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const giveUp = (): void => {
        queue.delete(waiting);
        waiting.settle(false);
      };
      const timer = setTimeout(giveUp, waitSeconds * 1000);
      const waiting: Waiting = {
        settle: (isIn) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          resolve(isIn);
        },
      };
      signal.addEventListener('abort', giveUp);
      queue.add(waiting);
    });
  }

  return {
    enter: async (waitSeconds, signal) => {
      if (signal.aborted) return false;
      // Nobody waits while there is a place.
      if (inside < places) {
        inside++;
        return true;
      }
      return waitSeconds > 0 ? wait(waitSeconds, signal) : false;
    },
    leave: () => {
      inside--;
      admitNext();
    },
    setPlaces: (next) => {
      places = next;
      admitNext();
    },
    waiting: () => queue.size,
  };
}

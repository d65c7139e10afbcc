/** Lets so many in at a time, in the order in which they come; those in a hurry before all others. */
export interface Turnstile {
  readonly pass: <T>(work: () => Promise<T>, options: PassOptions) => Promise<T>;
  readonly inside: () => number;
}

interface PassOptions {
  readonly signal: AbortSignal;
  readonly isUrgent?: boolean | undefined;
}

interface Waiting {
  readonly isUrgent: boolean;
  readonly enter: () => void;
}

export function createTurnstile(places: number): Turnstile {
  const queue: Waiting[] = [];
  let inside = 0;

  function next(): void {
    if (inside >= places) return;
    const urgent = queue.findIndex(({ isUrgent }) => isUrgent);
    const [waiting] = queue.splice(Math.max(urgent, 0), 1);
    waiting?.enter();
  }

  function enter({ signal, isUrgent = false }: PassOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        isUrgent,
        enter: () => {
          signal.removeEventListener('abort', leave);
          inside++;
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.push(waiting);
      next();
    });
  }

  return {
    pass: async (work, options) => {
      options.signal.throwIfAborted();
      await enter(options);
      try {
        return await work();
      } finally {
        inside--;
        next();
      }
    },
    inside: () => inside,
  };
}

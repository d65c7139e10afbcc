/** Work that is done side by side: no more than so many at a time, and nothing twice at once. */
export interface Turns {
  readonly isBusy: (key: string) => boolean;
  /** Waits for a free place, or for the end. */
  readonly place: () => Promise<void>;
  /** `work` resolves with whether there is more to do at once. */
  readonly start: (key: string, work: () => Promise<boolean>) => void;
  /** When all that runs has ended. */
  readonly settled: () => Promise<void>;
  /** Whether there was more to do in any turn that has ended since the last call. */
  readonly takeMore: () => boolean;
}

export interface TurnSettings {
  readonly most: () => number;
  /** The end: nobody waits for a place any more. */
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

export function createTurns({ most, signal, onError }: TurnSettings): Turns {
  const ended = aborted(signal);
  const busy = new Map<string, Promise<void>>();
  let hasMore = false;

  async function run(key: string, work: () => Promise<boolean>): Promise<void> {
    try {
      if (await work()) hasMore = true;
    } catch (error) {
      onError(error);
    } finally {
      busy.delete(key);
    }
  }

  return {
    isBusy: (key) => busy.has(key),
    place: async () => {
      while (busy.size >= most() && !signal.aborted) await Promise.race([...busy.values(), ended]);
    },
    start: (key, work) => void busy.set(key, run(key, work)),
    settled: async () => {
      await Promise.all(busy.values());
    },
    takeMore: () => {
      const had = hasMore;
      hasMore = false;
      return had;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

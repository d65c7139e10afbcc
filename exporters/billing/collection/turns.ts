/** Work that is done side by side: no more than so many at a time, and nothing twice at once. */
export interface Turns {
  readonly isBusy: (key: string) => boolean;
  /** Waits for a free place, or for the signal. */
  readonly place: (signal: AbortSignal) => Promise<void>;
  /** `work` resolves with whether there is more to do at once. */
  readonly start: (key: string, work: () => Promise<boolean>) => void;
  /** When all that runs has ended. */
  readonly settled: () => Promise<void>;
  /** Whether there was more to do in any turn that has ended since the last call. */
  readonly takeMore: () => boolean;
}

export function createTurns(most: () => number, onError: (error: unknown) => void): Turns {
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
    place: async (signal) => {
      const stopped = aborted(signal);
      while (busy.size >= most() && !signal.aborted) await Promise.race([...busy.values(), stopped]);
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

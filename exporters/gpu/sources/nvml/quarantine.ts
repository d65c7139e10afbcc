import type { SilentGpu } from '../source.ts';

const firstRetrySeconds = 30;
const longestRetrySeconds = 600;

interface Entry {
  readonly failure: string;
  readonly retryAt: number;
  readonly waitSeconds: number;
}

/**
 * GPUs that are left alone because a call to them hung or crashed, so that the other GPUs of the node go on. Each is tried again
 * after a while that doubles from 30 s to 10 minutes.
 */
export interface Quarantine {
  readonly add: (index: number, failure: 'call_hung' | 'call_crashed', now: number) => void;
  readonly indexes: () => readonly number[];
  /** True if a GPU has waited long enough to be tried again. */
  readonly isRetryDue: (now: number) => boolean;
  /** Lets go of those whose time has come. They keep their history until `forgive`. */
  readonly releaseDue: (now: number) => void;
  /** The GPU answered: the next failure starts with a short wait again. */
  readonly forgive: (indexes: readonly number[]) => void;
  /** Lets go of all: the fault is not in one GPU. */
  readonly clear: () => void;
  readonly silentGpus: (uuidOf: (index: number) => string | undefined) => readonly SilentGpu[];
}

export function createQuarantine(): Quarantine {
  const held = new Map<number, Entry>();
  const history = new Map<number, number>();
  return {
    add: (index, failure, now) => {
      const waitSeconds = Math.min(longestRetrySeconds, (history.get(index) ?? firstRetrySeconds / 2) * 2);
      history.set(index, waitSeconds);
      held.set(index, { failure, retryAt: now + waitSeconds, waitSeconds });
    },
    indexes: () => [...held.keys()],
    isRetryDue: (now) => [...held.values()].some(({ retryAt }) => retryAt <= now),
    releaseDue: (now) => {
      for (const [index, { retryAt }] of held) if (retryAt <= now) held.delete(index);
    },
    forgive: (indexes) => {
      for (const index of indexes) history.delete(index);
    },
    clear: () => held.clear(),
    silentGpus: (uuidOf) =>
      [...held].map(([index, { failure }]) => ({ index, uuid: uuidOf(index) ?? 'unknown', failure })),
  };
}

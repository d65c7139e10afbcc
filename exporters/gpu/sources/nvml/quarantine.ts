import type { SilentGpu } from '../source.ts';

const firstRetrySeconds = 30;
const longestRetrySeconds = 600;

interface Entry {
  readonly failure: string;
  readonly addedAt: number;
  readonly retryAt: number;
  /** It may be touched again, but has not answered yet. */
  readonly onTrial: boolean;
}

/**
 * GPUs that are left alone because a call to them hung or crashed, or because an XID error says that it would, so that the other GPUs
 * of the node go on. Each is tried again
 * after a while that doubles from 30 s to 10 minutes.
 */
export interface Quarantine {
  /** One that is held already waits no longer for it, however often the driver says the same. */
  readonly add: (index: number, failure: string, now: number) => void;
  /** Those that must not be touched now. */
  readonly indexes: () => readonly number[];
  /** Puts those on trial whose time has come; they count as silent until `forgive`. */
  readonly releaseDue: (now: number) => void;
  /**
   * These GPUs answered a request of that time: they are free, and the next failure starts with a short wait again. One that was put
   * here since stays.
   */
  readonly forgive: (indexes: readonly number[], askedAt: number) => void;
  /** Lets go of all: the fault is not in one GPU. */
  readonly clear: () => void;
  /** Forgets all that was: the driver was loaded anew, or the indexes stand for other GPUs now. */
  readonly reset: () => void;
  readonly silentGpus: (uuidOf: (index: number) => string | undefined) => readonly SilentGpu[];
}

export function createQuarantine(): Quarantine {
  const held = new Map<number, Entry>();
  const history = new Map<number, number>();
  return {
    add: (index, failure, now) => {
      const before = held.get(index);
      if (before !== undefined && !before.onTrial) {
        held.set(index, { ...before, failure, addedAt: now });
        return;
      }
      const waitSeconds = Math.min(longestRetrySeconds, (history.get(index) ?? firstRetrySeconds / 2) * 2);
      history.set(index, waitSeconds);
      held.set(index, { failure, addedAt: now, retryAt: now + waitSeconds, onTrial: false });
    },
    indexes: () => [...held].filter(([, { onTrial }]) => !onTrial).map(([index]) => index),
    releaseDue: (now) => {
      for (const [index, entry] of held) if (entry.retryAt <= now) held.set(index, { ...entry, onTrial: true });
    },
    forgive: (indexes, askedAt) => {
      for (const index of indexes) {
        const entry = held.get(index);
        if (entry !== undefined && entry.addedAt >= askedAt) continue;
        held.delete(index);
        history.delete(index);
      }
    },
    clear: () => held.clear(),
    reset: () => {
      held.clear();
      history.clear();
    },
    silentGpus: (uuidOf) =>
      [...held].map(([index, { failure }]) => ({ index, uuid: uuidOf(index) ?? 'unknown', failure })),
  };
}

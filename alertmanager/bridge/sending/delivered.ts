import { createHash } from 'node:crypto';
import type { Notification } from '../notification.ts';

/** Which notifications were told lately, in bounded memory: about 150 bytes each. */
export interface Delivered {
  readonly has: (key: string) => boolean;
  readonly add: (key: string) => void;
}

const most = 50_000;

export function createDelivered(forSeconds: () => number, monotonic: () => number): Delivered {
  // In the order of time, since what comes again is put at the end.
  const told = new Map<string, number>();

  return {
    has: (key) => {
      const at = told.get(key);
      return at !== undefined && monotonic() - at < forSeconds();
    },
    add: (key) => {
      told.delete(key);
      told.set(key, monotonic());
      for (const [oldest, at] of told) {
        if (told.size <= most && monotonic() - at < forSeconds()) break;
        told.delete(oldest);
      }
    },
  };
}

/** The same for the same group in the same state, whichever of a pair of Alertmanagers sends it and however often. */
export function stateKey({ groupKey, alerts }: Notification): string {
  const hash = createHash('sha256').update(groupKey);
  const states = alerts.map(({ fingerprint, status, startsAtMs }) => `\n${fingerprint} ${status} ${startsAtMs}`);
  for (const state of states.sort()) hash.update(state);
  return hash.digest('base64');
}

import { createHash } from 'node:crypto';
import type { Notification } from '../notification.ts';
import { stateKey } from './delivered.ts';
import type { SettledRequests } from './settled-requests.ts';

/** Messages of several requests of which the robot has some: when Alertmanager sends the same again, only the others are sent. */
export interface PartlyTold {
  /** What is settled of them, to be added to. */
  readonly of: (notifications: readonly Notification[]) => SettledRequests;
  /** Keeps it for the next attempt. */
  readonly keep: (notifications: readonly Notification[], settled: SettledRequests) => void;
  readonly end: (notifications: readonly Notification[]) => void;
  /** What was told counts no longer: other settings may make other requests. */
  readonly forget: () => void;
}

const most = 1_000;

export function createPartlyTold(): PartlyTold {
  const partly = new Map<string, SettledRequests>();

  return {
    of: (notifications) => partly.get(keyOf(notifications)) ?? new Map(),
    keep: (notifications, settled) => {
      const key = keyOf(notifications);
      partly.delete(key);
      if (settled.size > 0) partly.set(key, settled);
      const [oldest] = partly.keys();
      if (partly.size > most && oldest !== undefined) partly.delete(oldest);
    },
    end: (notifications) => void partly.delete(keyOf(notifications)),
    forget: () => partly.clear(),
  };
}

function keyOf(notifications: readonly Notification[]): string {
  return createHash('sha256').update(notifications.map(stateKey).sort().join('\n')).digest('base64');
}

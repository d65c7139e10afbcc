import type { Notification } from '../notification.ts';
import { stateKey } from './delivered.ts';
import type { TakenRequests } from './tell.ts';

/** Messages of several requests of which the robot has some: when Alertmanager sends the same again, only the others are sent. */
export interface PartlyTold {
  readonly of: (notifications: readonly Notification[]) => TakenRequests;
  readonly end: (notifications: readonly Notification[]) => void;
  /** What was told counts no longer: other settings may make other requests. */
  readonly forget: () => void;
}

const most = 1_000;

export function createPartlyTold(): PartlyTold {
  const partly = new Map<string, number>();

  return {
    of: (notifications) => {
      const key = keyOf(notifications);
      return {
        get: () => partly.get(key) ?? 0,
        set: (requests) => {
          partly.delete(key);
          partly.set(key, requests);
          const [oldest] = partly.keys();
          if (partly.size > most && oldest !== undefined) partly.delete(oldest);
        },
      };
    },
    end: (notifications) => void partly.delete(keyOf(notifications)),
    forget: () => partly.clear(),
  };
}

function keyOf(notifications: readonly Notification[]): string {
  return notifications.map(stateKey).sort().join('\n');
}

import { shortenedTo } from './letter/clean-text.ts';
import type { Notification } from './notification.ts';

/** What was refused for good, for a person who looks later. */
export interface DeadLetter {
  readonly time: string;
  readonly robot: string;
  readonly channel: string;
  readonly reason: string;
  readonly groups: number;
  readonly alerts: readonly {
    readonly name: string;
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  /** Alerts beyond those. */
  readonly more: number;
}

const mostAlerts = 200;

export function deadLetterOf(
  notifications: readonly Notification[],
  about: { readonly robot: string; readonly channel: string; readonly reason: string; readonly nowMs: number },
): DeadLetter {
  const alerts = notifications.flatMap((notification) => notification.alerts);
  return {
    time: new Date(about.nowMs).toISOString(),
    robot: about.robot,
    channel: about.channel,
    reason: shortenedTo(about.reason, 500),
    groups: notifications.length,
    alerts: alerts.slice(0, mostAlerts).map(({ name, status, labels }) => ({ name, status, labels })),
    more: Math.max(0, alerts.length - mostAlerts),
  };
}

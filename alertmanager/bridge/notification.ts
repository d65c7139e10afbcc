import type { AlertView } from './message.ts';

/** One message of Alertmanager's webhook, checked and bounded: a group, as far as it changed. */
export interface Notification {
  /** Alertmanager's name for the group; the same in each of a pair of Alertmanagers. */
  readonly groupKey: string;
  /** As they came: a silence for the group must match them exactly. */
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly AlertView[];
  readonly alertmanagerUrl: string | undefined;
  /** Of the message as it came. */
  readonly bytes: number;
}

const order = ['critical', 'warning', 'info'];

/** 0 for the most severe. A word that is not ours stands between warning and info: whoever made it meant to be heard. */
export function severityRank(severity: string): number {
  const rank = order.indexOf(severity);
  return rank < 0 ? 1.5 : rank;
}

/** Firing before resolved, the most severe first, then the longest first. */
export function byUrgency(a: AlertView, b: AlertView): number {
  return (
    Number(a.status === 'resolved') - Number(b.status === 'resolved') ||
    severityRank(a.severity) - severityRank(b.severity) ||
    a.startsAtMs - b.startsAtMs
  );
}

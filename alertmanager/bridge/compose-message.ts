import type { AlertCount, AlertView, Language, Mention, Message } from './message.ts';
import { byUrgency, type Notification, severityRank } from './notification.ts';

export interface Composition {
  readonly language: Language;
  /** Who is called by name for these alerts. */
  readonly mentions: (alerts: readonly AlertView[]) => readonly Mention[];
  /** A page to acknowledge these groups on, which fire, the most urgent first; undefined where there is none. */
  readonly acknowledgeUrl: (firing: readonly Notification[]) => string | undefined;
}

/** One message for all of them: a group if it is one, else a digest. Every alert is counted in it. */
export function composeMessage(notifications: readonly Notification[], composition: Composition): Message {
  const { language, mentions, acknowledgeUrl } = composition;
  const [first] = notifications;
  const isOne = notifications.length === 1;
  const alerts = newestOfEach(notifications).toSorted(byUrgency);
  const firing = alerts.filter(({ status }) => status === 'firing');
  const alertmanagerUrl = first?.alertmanagerUrl;
  const link = firing.length > 0 ? acknowledgeUrl(firingGroups(notifications)) : undefined;
  return {
    kind: isOne ? 'group' : 'digest',
    language,
    status: firing.length > 0 ? 'firing' : 'resolved',
    severity: alerts[0]?.severity ?? 'info',
    groups: notifications.length,
    firing: firing.length,
    resolved: alerts.length - firing.length,
    counts: countsOf(alerts),
    common: commonLabels(alerts),
    alerts,
    ...(alertmanagerUrl === undefined ? {} : { alertmanagerUrl }),
    ...(link === undefined ? {} : { acknowledgeUrl: link }),
    mentions: mentions(firing),
  };
}

/**
 * A group may wait twice, with what changed meanwhile: of one alert in it the later state is told. An alert in two groups is one that
 * the site sends twice on purpose, so it counts in each.
 */
function newestOfEach(notifications: readonly Notification[]): readonly AlertView[] {
  const newest = new Map<string, AlertView>();
  for (const { groupKey, alerts } of notifications)
    for (const alert of alerts) newest.set(`${groupKey}\n${alert.fingerprint}`, alert);
  return [...newest.values()];
}

/** Of a group that waited twice the later state counts. */
function firingGroups(notifications: readonly Notification[]): readonly Notification[] {
  const newest = new Map(notifications.map((notification) => [notification.groupKey, notification]));
  return [...newest.values()]
    .flatMap((notification) => {
      const severities = notification.alerts.flatMap(({ status, severity }) => (status === 'firing' ? [severity] : []));
      return severities.length === 0 ? [] : [{ notification, rank: Math.min(...severities.map(severityRank)) }];
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ notification }) => notification);
}

function countsOf(alerts: readonly AlertView[]): readonly AlertCount[] {
  const counts = new Map<string, { name: string; severity: string; firing: number; resolved: number }>();
  for (const { name, severity, status } of alerts) {
    const key = `${severity}\n${name}`;
    const count = counts.get(key) ?? { name, severity, firing: 0, resolved: 0 };
    count[status]++;
    counts.set(key, count);
  }
  return [...counts.values()].toSorted(
    (a, b) =>
      severityRank(a.severity) - severityRank(b.severity) ||
      b.firing - a.firing ||
      b.resolved - a.resolved ||
      a.name.localeCompare(b.name, 'en'),
  );
}

function commonLabels([first, ...others]: readonly AlertView[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(first?.labels ?? {}).filter(([name, value]) => others.every(({ labels }) => labels[name] === value)),
  );
}

import type { ActiveAlert } from './alertmanager-alert';

export interface AlertFilter {
  readonly severity: string;
  readonly team: string;
  readonly domain: string;
  readonly search: string;
}

export const FILTER_LABELS = ['severity', 'team', 'domain'] as const;

/** What the address asks for; nothing is everything. */
export function filterIn(search: string): AlertFilter {
  const query = new URLSearchParams(search);
  const of = (name: string) => query.get(name) ?? '';
  return { severity: of('severity'), team: of('team'), domain: of('domain'), search: of('search') };
}

/** The address with one part of the filter set or taken away. */
export function withFilter(search: string, name: keyof AlertFilter, value: string): string {
  const query = new URLSearchParams(search);
  if (value === '') query.delete(name);
  else query.set(name, value);
  return query.toString();
}

export function matching(alerts: readonly ActiveAlert[], filter: AlertFilter): readonly ActiveAlert[] {
  const text = filter.search.trim().toLowerCase();
  return alerts.filter(
    (alert) =>
      FILTER_LABELS.every((name) => filter[name] === '' || (alert.labels[name] ?? '') === filter[name]) &&
      (text === '' || textOf(alert).includes(text)),
  );
}

function textOf({ labels, summary = '', description = '' }: ActiveAlert): string {
  return [...Object.values(labels), summary, description].join('\n').toLowerCase();
}

export function valuesOf(alerts: readonly ActiveAlert[], label: string): readonly string[] {
  const values = alerts.flatMap(({ labels }) => labels[label] ?? []);
  return [...new Set(values)].sort();
}

export interface AlertGroup {
  readonly alertname: string;
  readonly severity: string;
  readonly alerts: readonly ActiveAlert[];
}

const severities = ['critical', 'warning', 'info'];

/** Alerts of one name and severity together, the worst first. */
export function groupsOf(alerts: readonly ActiveAlert[]): readonly AlertGroup[] {
  const groups = new Map<string, ActiveAlert[]>();
  for (const alert of alerts) {
    const key = JSON.stringify([alert.labels.alertname, alert.labels.severity]);
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups.values()].map(groupOf).sort((a, b) => rank(a) - rank(b) || (a.alertname < b.alertname ? -1 : 1));
}

function groupOf(alerts: readonly ActiveAlert[]): AlertGroup {
  const { alertname = '', severity = '' } = alerts[0]?.labels ?? {};
  return { alertname, severity, alerts: [...alerts].sort((a, b) => (b.sinceMs ?? 0) - (a.sinceMs ?? 0)) };
}

function rank({ severity }: AlertGroup): number {
  const at = severities.indexOf(severity);
  return at < 0 ? severities.length : at;
}

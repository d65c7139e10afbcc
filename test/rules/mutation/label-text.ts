import type { Alert, FiringExample } from '../../../rules/alert.ts';
import { ruleLabels } from '../../../rules/render/prometheus.ts';

/** Labels as a text that is the same for the same labels. */
function textOf(labels: Readonly<Record<string, string>>): string {
  const given = Object.entries(labels).filter(([, value]) => value !== '');
  return JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The labels of an alert that comes of a series, which Prometheus prints as `a="1", b="2"`. */
export function alertOf(alert: Alert, series: string): string {
  const pairs = [...series.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)];
  const labels = Object.fromEntries(pairs.map(([, name = '', value = '""']) => [name, String(JSON.parse(value))]));
  const { __name__: _, ...others } = labels;
  return textOf({ ...others, ...ruleLabels(alert) });
}

/** The alerts that a situation expects. */
export function expectedOf(alert: Alert, { alerts }: FiringExample): readonly string[] {
  return alerts.map((labels) => textOf({ ...labels, ...ruleLabels(alert) })).sort();
}

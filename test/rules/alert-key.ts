import type { Alert } from '../../rules/alert.ts';
import { profileThemes } from '../../rules/profiles/index.ts';

const variants = new Map(
  profileThemes.flatMap(({ profile, alerts }) => alerts.map((alert) => [alert, `${profile} ${alert.name}`] as const)),
);

/** The name of an alert in tables; that of a variant on series of another exporter follows its profile: `amd GpuLost`. */
export function keyOf(alert: Alert): string {
  return variants.get(alert) ?? alert.name;
}

import { type Alert, type AlertTheme, type Severity, severities } from '../../../rules/alert.ts';
import { heldBackBy, holdsBack } from './relations.ts';

export interface Rung {
  readonly alert: string;
  readonly severity: Severity;
  readonly relation: 'keeps this one back' | 'this one' | 'is kept back by this one';
}

/** Alerts of the same theme of which one keeps the other back: the same trouble, seen at several severities. Empty where there are none. */
export function severityLadder(alert: Alert, { alerts }: AlertTheme): readonly Rung[] {
  const above = new Set(heldBackBy(alert).flatMap((each) => each.alerts));
  const below = new Set(holdsBack(alert).flatMap((each) => each.alerts));
  const rungs = alerts.flatMap(({ name, severity }): readonly Rung[] => {
    if (name === alert.name) return [{ alert: name, severity, relation: 'this one' }];
    if (above.has(name)) return [{ alert: name, severity, relation: 'keeps this one back' }];
    return below.has(name) ? [{ alert: name, severity, relation: 'is kept back by this one' }] : [];
  });
  return rungs.length === 1
    ? []
    : [...rungs].sort((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity));
}

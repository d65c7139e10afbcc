import { type Inhibition, inhibitions, inhibitRule } from '../../../alertmanager/inhibitions.ts';
import { fits } from '../../../alertmanager/match-routes.ts';
import { parseMatcher, type Selector } from '../../../alertmanager/matchers.ts';
import type { Alert } from '../../../rules/alert.ts';
import { ruleLabels } from '../../../rules/render/prometheus.ts';

type Side = 'source' | 'target';

/** Alerts that keep this one back, or that it keeps back. */
export interface Relation {
  readonly alerts: readonly string[];
  /** Labels that they must have beside their name, such as `signal temperature`. */
  readonly with: readonly string[];
  /** Labels that this alert must have. */
  readonly ifThisHas: readonly string[];
  /** Labels in which the two must agree. */
  readonly equal: readonly string[];
  readonly why: string;
}

/** What keeps the alert back: by its name, or because it holds for all that have its labels. */
export function heldBackBy(alert: Alert): readonly Relation[] {
  return merged(inhibitions.filter((each) => isTarget(alert, each)).map((each) => relation(each, 'source')));
}

/** What the alert keeps back by its name. */
export function holdsBack({ name }: Alert): readonly Relation[] {
  return merged(
    inhibitions.filter(({ source }) => namesIn(source).includes(name)).map((each) => relation(each, 'target')),
  );
}

function isTarget(alert: Alert, inhibition: Inhibition): boolean {
  const { source, target, equal } = inhibition;
  const names = namesIn(target);
  if (names.length > 0) return names.includes(alert.name);
  // An alert of the pack has one severity, so that there is no other of its name.
  if (equal.includes('alertname') || namesIn(source).includes(alert.name)) return false;
  const labels = { alertname: alert.name, ...alert.fires.alerts[0], ...ruleLabels(alert) };
  return inhibitRule(inhibition).target_matchers.every((each) => fits(parseMatcher(each), labels));
}

function relation({ equal, why, ...sides }: Inhibition, side: Side): Relation {
  const other = side === 'source' ? 'target' : 'source';
  const names = namesIn(sides[side]);
  return {
    alerts: names.length > 0 ? names : ['every alert'],
    with: conditionsIn(sides[side]),
    ifThisHas: namesIn(sides[other]).length > 0 ? conditionsIn(sides[other]) : [],
    equal,
    why,
  };
}

function namesIn(selector: Selector): readonly string[] {
  return [selector['alertname'] ?? []].flat();
}

function conditionsIn(selector: Selector): readonly string[] {
  return Object.entries(selector)
    .filter(([label]) => label !== 'alertname')
    .map(([label, values]) => `${label} ${[values].flat().join(' or ')}`);
}

/** One entry for those that differ in the name only. */
function merged(relations: readonly Relation[]): readonly Relation[] {
  const found = new Map<string, Relation>();
  for (const { alerts, ...rest } of relations) {
    const key = JSON.stringify(rest);
    found.set(key, { alerts: [...new Set([...(found.get(key)?.alerts ?? []), ...alerts])], ...rest });
  }
  return [...found.values()];
}

import type { Alert, FiringExample } from '../../rules/alert.ts';
import { keyOf } from './alert-key.ts';
import { derivedOf } from './derived.ts';
import { neighboursOf } from './neighbours.ts';
import { numberedSituations } from './numbered.ts';
import { variations } from './variation-table.ts';
import { situationOf } from './variations.ts';

/** All that is tested of an alert: its examples and edges, neighbours elsewhere, what is true of every alert, and variations. */
export function allSituationsOf(alert: Alert): readonly FiringExample[] {
  return [
    ...numberedSituations(alert),
    ...neighboursOf(alert),
    ...derivedOf(alert),
    ...(variations[keyOf(alert)] ?? []).map((variation) => situationOf(alert, variation)),
  ];
}

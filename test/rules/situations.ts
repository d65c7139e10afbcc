import type { Alert, FiringExample } from '../../rules/alert.ts';
import { keyOf } from './alert-key.ts';
import { neighboursOf } from './neighbours.ts';
import { numberedSituations } from './numbered.ts';
import { variations } from './variation-table.ts';
import { situationOf } from './variations.ts';

/** All that is tested of an alert: its examples and edges, neighbours elsewhere, and variations of its examples. */
export function allSituationsOf(alert: Alert): readonly FiringExample[] {
  return [
    ...numberedSituations(alert),
    ...neighboursOf(alert),
    ...(variations[keyOf(alert)] ?? []).map((variation) => situationOf(alert, variation)),
  ];
}

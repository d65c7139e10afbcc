import { type Alert, type FiringExample, situationsOf } from '../../rules/alert.ts';
import { edgesOf } from './edge-table.ts';
import { neighboursOf } from './neighbours.ts';
import { variations } from './variation-table.ts';
import { situationOf } from './variations.ts';

/** All that is tested of an alert: its examples and edges, neighbours elsewhere, and variations of its examples. */
export function allSituationsOf(alert: Alert): readonly FiringExample[] {
  return [
    ...situationsOf(alert),
    ...edgesOf(alert.name),
    ...neighboursOf(alert).map(({ situation }) => situation),
    ...(variations[alert.name] ?? []).map((variation) => situationOf(alert, variation)),
  ];
}

import { type Alert, type FiringExample, situationsOf } from '../../rules/alert.ts';
import { edgesOf } from './edge-table.ts';

/** The examples of an alert and its edges: 0 is the firing example, 1 the quiet one. */
export function numberedSituations(alert: Alert): readonly FiringExample[] {
  return [...situationsOf(alert), ...edgesOf(alert)];
}

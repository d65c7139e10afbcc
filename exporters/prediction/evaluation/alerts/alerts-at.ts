import type { ScoredDay } from '../days.ts';
import { highest } from '../ranking/descending.ts';

/** Rows that a budget of k alerts a day goes to: the k highest of each day; of equal scores in the order of the entities. Ascending by day. */
export function alertsAt(k: number, scores: Float64Array, days: readonly ScoredDay[]): Uint32Array {
  return Uint32Array.from(days.flatMap(({ rows }) => [...highest(k, scores, rows)]));
}

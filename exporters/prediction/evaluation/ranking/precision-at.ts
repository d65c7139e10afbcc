import type { ScoredDay } from '../days.ts';
import { forEachTie } from './descending.ts';

/**
 * Share of failed rows among the k highest of each day, the mean over days. Equal scores share alike: the group that the limit cuts counts with its
 * mean, which is what a random choice gives on average. A day with fewer than k rows counts with all of them. Undefined without a day.
 */
export function precisionAt(
  k: number,
  scores: Float64Array,
  labels: Uint8Array,
  days: readonly ScoredDay[],
): number | undefined {
  if (days.length === 0) return undefined;
  const shares = days.map(({ rows }) => {
    const room = Math.min(k, rows.length);
    let [left, found] = [room, 0];
    forEachTie(scores, labels, rows, (size, failed) => {
      const taken = Math.min(left, size);
      found += (failed * taken) / size;
      left -= taken;
    });
    return found / room;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

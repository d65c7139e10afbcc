import type { CellCounts, Cells } from './cells.ts';

/** One report for one incident: a score counts only if it is above every score of the last so many slots. */
export interface Refractory {
  readonly counts: CellCounts;
  /** Whether the score is news. Takes it, be it reported or not; NaN is no score. */
  readonly step: (cells: Cells, score: number, threshold: number) => boolean;
}

/** Scores are kept in single precision. */
export function createRefractory(slots: number): Refractory {
  return {
    counts: { f64: 1, f32: slots },
    step: ({ f64, f32 }, score, threshold) => {
      const taken = f64[0] as number;
      const kept = Math.fround(score);
      const isNews = score >= threshold && kept > largest(f32, Math.min(taken, slots));
      f32[taken % slots] = !Number.isNaN(kept) ? kept : 0;
      f64[0] = taken + 1;
      return isNews;
    },
  };
}

function largest(scores: Float32Array, count: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < count; at++) if ((scores[at] as number) > most) most = scores[at] as number;
  return most;
}

import { type AnomalyDetector, anomalyDetectors } from './events.ts';
import type { ScoreTables } from './score-tables.ts';

/** The score of an entity by a detector; NaN if it has none. */
export type ScoreOf = (tables: ScoreTables, before: Float64Array, index: number) => number;

const heldBefore = anomalyDetectors.length;

/**
 * The tail ratio is of all signals together. A peer score counts when it was there in the step before too, so one bad reading is nothing.
 * Of peers and drift the most unusual signal counts.
 */
export function scorersOf(signals: number): Readonly<Record<AnomalyDetector, ScoreOf>> {
  return {
    tail: ({ joint }, _, index) => joint[index] as number,
    peers: ({ peers }, before, index) => {
      let most = Number.NaN;
      for (let signal = 0; signal < signals; signal++) {
        const lasting = Math.min(peers[index * signals + signal] as number, before[heldBefore + signal] as number);
        if (lasting > most || Number.isNaN(most)) most = Number.isNaN(lasting) ? most : lasting;
      }
      return most;
    },
    drift: ({ drift }, _, index) => {
      let most = Number.NaN;
      for (let signal = 0; signal < signals; signal++) {
        const score = drift[index * signals + signal] as number;
        if (score > most || Number.isNaN(most)) most = Number.isNaN(score) ? most : score;
      }
      return most;
    },
  };
}

/** Numbers of the signals of the entity whose own score reaches the threshold, the most unusual first; if none does, the most unusual. */
export function deviatingSignals(
  tables: ScoreTables,
  detector: AnomalyDetector,
  { index, signals, threshold }: { readonly index: number; readonly signals: number; readonly threshold: number },
): readonly number[] {
  const scores = tables[detector].subarray(index * signals, (index + 1) * signals);
  const ranked = [...scores.keys()]
    .filter((signal) => !Number.isNaN(scores[signal]))
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const reaching = ranked.filter((signal) => (scores[signal] as number) >= threshold);
  return reaching.length > 0 ? reaching : ranked.slice(0, 1);
}

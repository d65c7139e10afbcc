import type { Figures } from '../figures.ts';

export interface Replacement {
  readonly mayReplace: boolean;
  readonly reasons: readonly string[];
}

/** How much worse a new model may be by chance: as a share of the figure of the running one. */
const tolerance = 0.02;

/**
 * Whether a new model may take the place of the running one: on the newest complete window, which neither was trained on, it is no worse in average
 * precision and Brier score. Where the window has no failure there is nothing that speaks against it.
 */
export function mayReplace(running: Figures, fresh: Figures): Replacement {
  if (running.failed === 0) return { mayReplace: true, reasons: ['Nothing failed in the newest complete window.'] };
  const losesRanking = (fresh.averagePrecision ?? 0) < (running.averagePrecision ?? 0) * (1 - tolerance);
  const losesCalibration = (fresh.brier ?? 0) > (running.brier ?? 0) * (1 + tolerance);
  const reasons = [
    ...(losesRanking ? [sentenceOf('average precision', fresh.averagePrecision, running.averagePrecision)] : []),
    ...(losesCalibration ? [sentenceOf('Brier score', fresh.brier, running.brier)] : []),
  ];
  return { mayReplace: reasons.length === 0, reasons };
}

function sentenceOf(name: string, fresh = 0, running = 0): string {
  return `Its ${name} on the newest complete window is ${fresh.toPrecision(3)}, worse than ${running.toPrecision(3)} of the running model.`;
}

import type { Reason } from './risk.ts';

/** Failures that came and that were expected, on rows whose horizon is complete. */
export interface Outcome {
  readonly observed: number;
  readonly expected: number;
  /** Different incidents among the observed: rows of neighbouring days share one. */
  readonly incidents: number;
}

/** Name of the reason that tells it, where there is one. */
export const correctionFeature = 'intercept_correction';

/** None for 0. The value is by how much the odds are multiplied. */
export function correctionReasons(correction: number): readonly Reason[] {
  if (correction === 0) return [];
  return [{ feature: correctionFeature, value: Math.exp(correction), peerMedian: undefined, contribution: correction }];
}

/** With fewer incidents the ratio is noise. */
export const incidentsToCorrect = 10;
/** A ratio beyond is no drift but a fault of data or labels, which a correction would hide. */
const mostRatio = 4;

/** What to add to the log-odds until the next fit: ln(observed / expected), 0 below 10 incidents. One for all horizons keeps them in order. */
export function interceptCorrection({ observed, expected, incidents }: Outcome): number {
  if (incidents < incidentsToCorrect || !(expected > 0) || !(observed > 0)) return 0;
  const ratio = Math.min(mostRatio, Math.max(1 / mostRatio, observed / expected));
  return Math.log(ratio);
}

/** Whether observed and expected differ so much that somebody should look: outside 0.5 to 2, with at least 10 incidents or 10 expected ones. */
export function hasDrifted({ observed, expected, incidents }: Outcome): boolean {
  if (Math.max(incidents, observed === 0 ? expected : 0) < incidentsToCorrect) return false;
  const ratio = observed / expected;
  return !(ratio >= 0.5 && ratio <= 2);
}

import { type Horizon, horizonMs } from '../../horizon.ts';
import type { Moments } from '../../labels/moments.ts';

export interface StretchTimes {
  readonly fromMs: number;
  /** Not in it. */
  readonly untilMs: number;
}

/** Of the time that there is, for a first model. */
const firstShare = 1 / 3;
/** So many judge well enough, and each costs a training. */
const mostStretches = 12;

/**
 * Stretches of equal length behind the first third of the time, each at least two horizons long, so that neighbours share few labels, and at most
 * twelve. None where the table is too short for one.
 */
export function stretchesOf({ atMs }: Moments, horizon: Horizon): readonly StretchTimes[] {
  const [first, last] = [atMs[0], atMs.at(-1)];
  if (first === undefined || last === undefined) return [];
  const startMs = first + Math.max(horizonMs[horizon], (last - first) * firstShare);
  const count = Math.min(mostStretches, Math.floor((last - startMs) / (2 * horizonMs[horizon])));
  const length = (last + 1 - startMs) / count;
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({
    fromMs: startMs + index * length,
    untilMs: index === count - 1 ? last + 1 : startMs + (index + 1) * length,
  }));
}

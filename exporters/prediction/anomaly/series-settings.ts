/** Lengths in slots of the tail ratio of one series, made of the distance between two samples. */
export interface SeriesSettings {
  readonly stepMs: number;
  readonly day: number;
  readonly hour: number;
  /** Readings before a mean is known, and residuals before their deviation is: 30. */
  readonly minimum: number;
  /** Distances before their quantile is known: 60. */
  readonly tailMinimum: number;
  /** What a distance is divided by until then; without it there is no score until then. */
  readonly coldQuantile: number | undefined;
  /** The least deviation is 1 % of that of so many first readings: two days. */
  readonly floorReadings: number;
  readonly combine: 'max' | 'top2';
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** A day has at least 20 slots and an hour at least 3, so that a slow series has a day and an hour too. */
export function seriesSettings(stepMs: number): SeriesSettings {
  const day = Math.max(20, Math.round(dayMs / stepMs));
  return {
    stepMs,
    day,
    hour: Math.max(3, Math.round(hourMs / stepMs)),
    minimum: 30,
    tailMinimum: 60,
    coldQuantile: undefined,
    floorReadings: 2 * day,
    combine: 'max',
  };
}

import { fieldsOf, optional, type Place } from '../../../kit/config-values.ts';
import { wholeOf } from './values.ts';

/** At most so many series of a metric; the rest is counted. */
export interface SeriesSettings {
  readonly probabilities: number;
  readonly rules: number;
  readonly features: number;
}

export const defaultSeries: SeriesSettings = { probabilities: 60_000, rules: 5000, features: 1000 };

export const seriesKeys = ['probabilities', 'rules', 'features'];

/** Reads `series`; nothing in it must be there. Throws ConfigError that names the key. */
export function readSeries(place: Place): SeriesSettings {
  if (place.value === undefined || place.value === null) return defaultSeries;
  const field = fieldsOf(place, seriesKeys);
  return {
    probabilities: optional(field('probabilities'), (at) => wholeOf(at, 3, 1_000_000)) ?? defaultSeries.probabilities,
    rules: optional(field('rules'), (at) => wholeOf(at, 1, 1_000_000)) ?? defaultSeries.rules,
    features: optional(field('features'), (at) => wholeOf(at, 1, 100_000)) ?? defaultSeries.features,
  };
}

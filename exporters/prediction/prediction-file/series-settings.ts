import { fieldsOf, listOf, oneOf, optional, type Place, wholeOf } from '../../../kit/config-values.ts';
import { signals } from '../anomaly/signals.ts';

/** At most so many series of a metric; the rest is counted. */
export interface SeriesSettings {
  readonly probabilities: number;
  readonly rules: number;
  readonly features: number;
  /** Of scores, and of bands. */
  readonly anomalies: number;
  /** Signals whose bands are shown. */
  readonly bands: readonly string[];
}

export const defaultSeries: SeriesSettings = {
  probabilities: 60_000,
  rules: 5000,
  features: 1000,
  anomalies: 20_000,
  bands: [],
};

const seriesKeys = ['probabilities', 'rules', 'features', 'anomalies', 'bands'];

const signalNames = signals.map(({ name }) => name);

/** Reads `series`; nothing in it must be there. Throws ConfigError that names the key. */
export function readSeries(place: Place): SeriesSettings {
  if (place.value === undefined || place.value === null) return defaultSeries;
  const field = fieldsOf(place, seriesKeys);
  return {
    probabilities:
      optional(field('probabilities'), (at) => wholeOf(at, { min: 3, max: 1_000_000 })) ?? defaultSeries.probabilities,
    rules: optional(field('rules'), (at) => wholeOf(at, { min: 1, max: 1_000_000 })) ?? defaultSeries.rules,
    features: optional(field('features'), (at) => wholeOf(at, { min: 1, max: 100_000 })) ?? defaultSeries.features,
    anomalies: optional(field('anomalies'), (at) => wholeOf(at, { min: 1, max: 1_000_000 })) ?? defaultSeries.anomalies,
    bands: listOf(field('bands'), signalNames.length).map((at) => oneOf(at, signalNames)),
  };
}

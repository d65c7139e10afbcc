import { booleanOf, fieldsOf, optional, type Place, wholeOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { defaultBackfillSettings } from '../sources/prometheus/backfill-settings.ts';
import { durationOf } from './values.ts';

/** What is read from history for models to learn from. Lengths of time in ms. */
export interface FeatureSettings {
  /** Without features the rate model answers, made from who was there and what failed; rules are not concerned. */
  readonly isOn: boolean;
  readonly stepMs: number;
  readonly everyMs: number;
  readonly nodesPerQuery: number;
  readonly concurrency: number;
}

const { stepMs, everyMs, nodesPerQuery, concurrency } = defaultBackfillSettings;
export const defaultFeatures: FeatureSettings = { isOn: true, stepMs, everyMs, nodesPerQuery, concurrency };

const featureKeys = ['enabled', 'step', 'every', 'nodes_per_query', 'concurrency'];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Reads `features`; nothing in it must be there. Throws ConfigError that names the key. */
export function readFeatures(place: Place): FeatureSettings {
  if (place.value === undefined || place.value === null) return defaultFeatures;
  const field = fieldsOf(place, featureKeys);
  const settings = {
    isOn: optional(field('enabled'), booleanOf) ?? defaultFeatures.isOn,
    stepMs: optional(field('step'), (at) => durationOf(at, '1m', '1h')) ?? defaultFeatures.stepMs,
    everyMs: optional(field('every'), (at) => durationOf(at, '1m', '1d')) ?? defaultFeatures.everyMs,
    nodesPerQuery:
      optional(field('nodes_per_query'), (at) => wholeOf(at, { min: 1, max: 10_000 })) ?? defaultFeatures.nodesPerQuery,
    concurrency:
      optional(field('concurrency'), (at) => wholeOf(at, { min: 1, max: 32 })) ?? defaultFeatures.concurrency,
  };
  if (hourMs % settings.stepMs !== 0)
    throw new ConfigError(`${field('step').where} must divide an hour, such as 5m, 15m or 1h`);
  if (settings.everyMs % settings.stepMs !== 0 || dayMs % settings.everyMs !== 0)
    throw new ConfigError(`${field('every').where} must be a multiple of step and divide a day, such as 1h or 6h`);
  return settings;
}

import { fieldsOf, invalid, optional, type Place, positiveOf, wholeOf } from '../../../kit/config-values.ts';
import { type AnomalySettings, defaultAnomaly } from '../anomaly/settings.ts';
import { durationOf } from './values.ts';

const keys = ['step', 'refractory', 'budget', 'min_peers', 'fleet_share', 'max_entities'] as const;

/** The map `anomaly` of the configuration; nothing in it must be there. Throws a ConfigError that names the key. */
export function readAnomalySettings(place: Place): AnomalySettings {
  if (place.value === undefined || place.value === null) return defaultAnomaly;
  const field = fieldsOf(place, keys);
  return {
    stepMs: optional(field('step'), (at) => durationOf(at, '30s', '15m')) ?? defaultAnomaly.stepMs,
    refractoryMs: optional(field('refractory'), (at) => durationOf(at, '15m', '1d')) ?? defaultAnomaly.refractoryMs,
    budgetPerEntityDay: optional(field('budget'), (at) => within(at, 100)) ?? defaultAnomaly.budgetPerEntityDay,
    minPeers: optional(field('min_peers'), (at) => wholeOf(at, { min: 3, max: 1000 })) ?? defaultAnomaly.minPeers,
    fleetShare: optional(field('fleet_share'), (at) => within(at, 1)) ?? defaultAnomaly.fleetShare,
    maxEntities:
      optional(field('max_entities'), (at) => wholeOf(at, { min: 1, max: 100_000 })) ?? defaultAnomaly.maxEntities,
  };
}

function within(place: Place, most: number): number {
  const value = positiveOf(place);
  if (value <= most) return value;
  throw invalid(place, `a number above 0, at most ${most}`);
}

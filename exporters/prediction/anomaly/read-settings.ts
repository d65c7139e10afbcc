import { fieldsOf, invalid, optional, type Place, positiveOf } from '../../../kit/config-values.ts';
import { type AnomalySettings, defaultAnomaly } from './settings.ts';

const keys = ['step', 'refractory', 'budget', 'min_peers', 'fleet_share', 'max_entities'] as const;
const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The map `anomaly` of the configuration; nothing in it must be there. Throws a ConfigError that names the key. */
export function readAnomalySettings(place: Place): AnomalySettings {
  if (place.value === undefined || place.value === null) return defaultAnomaly;
  const field = fieldsOf(place, keys);
  return {
    stepMs: optional(field('step'), (at) => durationOf(at, 30_000, 900_000)) ?? defaultAnomaly.stepMs,
    refractoryMs:
      optional(field('refractory'), (at) => durationOf(at, 900_000, 86_400_000)) ?? defaultAnomaly.refractoryMs,
    budgetPerEntityDay: optional(field('budget'), (at) => within(at, 100)) ?? defaultAnomaly.budgetPerEntityDay,
    minPeers: optional(field('min_peers'), (at) => wholeOf(at, 3, 1000)) ?? defaultAnomaly.minPeers,
    fleetShare: optional(field('fleet_share'), (at) => within(at, 1)) ?? defaultAnomaly.fleetShare,
    maxEntities: optional(field('max_entities'), (at) => wholeOf(at, 1, 100_000)) ?? defaultAnomaly.maxEntities,
  };
}

function durationOf(place: Place, leastMs: number, mostMs: number): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(String(place.value)) ?? [];
  const ms = Number(count) * (units[unit] ?? Number.NaN);
  if (ms >= leastMs && ms <= mostMs) return ms;
  throw invalid(place, `a duration such as 5m, from ${leastMs / 1000}s to ${mostMs / 1000}s`);
}

function within(place: Place, most: number): number {
  const value = positiveOf(place);
  if (value <= most) return value;
  throw invalid(place, `a number above 0, at most ${most}`);
}

function wholeOf(place: Place, least: number, most: number): number {
  const { value } = place;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(place, `a whole number from ${least} to ${most}`);
}

import { entriesOf, fieldsOf, invalid, oneOf, optional, type Place } from '../../../../kit/config-values.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import { type GapPolicy, gapPolicies } from '../../usage.ts';
import { durationMsOf } from './fields.ts';

/** What is done about stretches of time of which nothing is known. */
export interface GapSettings {
  readonly policy: GapPolicy;
  /** Share of what should have been seen below which a window waits, with policy hold. */
  readonly minCoverage: number;
  /** How long a window waits for data at most, from its end. */
  readonly holdForMs: number;
  /** How long whoever had it goes on having it, with policy last_known. */
  readonly lastKnownForMs: number;
  /** How far before and after a window samples are looked for that bridge a gap. */
  readonly bridgeMs: number;
}

export interface Gaps {
  /** For a meter that is not in the file, the default. */
  readonly of: (meter: string) => GapSettings;
}

export const defaultGaps: GapSettings = {
  policy: 'hold',
  minCoverage: 0.95,
  holdForMs: 48 * 3_600_000,
  lastKnownForMs: 10 * 60_000,
  bridgeMs: 24 * 3_600_000,
};

export const gapKeys = ['policy', 'min_coverage', 'hold_for', 'last_known_for', 'bridge'];
const maxMeters = 200;
const day = 86_400;

/** Reads `gaps` of the configuration. `meters` are the names that its part `meters` may have. Throws ConfigError. */
export function readGaps(place: Place, meters: readonly string[]): Gaps {
  const given = place.value === undefined || place.value === null ? { value: {}, where: place.where } : place;
  const field = fieldsOf(given, [...gapKeys, 'meters']);
  const standard = settingsOf(field, defaultGaps);
  const byMeter = new Map(
    (optional(field('meters'), (each) => entriesOf(each, maxMeters)) ?? []).map(([name, value]) => {
      const at = { value, where: `${field('meters').where}.${name}` };
      if (!meters.includes(name)) throw new ConfigError(`${at.where} is no meter; there are ${meters.join(', ')}`);
      return [name, settingsOf(fieldsOf(at, gapKeys), standard)] as const;
    }),
  );
  return { of: (meter) => byMeter.get(meter) ?? standard };
}

function settingsOf(field: (key: string) => Place, otherwise: GapSettings): GapSettings {
  return {
    policy: optional(field('policy'), (each) => oneOf(each, gapPolicies)) ?? otherwise.policy,
    minCoverage: optional(field('min_coverage'), shareOf) ?? otherwise.minCoverage,
    holdForMs: optional(field('hold_for'), (each) => durationMsOf(each, 0, 90 * day)) ?? otherwise.holdForMs,
    lastKnownForMs: optional(field('last_known_for'), (each) => durationMsOf(each, 1, day)) ?? otherwise.lastKnownForMs,
    bridgeMs: optional(field('bridge'), (each) => durationMsOf(each, 60, 7 * day)) ?? otherwise.bridgeMs,
  };
}

function shareOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw invalid(place, 'a share from 0 to 1 such as 0.95');
}

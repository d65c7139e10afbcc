import {
  didYouMean,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  optional,
  type Place,
  textOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import { type ItemClass, isItemClass, itemClasses } from '../model/item-class.ts';
import type { Expectation, Expectations, RolloutLimits } from './expectation.ts';

const maxExpectations = 200;
const maxEntries = 50;
const maxGpus = 1024;
const maxServers = 10_000;
const minNotSeenSeconds = 60;

export const defaultRollout: RolloutLimits = { canary: 1, batch: 10, maxPerRack: 1, minAvailable: 0.9 };

/** Reads `expectations` and `not_seen_after` of the configuration. Throws ConfigError that names the place. */
export function readExpectations(expectations: Place, notSeenAfter: Place): Expectations {
  return {
    list: listOf(expectations, maxExpectations).map(expectationOf),
    notSeenAfter: optional(notSeenAfter, secondsOf),
  };
}

function expectationOf(place: Place): Expectation {
  const field = fieldsOf(place, ['match', 'gpus', 'baseline', 'rollout']);
  const { itemClass, match } = matchOf(field('match'));
  const gpus = optional(field('gpus'), (each) => integerOf(each, 0, maxGpus));
  const baseline = optional(field('baseline'), baselineOf) ?? [];
  if (gpus !== undefined && itemClass !== 'server')
    throw new ConfigError(`${field('gpus').where} is for class server, and match is about class ${itemClass}`);
  if (gpus === undefined && baseline.length === 0)
    throw new ConfigError(`${place.where} expects nothing; give gpus or baseline`);
  const rollout = optional(field('rollout'), rolloutOf) ?? defaultRollout;
  return { where: place.where, class: itemClass, match, gpus, baseline, rollout };
}

function matchOf(place: Place): { readonly itemClass: ItemClass; readonly match: Expectation['match'] } {
  const entries = entriesOf(place, maxEntries).map(([key, value]) => ({ key, value, where: `${place.where}.${key}` }));
  const given = entries.find(({ key }) => key === 'class') ?? { value: undefined, where: `${place.where}.class` };
  return {
    itemClass: classOf(given),
    match: entries.filter(({ key }) => key !== 'class').map((entry) => [attributeOf(entry), textOf(entry)] as const),
  };
}

function classOf(place: Place): ItemClass {
  const name = textOf(place);
  if (isItemClass(name)) return name;
  const known = Object.keys(itemClasses);
  throw invalid(place, `one of ${known.join(', ')}`, didYouMean(name, known));
}

function attributeOf({ key, where }: { readonly key: string; readonly where: string }): string {
  if (/^[a-z][a-z0-9_]{0,62}$/.test(key)) return key;
  throw new ConfigError(`${where} must be called as an attribute: words of lower-case letters, digits and _`);
}

function baselineOf(place: Place): Expectation['baseline'] {
  return entriesOf(place, maxEntries).map(([key, value]) => {
    const entry = { key, value, where: `${place.where}.${key}` };
    if (typeof value === 'number')
      throw invalid(entry, 'a text', '; put the version in quotes, or YAML drops its zeros');
    return [attributeOf(entry), textOf(entry)] as const;
  });
}

function rolloutOf(place: Place): RolloutLimits {
  const field = fieldsOf(place, ['canary', 'batch', 'max_per_rack', 'min_available']);
  const { canary, batch, maxPerRack, minAvailable } = defaultRollout;
  return {
    canary: optional(field('canary'), (each) => integerOf(each, 0, maxServers)) ?? canary,
    batch: optional(field('batch'), (each) => integerOf(each, 1, maxServers)) ?? batch,
    maxPerRack: optional(field('max_per_rack'), (each) => integerOf(each, 1, maxServers)) ?? maxPerRack,
    minAvailable: optional(field('min_available'), shareOf) ?? minAvailable,
  };
}

function integerOf(place: Place, min: number, max: number): number {
  const { value } = place;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(place, `a whole number from ${min} to ${max}`);
}

function shareOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && value >= 0 && value < 1) return value;
  throw invalid(place, 'a share from 0 up to, but not including, 1, such as 0.9');
}

function secondsOf(place: Place): number {
  const seconds = parseDuration(textOf(place));
  if (seconds !== undefined && seconds >= minNotSeenSeconds) return seconds;
  throw invalid(place, 'a duration of a minute or more, such as 7d');
}

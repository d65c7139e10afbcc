import {
  booleanOf,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  positiveOf,
  textOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { labelNameOf, selectorOf } from '../sources/config/fields.ts';
import { joinOf } from '../sources/config/joins.ts';
import { type DefaultMeter, defaultMeters } from './default-meters.ts';
import type { Meter, MeterSource, MeterUnit } from './meter.ts';

const kinds = ['gpu', 'counter', 'gauge'] as const;
const gpuTypes = ['fleetlens', 'dcgm', 'kube_state_metrics'] as const;
const maxMeters = 100;
const maxSources = 10;
const maxLabels = 20;
const maxJoins = 10;

/** Names that `gaps` and prices may use: those of the table and those of the file, also where they are off. */
export function meterNames(place: Place): readonly string[] {
  const own = listOf(place, maxMeters).map((each) => nameOf(fieldsOf(each, meterKeys)('name')));
  return [...new Set([...defaultMeters.map(({ name }) => name), ...own])];
}

export const meterKeys = ['name', 'about', 'kind', 'unit', 'sources', 'enabled'];

/** Reads `meters`: entries change those of the table by name or add to them. Only those that are on. Throws ConfigError. */
export function readMeters(place: Place): readonly Meter[] {
  const meters = new Map<string, DefaultMeter>(defaultMeters.map((meter) => [meter.name, meter]));
  const seen = new Map<string, string>();
  for (const each of listOf(place, maxMeters)) {
    const field = fieldsOf(each, meterKeys);
    const name = nameOf(field('name'));
    const before = seen.get(name);
    if (before !== undefined)
      throw new ConfigError(`${each.where}.name is ${name}, as ${before}; name each meter once`);
    seen.set(name, each.where);
    meters.set(name, meterOf(name, field, meters.get(name)));
  }
  return [...meters.values()].filter(({ isOn }) => isOn).map(({ isOn: _, ...meter }) => meter);
}

function meterOf(name: string, field: (key: string) => Place, base: DefaultMeter | undefined): DefaultMeter {
  const kind = kindOf(name, field('kind'), base);
  const sources = optional(field('sources'), (each) => sourcesOf(each, kind)) ?? base?.sources;
  const unit = optional(field('unit'), unitOf) ?? base?.unit;
  if (sources === undefined || sources.length === 0)
    throw new ConfigError(
      `${field('sources').where} is missing; give ${name} at least one, such as [{selector: app_seats}]`,
    );
  if (unit === undefined)
    throw new ConfigError(`${field('unit').where} is missing; give ${name} base, priced and per_priced`);
  return {
    name,
    about: optional(field('about'), textOf) ?? base?.about ?? '',
    kind,
    unit,
    sources,
    isOn:
      optional(field('enabled'), booleanOf) ??
      (base === undefined || field('sources').value !== undefined || base.isOn),
  };
}

function kindOf(name: string, place: Place, base: DefaultMeter | undefined): Meter['kind'] {
  const given = optional(place, (each) => oneOf(each, kinds));
  if (base !== undefined && given !== undefined && given !== base.kind)
    throw new ConfigError(
      `${place.where} of ${name} is ${base.kind} and cannot be changed; add a meter of another name`,
    );
  const kind = given ?? base?.kind;
  if (kind === undefined) throw new ConfigError(`${place.where} is missing; ${name} must be counter or gauge`);
  if (kind === 'gpu' && name !== 'gpu_time')
    throw invalid(place, 'counter or gauge', '; gpu_time is the only meter of kind gpu');
  return kind;
}

function nameOf(place: Place): string {
  const name = textOf(place);
  if (/^[a-z][a-z0-9_]{0,62}$/.test(name)) return name;
  throw invalid(place, 'a name of lower-case letters, digits and _');
}

function unitOf(place: Place): MeterUnit {
  const field = fieldsOf(place, ['base', 'priced', 'per_priced']);
  const { value } = field('per_priced');
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw invalid(field('per_priced'), 'how many base units make one that is priced, a whole number from 1');
  return { base: textOf(field('base')), priced: textOf(field('priced')), perPriced: BigInt(value) };
}

function sourcesOf(place: Place, kind: Meter['kind']): readonly MeterSource[] {
  return listOf(place, maxSources).map((each) => (kind === 'gpu' ? gpuSourceOf(each) : seriesSourceOf(each, kind)));
}

function gpuSourceOf(place: Place): MeterSource {
  const field = fieldsOf(place, ['type']);
  return { type: oneOf(field('type'), gpuTypes), selector: undefined, scale: 1, resource: [], sku: [], holder: {} };
}

export const seriesKeys = [
  'selector',
  'scale',
  'resource',
  'sku',
  'holder',
  'during',
  'distinct',
  'starts_at_zero',
  'joins',
];

function seriesSourceOf(place: Place, kind: Meter['kind']): MeterSource {
  const field = fieldsOf(place, ['type', ...seriesKeys]);
  optional(field('type'), (each) => oneOf(each, ['series']));
  if (kind === 'gauge' && field('starts_at_zero').value !== undefined)
    throw new ConfigError(`${field('starts_at_zero').where} is for counters; ${place.where} is of a gauge`);
  if (kind === 'counter' && field('during').value !== undefined)
    throw new ConfigError(`${field('during').where} is for gauges; ${place.where} is of a counter`);
  const distinct = labelsOf(field('distinct'));
  return {
    type: 'series',
    selector: selectorOf(field('selector')),
    scale: optional(field('scale'), positiveOf) ?? 1,
    resource: labelsOf(field('resource')),
    sku: labelsOf(field('sku')),
    holder: optional(field('holder'), holderOf) ?? {},
    during: optional(field('during'), duringOf),
    distinct: distinct.length === 0 ? undefined : distinct,
    startsAtZero: optional(field('starts_at_zero'), booleanOf),
    joins: listOf(field('joins'), maxJoins).map(joinOf),
  };
}

function labelsOf(place: Place): readonly string[] {
  return listOf(place, maxLabels).map(labelNameOf);
}

function holderOf(place: Place): Readonly<Record<string, string>> {
  const entries = entriesOf(place, maxLabels).map(([key, value]) => {
    const where = `${place.where}.${key}`;
    return [labelNameOf({ value: key, where }), labelNameOf({ value, where })] as const;
  });
  return Object.fromEntries(entries);
}

function duringOf(place: Place): MeterSource['during'] {
  const field = fieldsOf(place, ['series', 'on']);
  const on = labelsOf(field('on'));
  if (on.length === 0)
    throw new ConfigError(`${field('on').where} must name the labels to compare, such as [namespace, pod]`);
  return { selector: selectorOf(field('series')), on };
}

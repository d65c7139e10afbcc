import {
  booleanOf,
  didYouMean,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { domains, teams } from '../../../rules/alert.ts';
import { alertThemes } from '../../../rules/alerts/index.ts';
import type { Slo } from '../../../rules/slo/objective.ts';
import { thresholds } from '../../../rules/thresholds.ts';
import { indicatorOf } from './indicator.ts';

const maxObjectives = 500;
const longestWindowDays = 3;
const maxTexts = 20;
/** Of the proxy, whose alerts go by these names. */
const reserved = ['availability', 'ttft', 'tpot'];
const keys = [
  'name',
  'description',
  'objective',
  'period',
  'by',
  'indicator',
  'minimum',
  'pages',
  'domain',
  'team',
  'first_look',
  'remedy',
];

/** Objectives, and the file that they are described in. */
export interface UserObjectives {
  readonly file: string;
  readonly slos: readonly Slo[];
}

/** The objectives of a user, from the document of a YAML file. Throws ConfigError that names the key, the bad value and what is allowed. */
export function parseSlos(document: Place): readonly Slo[] {
  const field = fieldsOf(document, ['prometheus', 'slos'], ': ');
  const nativeHistograms = (optional(field('prometheus'), versionOf) ?? 2) >= 3;
  const places = listOf(field('slos'), maxObjectives);
  if (places.length === 0) throw invalid(field('slos'), 'a list of at least one objective');
  const slos = places.map((place) => sloOf(place, nativeHistograms));
  refuseDuplicates(slos, places);
  return slos;
}

function sloOf(place: Place, nativeHistograms: boolean): Slo {
  const field = fieldsOf(place, keys);
  const name = nameOf(field('name'));
  const by = labelsOf(field('by'));
  const description = textOf(field('description'));
  const minimum = fieldsOf({ where: field('minimum').where, value: field('minimum').value ?? {} }, ['events', 'bad']);
  return {
    name,
    title: `the objective ${name}`,
    missed: ['the events', 'are bad'],
    objective: objectiveOf(field('objective')),
    periodDays: optional(field('period'), daysOf) ?? 30,
    by,
    indicator: indicatorOf(field('indicator'), { by, nativeHistograms }),
    minimum: {
      events: optional(minimum('events'), countOf) ?? thresholds.sloEventsCount,
      bad: optional(minimum('bad'), countOf) ?? thresholds.sloBadEventsCount,
    },
    pages: optional(field('pages'), booleanOf) ?? true,
    expected: true,
    domain: optional(field('domain'), (each) => oneOf(each, domains)) ?? 'platform',
    team: optional(field('team'), (each) => oneOf(each, teams)) ?? 'sre',
    firstLook: [description, ...textsOf(field('first_look'))],
    remedy: textsOf(field('remedy'), 'An objective that nobody needs: lower it in the file that describes it.'),
  };
}

function nameOf(place: Place): string {
  const name = textOf(place);
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 60) {
    throw invalid(place, 'lower case words with hyphens, such as checkout-availability, of at most 60 characters');
  }
  const ours = alertThemes.map(({ theme }) => theme.replace(/-slo$/, ''));
  if ([...reserved, ...ours].includes(name)) {
    throw new ConfigError(
      `${place.where} must not be ${name}, which FleetLens has itself; put the name of the service before it`,
    );
  }
  return name;
}

function objectiveOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  const hint =
    typeof value === 'number' && value > 1 && value < 100
      ? `; for ${value} % write ${Number((value / 100).toPrecision(12))}`
      : '; an objective of all or nothing leaves no error budget';
  throw invalid(place, 'a share above 0 and below 1, such as 0.999', hint);
}

function daysOf(place: Place): number {
  const [, count = '', unit] = /^(\d{1,4})([dw])$/.exec(textOf(place)) ?? [];
  const days = Number(count) * (unit === 'w' ? 7 : 1);
  if (days >= longestWindowDays && days <= 366) return days;
  throw invalid(
    place,
    `whole days or weeks such as 30d or 4w, not shorter than the longest window of the alerts (${longestWindowDays}d) and at most 366d`,
  );
}

function versionOf(place: Place): number {
  const version = /^(\d+)(?:\.\d+)*$/.exec(String(place.value))?.[1];
  if (version !== undefined) return Number(version);
  throw invalid(place, 'the version of the Prometheus that loads the rules, such as 3');
}

/** `cluster` is always among them, and goes first. */
function labelsOf(place: Place): readonly string[] {
  const labels = listOf(place, maxTexts).map(labelOf);
  return ['cluster', ...new Set(labels.filter((label) => label !== 'cluster'))];
}

function labelOf(place: Place): string {
  const label = textOf(place);
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) throw invalid(place, 'the name of a label');
  if (label === 'slo' || label === 'le' || label.startsWith('__')) {
    throw invalid(place, 'a label that tells instances of the service apart', didYouMean(label, ['service']));
  }
  return label;
}

function countOf(place: Place): number {
  return wholeOf(place, { min: 1, max: 1_000_000_000 });
}

function textsOf(place: Place, otherwise?: string): readonly string[] {
  const texts = listOf(place, maxTexts).map(textOf);
  return texts.length === 0 && otherwise !== undefined ? [otherwise] : texts;
}

function refuseDuplicates(slos: readonly Slo[], places: readonly Place[]): void {
  for (const [index, { name }] of slos.entries()) {
    const first = slos.findIndex((each) => each.name === name);
    if (first === index) continue;
    throw new ConfigError(
      `${places[index]?.where}.name must be unique: ${name} is also that of ${places[first]?.where}`,
    );
  }
}

import {
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  type Place,
  textOf,
  wholeOf,
} from '../../../../kit/config-values.ts';
import { SourceError } from '../../../../kit/errors.ts';
import type { FeatureSchema } from '../../features/feature-table.ts';
import { horizons } from '../../horizon.ts';
import { readSettings } from '../read-settings.ts';
import type { ModelCard } from './model.ts';
import { numberOf } from './read-values.ts';

const maxColumns = 4096;
const maxFacts = 50;
const maxMs = 8.64e15;

export const cardKeys = [
  'schema',
  'horizon',
  'settings',
  'seed',
  'baseRate',
  'trainingWindow',
  'labelDefinition',
  'counts',
  'provenance',
] as const;

export function readCard(field: (key: string) => Place): ModelCard {
  const schema = readSchema(field('schema'));
  return {
    schema,
    horizon: oneOf(field('horizon'), horizons),
    settings: readSettings(field('settings'), schema.names.length),
    seed: wholeOf(field('seed'), { min: -(2 ** 31), max: 2 ** 32 - 1 }),
    baseRate: numberOf(field('baseRate'), 0, 1),
    trainingWindow: readWindow(field('trainingWindow')),
    labelDefinition: textOf(field('labelDefinition')),
    counts: readCounts(field('counts')),
    provenance: readFacts(field('provenance')),
  };
}

function readSchema(place: Place): FeatureSchema {
  const field = fieldsOf(place, ['version', 'names']);
  const names = listOf(field('names'), maxColumns).map(textOf);
  if (names.length === 0) throw invalid(field('names'), 'a list of at least one feature');
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new SourceError(`${place.where}.names has ${JSON.stringify(twice)} twice`);
  return { version: wholeOf(field('version'), { min: 0, max: 2 ** 31 }), names };
}

function readWindow(place: Place): ModelCard['trainingWindow'] {
  const field = fieldsOf(place, ['fromMs', 'toMs']);
  const fromMs = numberOf(field('fromMs'), -maxMs, maxMs);
  return { fromMs, toMs: numberOf(field('toMs'), fromMs, maxMs) };
}

function readCounts(place: Place): ModelCard['counts'] {
  const field = fieldsOf(place, ['rows', 'failures', 'entities']);
  const rows = wholeOf(field('rows'), { min: 1, max: Number.MAX_SAFE_INTEGER });
  return {
    rows,
    failures: wholeOf(field('failures'), { min: 0, max: rows }),
    entities: wholeOf(field('entities'), { min: 0, max: rows }),
  };
}

function readFacts(place: Place): Readonly<Record<string, string>> {
  const facts = entriesOf(place, maxFacts);
  return Object.fromEntries(facts.map(([key, value]) => [key, textOf({ value, where: `${place.where}.${key}` })]));
}

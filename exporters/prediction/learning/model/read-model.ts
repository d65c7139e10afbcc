import { fieldsOf, invalid, listOf, oneOf, type Place } from '../../../../kit/config-values.ts';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { FeatureSchema } from '../../features/feature-table.ts';
import type { ModelBody } from '../model-body.ts';
import { type ModelKind, modelKinds } from '../settings.ts';
import { hashOf } from './canonical.ts';
import type { Model } from './model.ts';
import { cardKeys, readCard } from './read-card.ts';
import { readTree } from './read-tree.ts';
import { numberOf, numbersOf } from './read-values.ts';
import { modelFormat, modelFormatVersion } from './write-model.ts';

/** Ten times what the settings by default make. */
const maxTrees = 10_000;

const bodyKeys: Readonly<Record<ModelKind, readonly string[]>> = {
  boosted: ['base', 'trees'],
  forest: ['base', 'shift', 'trees'],
  logistic: ['intercept', 'weights', 'means', 'deviations'],
};

/**
 * Reads the text of a model file. `where` names the file in errors. Throws SourceError for a text that is cut off, changed, of another version, or says
 * what no training would. Nothing in it is run.
 */
export function readModel(text: string, where: string): Model {
  try {
    return readContent({ value: parsed(text), where });
  } catch (error) {
    throw new SourceError(`${where} is not used as a model: ${reasonOf(error)}; train it anew`, { cause: error });
  }
}

/** Throws SourceError unless the model was learned from the columns that there are now. */
export function checkSchema({ card }: Pick<Model, 'card'>, { version, names }: FeatureSchema, where: string): void {
  const { schema } = card;
  const at = names.findIndex((name, column) => name !== schema.names[column]);
  const refuse = (difference: string): never => {
    throw new SourceError(`${where} was learned from other features: ${difference}; train it anew`);
  };
  if (schema.names.length !== names.length)
    refuse(`it has ${schema.names.length} columns, and there are ${names.length} now`);
  if (at !== -1) refuse(`its column ${at} is ${schema.names[at]}, and that is ${names[at]} now`);
  if (schema.version !== version) refuse(`its features are of version ${schema.version}, and that is ${version} now`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError('it is no JSON, or cut off');
  }
}

function readContent(place: Place): Model {
  const { format, formatVersion, hash, kind, ...rest } = mapOf(place);
  if (format !== modelFormat) throw new SourceError(`its format is not ${modelFormat}`);
  if (formatVersion !== modelFormatVersion)
    throw new SourceError(
      `it has format version ${String(formatVersion)}, and this program reads ${modelFormatVersion}`,
    );
  const actual = hashOf({ format, formatVersion, kind, ...rest });
  if (hash !== actual) throw new SourceError('its content is not what its hash says, so it was changed or damaged');
  return { ...readParts(place, oneOf({ value: kind, where: `${place.where}: kind` }, modelKinds)), hash: actual };
}

function mapOf(place: Place): Readonly<Record<string, unknown>> {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(place, 'keys and values');
  return value as Readonly<Record<string, unknown>>;
}

function readParts(place: Place, kind: ModelKind): Pick<Model, 'card' | 'body'> {
  const field = fieldsOf(place, ['format', 'formatVersion', 'hash', 'kind', ...cardKeys, ...bodyKeys[kind]], ': ');
  const card = readCard(field);
  if (card.settings.kind !== kind)
    throw new SourceError(`its settings are of ${card.settings.kind}, its kind is ${kind}`);
  return { card, body: readBody(field, kind, card.schema.names.length) };
}

function readBody(field: (key: string) => Place, kind: ModelKind, columns: number): ModelBody {
  switch (kind) {
    case 'boosted':
      return { kind, base: numberOf(field('base')), trees: readTrees(field('trees'), columns) };
    case 'forest':
      return {
        kind,
        base: numberOf(field('base'), Number.MIN_VALUE, 1 - Number.EPSILON),
        shift: numberOf(field('shift')),
        trees: readTrees(field('trees'), columns),
      };
    case 'logistic':
      return {
        kind,
        intercept: numberOf(field('intercept')),
        weights: numbersOf(field('weights'), columns),
        means: numbersOf(field('means'), columns),
        deviations: numbersOf(field('deviations'), columns, 0),
      };
  }
}

function readTrees(place: Place, columns: number) {
  return listOf(place, maxTrees).map((each) => readTree(each, columns));
}

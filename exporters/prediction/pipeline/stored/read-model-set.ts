import {
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../../kit/config-values.ts';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import { type EntityKind, entityKinds } from '../../entity.ts';
import { hashOf } from '../../learning/model/canonical.ts';
import { numberOf, numbersOf } from '../../learning/model/read-values.ts';
import { decayDays, type Hold } from '../../risk/rate/kernel.ts';
import type { RateModel } from '../../risk/rate/rate-model.ts';
import { type KindModels, type ModelSet, modelSetVersion } from '../model-set.ts';
import { readKind } from './read-kind-models.ts';
import { readPast } from './read-past.ts';
import { modelSetFormat } from './write-model-set.ts';

const keys = ['format', 'version', 'hash', 'id', 'madeAtMs', 'seed', 'provenance', 'rate', 'kinds', 'past'];
const maxMs = 8.64e15;
const maxProducts = 10_000;

/**
 * Reads the text of a set of models. `where` names the file in errors. Throws SourceError for a text that is cut off, changed, of another version, or says
 * what no training would. Nothing in it is run.
 */
export function readModelSet(text: string, where: string): ModelSet {
  try {
    return readContent({ value: parsed(text), where });
  } catch (error) {
    throw new SourceError(`${where} is not used as models: ${reasonOf(error)}; train them anew`, { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError('it is no JSON, or cut off');
  }
}

function readContent(place: Place): ModelSet {
  const all = Object.fromEntries(entriesOf(place, 100));
  const { hash, ...content } = all;
  if (content['format'] !== modelSetFormat) throw new SourceError(`its format is not ${modelSetFormat}`);
  if (content['version'] !== modelSetVersion)
    throw new SourceError(`it has version ${String(content['version'])}, and this program reads ${modelSetVersion}`);
  if (hash !== hashOf(content))
    throw new SourceError('its content is not what its hash says, so it was changed or damaged');
  const field = fieldsOf(place, keys, ': ');
  return {
    version: modelSetVersion,
    id: readId(field('id')),
    madeAtMs: numberOf(field('madeAtMs'), -maxMs, maxMs),
    seed: wholeOf(field('seed'), { min: -(2 ** 31), max: 2 ** 32 - 1 }),
    provenance: Object.fromEntries(
      entriesOf(field('provenance'), 50).map(([key, value]) => [
        key,
        textOf({ value, where: `${place.where}.${key}` }),
      ]),
    ),
    rate: readRate(field('rate')),
    kinds: readKinds(field('kinds')),
    past: readPast(field('past')),
  };
}

/** It becomes part of the name of a file and the value of a label. */
function readId(place: Place): string {
  const text = textOf(place);
  if (/^\d{4}-\d\d-\d\d-[0-9a-f]{8}$/.test(text)) return text;
  throw invalid(place, 'a day and eight hexadecimal digits');
}

function readKinds(place: Place): Partial<Record<EntityKind, KindModels>> {
  const field = fieldsOf(place, entityKinds);
  const found = entityKinds.flatMap((kind) => {
    const models = optional(field(kind), (each) => readKind(each, kind));
    return models === undefined ? [] : [[kind, models] as const];
  });
  return Object.fromEntries(found);
}

function readRate(place: Place): RateModel {
  const field = fieldsOf(place, ['base', 'excitation', 'hold', 'ownFailures', 'fitted']);
  const excitation = fieldsOf(field('excitation'), entityKinds);
  const perDay = (each: Place): number => numberOf(each, 0, 1e6);
  const base = entriesOf(field('base'), maxProducts).map(
    ([key, value]) => [key, perDay({ value, where: `${place.where}.base.${key}` })] as const,
  );
  const weights = (kind: EntityKind): readonly number[] => [...numbersOf(excitation(kind), decayDays.length, 0, 1e6)];
  return {
    base: Object.fromEntries(base),
    excitation: { gpu: weights('gpu'), node: weights('node') },
    hold: oneOf(field('hold'), ['decaying', 'constant'] as const satisfies readonly Hold[]),
    ownFailures: wholeOf(field('ownFailures'), { min: 0, max: Number.MAX_SAFE_INTEGER }),
    fitted: listOf(field('fitted'), entityKinds.length).map((each) => oneOf(each, entityKinds)),
  };
}

import { readBounded } from '../../../../kit/bounded-file.ts';
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
import { replaceFile } from '../../../../kit/replace-file.ts';
import { type Entity, entityKinds } from '../../entity.ts';
import { hashOf } from '../../learning/model/canonical.ts';
import { numberOf } from '../../learning/model/read-values.ts';
import type { LabelSigns } from '../../sources/prometheus/label-signs.ts';

/** What was seen of failures in a stretch of time. */
export interface StoredSigns {
  /** (fromMs, untilMs] */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly signs: LabelSigns;
  /** Products by key of the entity. */
  readonly products: Readonly<Record<string, string>>;
  /** Where it was read. */
  readonly source: string;
}

const format = 'fleetlens-failure-signs';
const version = 1;
const maxBytes = 512 * 2 ** 20;
const mostRecords = 5_000_000;

/** Rejects with SourceError where it cannot be written; what was there before stays. */
export async function saveSigns(path: string, stored: StoredSigns): Promise<void> {
  const content = { format, version, ...stored };
  try {
    await replaceFile(path, `${JSON.stringify({ ...content, hash: hashOf(content) })}\n`);
  } catch (error) {
    throw new SourceError(
      `${path} cannot be written (${reasonOf(error)}); let this user write there, and give it room`,
      {
        cause: error,
      },
    );
  }
}

/** Undefined if there is no such file. Rejects with SourceError for one that is cut short, changed or of another version. */
export async function loadSigns(path: string): Promise<StoredSigns | undefined> {
  const text = await readBounded(path, maxBytes);
  if (text === undefined) return undefined;
  try {
    return readStored({ value: JSON.parse(text) as unknown, where: path });
  } catch (error) {
    throw new SourceError(`${path} cannot be used: ${reasonOf(error)}; remove it and run the back-fill again`, {
      cause: error,
    });
  }
}

function readStored(place: Place): StoredSigns {
  const field = fieldsOf(place, ['format', 'version', 'hash', 'fromMs', 'untilMs', 'signs', 'products', 'source']);
  if (field('format').value !== format || field('version').value !== version)
    throw new SourceError(`it is no list of failures of version ${version}`);
  const { hash, ...content } = place.value as Readonly<Record<string, unknown>>;
  if (hash !== hashOf(content)) throw new SourceError('it was changed or damaged');
  const signs = fieldsOf(field('signs'), ['xids', 'absences', 'remaps', 'states']);
  return {
    fromMs: momentOf(field('fromMs')),
    untilMs: momentOf(field('untilMs')),
    signs: {
      xids: records(signs('xids'), ['code', 'count'], (at) => ({
        atMs: momentOf(at('atMs')),
        code: wholeOf(at('code'), { min: 0, max: 100_000 }),
        count: numberOf(at('count'), 0),
      })),
      absences: records(signs('absences'), ['fromMs', 'untilMs', 'how'], (at) => ({
        fromMs: momentOf(at('fromMs')),
        untilMs: optional(at('untilMs'), momentOf),
        how: oneOf(at('how'), ['off_the_bus', 'vanished'] as const),
      })),
      remaps: records(signs('remaps'), ['hasFailed'], (at) => ({
        atMs: momentOf(at('atMs')),
        hasFailed: at('hasFailed').value === true,
      })),
      states: records(signs('states'), ['state'], (at) => ({
        atMs: momentOf(at('atMs')),
        state: textOf(at('state')),
      })),
    },
    products: productsOf(field('products')),
    source: textOf(field('source')),
  };
}

function productsOf(place: Place): Readonly<Record<string, string>> {
  const entries = entriesOf(place, mostRecords);
  return Object.fromEntries(entries.map(([key, value]) => [key, textOf({ value, where: `${place.where}.${key}` })]));
}

function records<T>(place: Place, keys: readonly string[], read: (at: (key: string) => Place) => T) {
  return listOf(place, mostRecords).map((each) => {
    const at = fieldsOf(each, ['entity', 'atMs', ...keys]);
    return { entity: entityOf(at('entity')), ...read(at) };
  });
}

function entityOf(place: Place): Entity {
  const at = fieldsOf(place, ['kind', 'cluster', 'node', 'uuid']);
  const name = ({ value, where }: Place): string => {
    if (typeof value === 'string') return value;
    throw invalid({ value, where }, 'a text');
  };
  return {
    kind: oneOf(at('kind'), entityKinds),
    cluster: name(at('cluster')),
    node: name(at('node')),
    uuid: name(at('uuid')),
  };
}

function momentOf(place: Place): number {
  if (typeof place.value === 'number' && Number.isFinite(place.value)) return place.value;
  throw invalid(place, 'ms since 1970');
}

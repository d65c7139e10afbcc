import {
  booleanOf,
  didYouMean,
  entriesOf,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import { cut } from '../../../kit/options/preview.ts';
import { manualSource } from '../inventory/claim.ts';
import { inventorySource } from '../inventory/derived-findings.ts';
import type { Source } from '../observation.ts';
import type { ReadDeps, SourceDeps, SourceType } from '../sources/source-type.ts';

/** A source as the file describes it; `create` opens it. */
export interface ConfiguredSource {
  readonly name: string;
  readonly type: string;
  /** Seconds between looks; 0 for one that is only looked at by hand. */
  readonly everySeconds: number;
  readonly mayCreate: boolean;
  /** Share of what it saw last that may be missing at once. */
  readonly maxMissingRatio: number;
  readonly create: (deps: SourceDeps) => Source;
}

const ownKeys = ['name', 'type', 'every', 'create', 'max_missing'];
const sourceName = /^[a-z][a-z0-9_-]{0,40}$/;
const reserved = [manualSource, 'import', inventorySource];
const maxSources = 100;
const defaultEverySeconds = 300;
const defaultMaxMissing = 0.2;

export function readSources(place: Place, types: readonly SourceType[], deps: ReadDeps): readonly ConfiguredSource[] {
  const sources = listOf(place, maxSources).map((entry) => readSource(entry, types, deps));
  const names = sources.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ConfigError(`${place.where}: two sources are called ${cut(twice)}; give each a name`);
  return sources;
}

function readSource(entry: Place, types: readonly SourceType[], deps: ReadDeps): ConfiguredSource {
  const given = new Map(entriesOf(entry, 100));
  const at = (key: string): Place => ({ value: given.get(key), where: `${entry.where}.${key}` });
  const typeName = oneOf(
    at('type'),
    types.map(({ type }) => type),
  );
  const type = types.find((each) => each.type === typeName);
  if (type === undefined) throw new ConfigError(`${entry.where} has no type`);
  const known = [...ownKeys, ...type.keys];
  for (const key of given.keys()) {
    if (known.includes(key)) continue;
    throw new ConfigError(
      `${entry.where} has the unknown key ${cut(key)}; a source of type ${typeName} may have ${known.join(', ')}${didYouMean(key, known)}`,
    );
  }
  const name = optional(at('name'), nameOf) ?? typeName;
  const config = type.read(at, deps);
  return {
    name,
    type: typeName,
    everySeconds: optional(at('every'), everyOf) ?? defaultEverySeconds,
    mayCreate: optional(at('create'), booleanOf) ?? true,
    maxMissingRatio: optional(at('max_missing'), ratioOf) ?? defaultMaxMissing,
    create: (sourceDeps) => type.create(name, config, sourceDeps),
  };
}

function nameOf(place: Place): string {
  const name = textOf(place);
  if (!sourceName.test(name) || reserved.includes(name)) {
    throw new ConfigError(
      `${place.where} must be a name of lower-case letters, digits, _ and -, and none of ${reserved.join(', ')}, got ${cut(name)}`,
    );
  }
  return name;
}

function everyOf(place: Place): number {
  if (place.value === 'never') return 0;
  const seconds = typeof place.value === 'string' ? parseDuration(place.value) : undefined;
  if (seconds !== undefined && seconds >= 1) return seconds;
  throw new ConfigError(
    `${place.where} must be a duration of at least 1s such as 5m, or never, got ${cut(String(place.value))}`,
  );
}

function ratioOf({ value, where }: Place): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new ConfigError(`${where} must be a share from 0 to 1, got ${cut(String(value))}`);
}

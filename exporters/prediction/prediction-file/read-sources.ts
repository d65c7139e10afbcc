import { entriesOf, fieldsOf, invalid, listOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { defaultLabelNames } from '../sources/prometheus/series-labels.ts';
import type { PredictionSource } from './source.ts';
import { durationOf, labelNameOf, matcherOf, type ReadFile, secretFileOf, serverUrlOf } from './values.ts';

const mostSources = 50;
const mostMatchers = 20;
const mostHeaders = 20;
const defaultTimeoutMs = 60_000;

export const sourceKeys = [
  'name',
  'url',
  'cluster',
  'cluster_label',
  'node_label',
  'rack_label',
  'match',
  'bearer_token_file',
  'username',
  'password_file',
  'headers',
  'timeout',
];

type Field = (key: string) => Place;

/** Reads `sources`. Throws ConfigError that names the place, the value and what is allowed. */
export function readSources(place: Place, readFile: ReadFile): readonly PredictionSource[] {
  const places = listOf(place, mostSources);
  if (places.length === 0)
    throw new ConfigError(
      `${place.where} must have at least one source, such as {name: main, cluster: a, url: http://prometheus:9090}`,
    );
  const sources = places.map((each) => sourceOf(each, readFile));
  for (const [at, { name }] of sources.entries()) {
    const first = sources.findIndex((other) => other.name === name);
    if (first < at)
      throw new ConfigError(`${places[at]?.where}.name is that of ${places[first]?.where}; give it another one`);
  }
  return sources;
}

function sourceOf(place: Place, readFile: ReadFile): PredictionSource {
  const field = fieldsOf(place, sourceKeys);
  const tokenFile = optional(field('bearer_token_file'), (each) => secretFileOf(each, readFile));
  const user = userOf(field, readFile);
  if (tokenFile !== undefined && user !== undefined)
    throw new ConfigError(`${field('bearer_token_file').where} and username must not both be there; take one away`);
  return {
    name: nameOf(field('name')),
    url: serverUrlOf(field('url')),
    cluster: optional(field('cluster'), textOf),
    labels: {
      cluster: optional(field('cluster_label'), labelNameOf) ?? defaultLabelNames.cluster,
      node: optional(field('node_label'), labelNameOf) ?? defaultLabelNames.node,
      rack: optional(field('rack_label'), labelNameOf) ?? defaultLabelNames.rack,
    },
    match: listOf(field('match'), mostMatchers).map(matcherOf),
    tokenFile,
    user,
    headers: headersOf(field('headers')),
    timeoutMs: optional(field('timeout'), (each) => durationOf(each, '1s', '10m')) ?? defaultTimeoutMs,
  };
}

function nameOf(place: Place): string {
  const name = textOf(place);
  if (/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/.test(name)) return name;
  throw invalid(place, 'a name of up to 63 lower-case letters, digits, dots and dashes, such as main');
}

function userOf(field: Field, readFile: ReadFile): PredictionSource['user'] {
  const [name, file] = [field('username'), field('password_file')];
  const [hasName, hasFile] = [name, file].map(({ value }) => value !== undefined && value !== null);
  if (hasName !== hasFile)
    throw new ConfigError(`${(hasName ? file : name).where} is missing; username and password_file belong together`);
  return hasName ? { name: textOf(name), passwordFile: secretFileOf(file, readFile) } : undefined;
}

function headersOf(place: Place): Readonly<Record<string, string>> {
  const entries = optional(place, (each) => entriesOf(each, mostHeaders)) ?? [];
  return Object.fromEntries(
    entries.map(([header, value]) => {
      const where = `${place.where}.${header}`;
      if (/^authorization$/i.test(header))
        throw new ConfigError(`${where} would show a secret in the file; use bearer_token_file or password_file`);
      if (!/^[A-Za-z0-9-]+$/.test(header)) throw new ConfigError(`${where} is no name of a header`);
      return [header, textOf({ value, where })];
    }),
  );
}

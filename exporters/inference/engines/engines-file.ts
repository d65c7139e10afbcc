import { ConfigError } from '../../../kit/errors.ts';
import { nearest } from '../../../kit/options/nearest.ts';
import { cut, preview } from '../../../kit/options/preview.ts';
import { parseYaml } from '../../../kit/yaml.ts';
import type { EngineKind } from '../../../metrics/engines/engine.ts';
import { engineKinds, engines } from '../../../metrics/engines/index.ts';
import type { ConfiguredEngine } from './configured-engine.ts';
import { isRecord } from './json-answer.ts';

const maxEngines = 500;
const keys = ['name', 'kind', 'url', 'metrics_path', 'model_name', 'bearer_token_file'] as const;
type Key = (typeof keys)[number];

/** A key of the file, and where it stands, for messages. */
interface Place {
  readonly where: string;
  readonly value: unknown;
}

/** Reads the file of `--engines.file`. Throws ConfigError that names the file, the key, the bad value and what is allowed. */
export function parseEnginesFile(path: string, text: string): readonly ConfiguredEngine[] {
  const document = parseYaml(path, text);
  if (document === undefined || document === null) return [];
  const list = fieldsOf({ where: path, value: document }, ['engines'], ': ')('engines');
  if (list.value === undefined || list.value === null) return [];
  if (!Array.isArray(list.value)) throw invalid(list, 'a list');
  if (list.value.length > maxEngines) {
    throw new ConfigError(`${list.where} names ${list.value.length} engines; at most ${maxEngines} are allowed`);
  }
  const found = list.value.map((value, index) => engineOf({ where: `${list.where}[${index}]`, value }));
  for (const [index, { name }] of found.entries()) {
    if (found.findIndex((other) => other.name === name) < index) {
      throw new ConfigError(`${list.where}[${index}].name is "${cut(name)}", which another engine has already`);
    }
  }
  return found;
}

function engineOf(place: Place): ConfiguredEngine {
  const field = fieldsOf(place, keys);
  const kind = kindOf(field('kind'));
  const modelName = optionalText(field('model_name'));
  const needsModel = engines[kind].path !== undefined && engines[kind].modelLabels.length === 0;
  if (needsModel && modelName === undefined) {
    throw new ConfigError(`${place.where}.model_name is needed: ${kind} does not name its model`);
  }
  return {
    name: textOf(field('name')),
    kind,
    url: urlOf(field('url')),
    metricsPath: pathOf(field('metrics_path')),
    modelName,
    bearerTokenFile: optionalText(field('bearer_token_file')),
  };
}

function fieldsOf<K extends string = Key>(place: Place, allowed: readonly K[], separator = '.'): (key: K) => Place {
  const { value, where } = place;
  if (!isRecord(value)) throw invalid(place, `a map with ${allowed.join(', ')}`);
  for (const key of Object.keys(value)) {
    if (allowed.some((known) => known === key)) continue;
    throw new ConfigError(
      `${where}${separator}${cut(key)} is not known${hint(key, allowed)}; allowed: ${allowed.join(', ')}`,
    );
  }
  return (key) => ({ where: `${where}${separator}${key}`, value: value[key] });
}

function kindOf(place: Place): EngineKind {
  const kind = engineKinds.find((known) => known === place.value);
  if (kind !== undefined) return kind;
  throw invalid(place, `one of ${engineKinds.join(', ')}`);
}

function urlOf(place: Place): URL {
  const allowed = 'an address such as http://gpu-node-1:8000, without query or credentials';
  const text = textOf(place, allowed);
  if (!URL.canParse(text)) throw invalid(place, allowed);
  const url = new URL(text);
  const isPlain = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (!isPlain || !['http:', 'https:'].includes(url.protocol)) throw invalid(place, allowed);
  return url;
}

function pathOf(place: Place): string | undefined {
  const path = optionalText(place);
  if (path !== undefined && !/^\/[^?#\s]*$/.test(path)) throw invalid(place, 'a path such as /metrics');
  return path;
}

function optionalText(place: Place): string | undefined {
  return place.value === undefined || place.value === null ? undefined : textOf(place);
}

function textOf(place: Place, allowed = 'a text that is not empty'): string {
  if (typeof place.value === 'string' && place.value.trim() !== '') return place.value;
  throw invalid(place, allowed);
}

function invalid({ where, value }: Place, allowed: string): ConfigError {
  if (value === undefined || value === null) return new ConfigError(`${where} is missing; it must be ${allowed}`);
  return new ConfigError(`${where} must be ${allowed}, got ${preview(value)}`);
}

function hint(key: string, allowed: readonly string[]): string {
  const near = nearest(key, allowed);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

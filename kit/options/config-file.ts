import { ConfigError } from '../errors.ts';
import { parseYaml } from '../yaml.ts';
import { cut, preview } from './preview.ts';

/** Aliases let a short text stand for an endless tree, so what is walked through is bounded. */
const maxNodes = 1000;

/**
 * Reads the YAML text of a configuration file into dotted keys: `web: {listen-address: …}` gives `web.listen-address`. A mapping
 * without keys stays a value. Throws ConfigError with file, line and reason.
 */
export function flattenConfig(file: string, text: string): ReadonlyMap<string, unknown> {
  const top = parseYaml(file, text) ?? {};
  if (!isMapping(top)) throw new ConfigError(`${file} must hold keys and values, got ${preview(top)}`);
  const flat = new Map<string, unknown>();
  let nodes = 0;

  function flatten(mapping: Mapping, prefix: string): void {
    for (const [name, value] of Object.entries(mapping)) {
      if (++nodes > maxNodes) throw new ConfigError(`${file} holds more than ${maxNodes} keys`);
      const key = prefix + name;
      if (isMapping(value) && !isEmptyMapping(value)) flatten(value, `${key}.`);
      else addKey(key, value);
    }
  }

  function addKey(key: string, value: unknown): void {
    if (value === undefined || value === null)
      throw new ConfigError(`${file}: ${cut(key)} has no value; give one or remove the key`);
    if (flat.has(key)) throw new ConfigError(`${file}: ${cut(key)} is given twice`);
    flat.set(key, value);
  }

  flatten(top, '');
  return flat;
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isEmptyMapping(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length === 0;
}

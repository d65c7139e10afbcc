import { load, YAMLException } from 'js-yaml';
import { ConfigError } from '../errors.ts';

const maxConfigBytes = 1024 * 1024;
/** Aliases let a short text stand for an endless tree, so the keys are bounded too. */
const maxKeys = 1000;

/**
 * Reads the YAML text of a configuration file into dotted keys: `web: {listen-address: …}` gives `web.listen-address`.
 * Throws ConfigError with file, line and reason.
 */
export function flattenConfig(file: string, text: string): ReadonlyMap<string, unknown> {
  if (text.length > maxConfigBytes) {
    throw new ConfigError(
      `${file} is ${text.length} characters long; a configuration file holds at most ${maxConfigBytes}`,
    );
  }
  const flat = new Map<string, unknown>();
  flatten(file, parse(file, text), '', flat);
  return flat;
}

function parse(file: string, text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = error.mark === undefined ? '' : `:${error.mark.line + 1}:${error.mark.column + 1}`;
    throw new ConfigError(`${file}${place} is no valid YAML: ${error.reason}`);
  }
}

function flatten(file: string, value: unknown, prefix: string, flat: Map<string, unknown>): void {
  if (!isMapping(value)) {
    addKey(file, value, prefix, flat);
    return;
  }
  for (const [key, inner] of Object.entries(value))
    flatten(file, inner, prefix === '' ? key : `${prefix}.${key}`, flat);
}

function addKey(file: string, value: unknown, key: string, flat: Map<string, unknown>): void {
  const isEmpty = value === undefined || value === null;
  if (key === '' && isEmpty) return;
  if (key === '') throw new ConfigError(`${file} must hold keys and values, got ${JSON.stringify(value).slice(0, 80)}`);
  if (isEmpty) throw new ConfigError(`${file}: ${key} has no value; give one or remove the key`);
  if (flat.has(key)) throw new ConfigError(`${file}: ${key} is given twice`);
  if (flat.size >= maxKeys) throw new ConfigError(`${file} holds more than ${maxKeys} keys`);
  flat.set(key, value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

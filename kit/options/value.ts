import { ConfigError } from '../errors.ts';
import type { Address, OptionSpec } from './define.ts';
import { parseDuration, seconds } from './duration.ts';

export type OptionValue = string | number | boolean | Address | readonly string[] | undefined;

/** Reads one value from text or YAML. `where` names the place for the error: `--gpu.interval`, `FLEETLENS_…` or `file: key`. */
export function parseValue(spec: OptionSpec, raw: unknown, where: string): OptionValue {
  switch (spec.type) {
    case 'string':
    case 'path':
      return parseText(raw, where);
    case 'integer':
    case 'number':
      return parseNumber(spec, raw, where);
    case 'boolean':
      return parseBoolean(raw, where);
    case 'duration':
      return parseDurationOption(spec, raw, where);
    case 'address':
      return parseAddress(raw, where);
    case 'enum':
      if (typeof raw === 'string' && spec.values.includes(raw)) return raw;
      throw invalid(where, `one of ${spec.values.join(', ')}`, raw);
    case 'list':
      return parseList(raw, where);
  }
}

/** The default in the form that `parseValue` returns. */
export function defaultValue(spec: OptionSpec): OptionValue {
  if (spec.type === 'duration') return seconds(spec.default);
  if (spec.type === 'address') return parseAddress(spec.default, 'default');
  return spec.default;
}

function parseText(raw: unknown, where: string): string {
  if (typeof raw === 'string' && raw !== '' && !raw.includes('\0')) return raw;
  if (typeof raw === 'number') return String(raw);
  throw invalid(where, 'a text that is not empty', raw);
}

function parseNumber(spec: Extract<OptionSpec, { min: number }>, raw: unknown, where: string): number {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  const kind = spec.type === 'integer' ? 'a whole number' : 'a number';
  const ok = typeof value === 'number' && Number.isFinite(value) && value >= spec.min && value <= spec.max;
  if (ok && (spec.type === 'number' || Number.isInteger(value))) return value;
  throw invalid(where, `${kind} from ${spec.min} to ${spec.max}`, raw);
}

function parseBoolean(raw: unknown, where: string): boolean {
  if (raw === true || raw === 'true') return true;
  if (raw === false || raw === 'false') return false;
  throw invalid(where, 'true or false', raw);
}

function parseDurationOption(spec: Extract<OptionSpec, { type: 'duration' }>, raw: unknown, where: string): number {
  const value = typeof raw === 'string' ? parseDuration(raw) : undefined;
  if (value !== undefined && value >= seconds(spec.min) && value <= seconds(spec.max)) return value;
  throw invalid(where, `a duration from ${spec.min} to ${spec.max}, such as ${spec.default}`, raw);
}

function parseAddress(raw: unknown, where: string): Address {
  const match = typeof raw === 'string' ? /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(raw) : null;
  const port = Number(match?.[3]);
  if (match === null || port > 65_535)
    throw invalid(where, 'host:port, :port or [v6]:port with a port up to 65535', raw);
  const host = match[1] ?? match[2];
  return { host: host === '' ? undefined : host, port };
}

function parseList(raw: unknown, where: string): readonly string[] {
  const items = typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw;
  if (Array.isArray(items) && items.every((item) => typeof item === 'string' && item !== '')) return items;
  throw invalid(where, 'a list of texts, separated by commas', raw);
}

function invalid(where: string, allowed: string, raw: unknown): ConfigError {
  return new ConfigError(`${where} must be ${allowed}, got ${show(raw)}`);
}

function show(raw: unknown): string {
  const text = JSON.stringify(raw) ?? String(raw);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

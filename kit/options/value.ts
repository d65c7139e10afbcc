import { ConfigError } from '../errors.ts';
import type { Address, OptionSpec } from './define.ts';
import { parseDuration, seconds } from './duration.ts';
import { preview } from './preview.ts';

export type OptionValue = string | number | boolean | Address | readonly string[] | undefined;

/** Reads one value of the YAML file. `where` names the place for the error: `--gpu.interval`, `FLEETLENS_…` or `file: key`. */
export function parseValue(spec: OptionSpec, raw: unknown, where: string): OptionValue {
  switch (spec.type) {
    case 'string':
    case 'path':
      return parseString(raw, where);
    case 'integer':
    case 'number':
      return parseNumber(spec, raw, where);
    case 'boolean':
      if (typeof raw === 'boolean') return raw;
      throw invalid(where, 'true or false', raw);
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

/** Reads one value of the command line or the environment, where everything is text. */
export function parseText(spec: OptionSpec, raw: string, where: string): OptionValue {
  return parseValue(spec, fromText(spec, raw), where);
}

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** What YAML would make of the text; the text itself where it is none of the option's type, so that the error can show it. */
function fromText(spec: OptionSpec, raw: string): unknown {
  if (spec.type === 'boolean') return raw === 'true' || (raw === 'false' ? false : raw);
  if (spec.type !== 'integer' && spec.type !== 'number') return raw;
  return decimal.test(raw.trim()) ? Number(raw) : raw;
}

/** The default in the form that `parseValue` returns. */
export function defaultValue(spec: OptionSpec): OptionValue {
  if (spec.type === 'duration') return seconds(spec.default);
  if (spec.type === 'address') return parseAddress(spec.default, 'default');
  return spec.default;
}

function parseString(raw: unknown, where: string): string {
  if (typeof raw === 'string' && raw !== '' && !raw.includes('\0')) return raw;
  if (typeof raw === 'number') return String(raw);
  throw invalid(where, 'a text that is not empty', raw);
}

function parseNumber(spec: Extract<OptionSpec, { min: number }>, raw: unknown, where: string): number {
  const kind = spec.type === 'integer' ? 'a whole number' : 'a number';
  const ok = typeof raw === 'number' && Number.isFinite(raw) && raw >= spec.min && raw <= spec.max;
  if (ok && (spec.type === 'number' || Number.isInteger(raw))) return raw;
  throw invalid(where, `${kind} from ${spec.min} to ${spec.max}`, raw);
}

function parseDurationOption(spec: Extract<OptionSpec, { type: 'duration' }>, raw: unknown, where: string): number {
  const value = typeof raw === 'string' ? parseDuration(raw) : undefined;
  if (value !== undefined && value >= seconds(spec.min) && value <= seconds(spec.max)) return value;
  throw invalid(where, `a duration from ${spec.min} to ${spec.max}, such as ${spec.default}`, raw);
}

const port = '(?:[0-5]?\\d{1,4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
export const addressPattern = `^(?:\\[([0-9a-fA-F:.]+)\\]|([^:\\[\\]\\s]*)):(${port})$`;

function parseAddress(raw: unknown, where: string): Address {
  const match = typeof raw === 'string' ? new RegExp(addressPattern).exec(raw) : null;
  if (match === null) throw invalid(where, 'host:port, :port or [v6]:port with a port up to 65535', raw);
  const host = match[1] ?? match[2];
  return { host: host === '' ? undefined : host, port: Number(match[3]) };
}

/** A list as one text: items between commas, none of them empty. */
export const listPattern = '^\\s*[^\\s,][^,]*(?:,\\s*[^\\s,][^,]*)*$';

function parseList(raw: unknown, where: string): readonly string[] {
  if (typeof raw === 'string' && new RegExp(listPattern).test(raw)) return raw.split(',').map((item) => item.trim());
  if (Array.isArray(raw) && raw.every((item) => typeof item === 'string' && item !== '')) return raw;
  throw invalid(where, 'a list of texts, separated by commas', raw);
}

function invalid(where: string, allowed: string, raw: unknown): ConfigError {
  return new ConfigError(`${where} must be ${allowed}, got ${preview(raw)}`);
}

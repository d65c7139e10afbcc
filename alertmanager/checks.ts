import type { Duration } from '../metrics/promql.ts';

/** A fault in what the user wrote, in one line: where, what stands there, what is allowed. */
export class SiteError extends Error {
  override readonly name = 'SiteError';
}

/** Turns an untrusted value into a typed one, or says what is wrong with it at that path. */
export type Check<T> = (value: unknown, path: string) => T;

/** The keys of one mapping, all of them known. */
export interface Fields {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const secretKey = /passw(or)?d|passphrase|token|secret|credential|api_?(url|key)|routing_key|service_key|bearer/i;

export function fieldsOf(value: unknown, path: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(path, value, `a mapping with the keys ${allowed.join(', ')}`);
  }
  const values: Record<string, unknown> = { ...value };
  for (const key of Object.keys(values)) {
    if (allowed.includes(key)) continue;
    const where = join(path, key);
    if (secretKey.test(key)) throw inlineSecret(where, fileKeyFor(key, allowed));
    throw new SiteError(`${where}: unknown key; allowed: ${allowed.join(', ')}`);
  }
  return { path, values };
}

export function required<T>(fields: Fields, key: string, check: Check<T>): T {
  const value = fields.values[key];
  const path = join(fields.path, key);
  if (value === undefined) throw new SiteError(`${path}: missing; add it`);
  return check(value, path);
}

/** An object with the key if it was written, and an empty one if not, to be spread. */
export function optional<K extends string, T>(fields: Fields, key: K, check: Check<T>): { [P in K]?: T } {
  const value = fields.values[key];
  if (value === undefined) return {};
  return { [key]: check(value, join(fields.path, key)) } as { [P in K]?: T };
}

export function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw refused(path, value, 'a text that is not empty');
  return value;
}

export function flag(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw refused(path, value, 'true or false');
  return value;
}

export function count(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw refused(path, value, 'a whole number, 0 or more');
  }
  return value;
}

export function duration(value: unknown, path: string): Duration['duration'] {
  if (isDuration(value)) return value;
  throw refused(path, value, 'a whole number with a unit, such as 30s, 5m, 4h or 1d');
}

/** Where nothing ever passes with zero: Alertmanager refuses to group or repeat every 0 seconds. */
export function positiveDuration(value: unknown, path: string): Duration['duration'] {
  const checked = duration(value, path);
  if (/^0+[a-z]$/.test(checked)) throw refused(path, value, 'more than zero, such as 30s, 5m or 4h');
  return checked;
}

/** Alertmanager resolves only some relative paths against its configuration file, so every path is absolute. */
export function filePath(value: unknown, path: string): string {
  if (typeof value === 'string' && /^\/[^\s:]+$/.test(value)) return value;
  // The value is not repeated: it may be the secret itself, written where its file's path belongs.
  throw new SiteError(`${path}: allowed: the absolute path of a file, such as /etc/alertmanager/secrets/x`);
}

export function oneOf<const T extends string>(allowed: readonly T[]): Check<T> {
  return (value, path) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw refused(path, value, `one of ${allowed.join(', ')}`);
    return found;
  };
}

export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw refused(path, value, 'a list');
    return value.map((item, index) => check(item, `${path}[${index}]`));
  };
}

export function nonEmptyListOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value, path) => {
    const list = listOf(check)(value, path);
    if (list.length === 0) throw refused(path, value, 'a list with at least one entry');
    return list;
  };
}

export function refused(path: string, value: unknown, allowed: string): SiteError {
  return new SiteError(`${path === '' ? 'site' : path}: got ${shown(value)}; allowed: ${allowed}`);
}

export function inlineSecret(path: string, fileKey: string | undefined): SiteError {
  if (fileKey === undefined) return new SiteError(`${path}: unknown key, and no secret belongs here; take it out`);
  return new SiteError(
    `${path}: a secret must not stand in the site file; write it to a file and put that file's path in ${fileKey}`,
  );
}

export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function isDuration(value: unknown): value is Duration['duration'] {
  return typeof value === 'string' && /^\d+[smhd]$/.test(value);
}

function fileKeyFor(key: string, allowed: readonly string[]): string | undefined {
  const sameName = `${key}_file`;
  if (allowed.includes(sameName)) return sameName;
  return allowed.find((candidate) => candidate.endsWith('_file') && secretKey.test(candidate));
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

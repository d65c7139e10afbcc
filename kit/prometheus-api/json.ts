import { sampleValue } from './sample-value.ts';

/** The answer has a shape that the HTTP API does not document. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown, where: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'an object', value);
  return value as JsonObject;
}

export function asArray(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(where, 'a list', value);
  return value;
}

export function asString(value: unknown, where: string): string {
  if (typeof value !== 'string') throw wrong(where, 'a string', value);
  return value;
}

export function asNumber(value: unknown, where: string): number {
  if (typeof value !== 'number') throw wrong(where, 'a number', value);
  return value;
}

export function asLabels(value: unknown, where: string): Readonly<Record<string, string>> {
  const labels = asObject(value, where);
  for (const name in labels) asString(labels[name], `${where}.${name}`);
  return labels as Readonly<Record<string, string>>;
}

/** Servers leave empty strings, empty lists and empty maps out, or send null. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

export function optionalLabels(value: unknown, where: string): Readonly<Record<string, string>> {
  return isAbsent(value) ? {} : asLabels(value, where);
}

export function optionalText(value: unknown, where: string): string | undefined {
  if (isAbsent(value)) return undefined;
  const text = asString(value, where);
  return text === '' ? undefined : text;
}

/** A sample value as Prometheus prints it. */
export function parseValue(value: unknown, where: string): number {
  const found = sampleValue(asString(value, where));
  if (found === undefined) throw wrong(where, 'a sample value', value);
  return found;
}

/** RFC 3339 to Unix seconds; Go's zero time means "never". */
export function parseTime(value: unknown, where: string): number | undefined {
  const text = optionalText(value, where);
  if (text === undefined || text.startsWith('0001-01-01')) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw wrong(where, 'a time', value);
  return ms / 1000;
}

function wrong(where: string, expected: string, value: unknown): ShapeError {
  const shown = JSON.stringify(value) ?? 'nothing';
  return new ShapeError(`${where} must be ${expected}, got ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`);
}

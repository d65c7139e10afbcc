import { cleanText } from './clean-text.ts';

export type JsonFields = Readonly<Record<string, unknown>>;

/** The fields of an object; none for anything else. Answers of other systems are read tolerantly: what is not there says nothing. */
export function fieldsIn(value: unknown): JsonFields {
  return isFields(value) ? value : {};
}

export function isFields(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list; one value that is no list is a list of one, nothing is an empty one. */
export function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** The text at the end of a path of keys. */
export function textIn(value: unknown, ...path: readonly string[]): string | undefined {
  let at = value;
  for (const key of path) at = ownField(at, key);
  return cleanText(at);
}

export function ownField(value: unknown, key: string): unknown {
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

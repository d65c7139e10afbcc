export type Json = Readonly<Record<string, unknown>>;

/** The readers of answers throw what people can tell whoever runs the service. */
export function recordOf(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new Error(`${what} is not an object`);
}

export function listOf<T>(value: unknown, what: string, read: (entry: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw new Error(`${what} is not a list`);
  return value.map(read);
}

/** Empty where there is none. */
export function listIn<T>(from: Json, key: string, read: (entry: unknown) => T): readonly T[] {
  return from[key] === undefined || from[key] === null ? [] : listOf(from[key], key, read);
}

export function textIn(from: Json, key: string): string {
  const value = from[key];
  if (typeof value === 'string') return value;
  throw new Error(`${key} is no text`);
}

export function numberIn(from: Json, key: string): number {
  const value = from[key];
  if (typeof value === 'number') return value;
  throw new Error(`${key} is no number`);
}

export function maybeText(from: Json, key: string): string | undefined {
  const value = from[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function maybeNumber(from: Json, key: string): number | undefined {
  const value = from[key];
  return typeof value === 'number' ? value : undefined;
}

/** Texts by name; what is no text is left out. */
export function textsIn(from: Json, key: string): Readonly<Record<string, string>> {
  const value = from[key];
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function textsOf(from: Json, key: string): readonly string[] {
  const value = from[key];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

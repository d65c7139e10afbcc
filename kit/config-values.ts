import { ConfigError } from './errors.ts';
import { nearest } from './options/nearest.ts';
import { cut, preview } from './options/preview.ts';

/** The value of a key, and where it stands, for errors: `mapping.yaml: tags[2].as`. */
export interface Place {
  readonly value: unknown;
  readonly where: string;
}

const maxCharacters = 500;

export function invalid({ value, where }: Place, allowed: string, hint = ''): ConfigError {
  return new ConfigError(`${where} must be ${allowed}, got ${preview(value)}${hint}`);
}

export function didYouMean(word: string, candidates: readonly string[]): string {
  const guess = nearest(word, candidates);
  return guess === undefined ? '' : `; did you mean ${guess}?`;
}

/** The keys of a map, each of which must be known. `separator` stands between the map and its keys where they are named. */
export function fieldsOf(place: Place, known: readonly string[], separator = '.'): (key: string) => Place {
  const entries = new Map(entriesOf(place, Number.POSITIVE_INFINITY));
  for (const key of entries.keys()) {
    if (known.includes(key)) continue;
    const hint = didYouMean(key, known);
    throw new ConfigError(`${place.where} has the unknown key ${cut(key)}; it may have ${known.join(', ')}${hint}`);
  }
  return (key) => ({ value: entries.get(key), where: `${place.where}${separator}${key}` });
}

export function entriesOf(place: Place, max: number): readonly (readonly [string, unknown])[] {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(place, 'keys and values');
  const entries = Object.entries(value);
  if (entries.length > max) throw invalid(place, `at most ${max} keys`, ` with ${entries.length} of them`);
  return entries;
}

/** Empty for a list that is not there. */
export function listOf({ value, where }: Place, max: number): readonly Place[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid({ value, where }, 'a list');
  if (value.length > max) throw new ConfigError(`${where} has ${value.length} entries; at most ${max} are allowed`);
  return value.map((item: unknown, index) => ({ value: item, where: `${where}[${index}]` }));
}

export function textOf(place: Place): string {
  const { value } = place;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= maxCharacters) return value;
  throw invalid(place, `a text of 1 to ${maxCharacters} characters`);
}

export function oneOf<T extends string>(place: Place, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === place.value);
  if (found !== undefined) return found;
  const hint = typeof place.value === 'string' ? didYouMean(place.value, allowed) : '';
  throw invalid(place, `one of ${allowed.join(', ')}`, hint);
}

export function booleanOf(place: Place): boolean {
  if (typeof place.value === 'boolean') return place.value;
  const hint = typeof place.value === 'string' ? didYouMean(place.value, ['true', 'false']) : '';
  throw invalid(place, 'true or false', hint);
}

export function wholeOf(place: Place, { min, max }: { readonly min: number; readonly max: number }): number {
  const { value } = place;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(place, `a whole number from ${min} to ${max}`);
}

export function positiveOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw invalid(place, 'a number above 0');
}

export function optional<T>(place: Place, read: (place: Place) => T): T | undefined {
  return place.value === undefined || place.value === null ? undefined : read(place);
}

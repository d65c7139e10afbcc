import { cut } from '../../../../kit/options/preview.ts';
import { pushLimits } from './protocol.ts';
import { mustBe, PushError } from './push-error.ts';

/** Characters that would break a line, steer a terminal, or are no characters at all. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

export type Fields = Readonly<Record<string, unknown>>;

/** An object that has no other keys than these. `path` is empty for the message itself. */
export function readFields(value: unknown, path: string, keys: readonly string[]): Fields {
  const fields = readObject(value, path === '' ? 'the message' : path);
  for (const key of Object.keys(fields)) {
    if (!keys.includes(key)) throw new PushError(`${at(path, key)} is no field; allowed are ${keys.join(', ')}`);
  }
  return fields;
}

export function readObject(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw mustBe(path, 'an object', value);
}

export function readList(value: unknown, path: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw mustBe(path, 'a list', value);
  if (value.length > most) throw new PushError(`${path} must have at most ${most} items, got ${value.length}`);
  return value;
}

/** A text for a label. */
export function readName(value: unknown, path: string, most: number = pushLimits.nameCharacters): string {
  if (isName(value, most)) return value;
  throw mustBe(path, `a text of 1 to ${most} characters without control characters`, value);
}

export function isName(value: unknown, most: number = pushLimits.nameCharacters): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= most && !unprintable.test(value);
}

export function readNumber(value: unknown, path: string, least: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw mustBe(path, least === -Infinity ? 'a finite number' : `a finite number from ${least}`, value);
}

export function readWhole(value: unknown, path: string): number {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw mustBe(path, 'a whole number from 0', value);
}

export function readFlag(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw mustBe(path, 'true or false', value);
}

export function readWord<W extends string>(value: unknown, path: string, words: readonly W[]): W {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw mustBe(path, `one of ${words.join(', ')}`, value);
}

/** Undefined for what is left out or null. */
export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

/** The path of a key, quoted where it is no plain word. */
export function at(path: string, key: string): string {
  const plain = /^\w{1,64}$/.test(key) ? key : JSON.stringify(cut(key));
  if (path === '') return plain;
  return plain === key ? `${path}.${key}` : `${path}[${plain}]`;
}

import { preview } from '../../../../kit/options/preview.ts';

/** Something in a file is not what it must be; the message names the place. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown, place: string): JsonObject {
  if (!isObject(value)) throw wrong(place, 'an object', value);
  return value;
}

export function asArray(value: unknown, place: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(place, 'a list', value);
  if (value.length > most) throw new ShapeError(`${place} has ${value.length} items; it may have at most ${most}`);
  return value;
}

export function asText(value: unknown, place: string, most: number): string {
  if (typeof value !== 'string' || value.length > most)
    throw wrong(place, `a text of at most ${most} characters`, value);
  return value;
}

export function asInteger(value: unknown, place: string, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw wrong(place, `an integer from 0 to ${most}`, value);
}

export function asBoolean(value: unknown, place: string): boolean {
  if (typeof value !== 'boolean') throw wrong(place, 'true or false', value);
  return value;
}

export function wrong(place: string, expected: string, value: unknown): ShapeError {
  return new ShapeError(`${place} must be ${expected}, got ${preview(value)}`);
}

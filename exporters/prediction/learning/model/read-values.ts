import { invalid, type Place, wholeOf } from '../../../../kit/config-values.ts';
import { SourceError } from '../../../../kit/errors.ts';

/** A finite number from `min` to `max`. */
export function numberOf(place: Place, min = -Number.MAX_VALUE, max = Number.MAX_VALUE): number {
  const { value } = place;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw invalid(place, min === -Number.MAX_VALUE ? 'a finite number' : `a number from ${min} to ${max}`);
}

/** A list as long as it has to be. */
export function listOfLength({ value, where }: Place, length: number): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid({ value, where }, 'a list');
  if (value.length !== length) throw new SourceError(`${where} has ${value.length} entries; it must have ${length}`);
  return value;
}

export function numbersOf(place: Place, length: number, min = -Number.MAX_VALUE, max = Number.MAX_VALUE): Float64Array {
  const list = listOfLength(place, length);
  return Float64Array.from(list, (value, at) => numberOf({ value, where: `${place.where}[${at}]` }, min, max));
}

/** Whole numbers from `min` to `max`. */
export function indicesOf(place: Place, length: number, min: number, max: number): Int32Array {
  const list = listOfLength(place, length);
  return Int32Array.from(list, (value, at) => wholeOf({ value, where: `${place.where}[${at}]` }, { min, max }));
}

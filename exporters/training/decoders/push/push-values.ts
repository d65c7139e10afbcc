import { pushLimits } from './protocol.ts';
import { mustBe, PushError } from './push-error.ts';
import { at, isName, readObject } from './read-json.ts';

const words: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** Values by name, without those that are null. Throws PushError. */
export function readValues(value: unknown, path: string): readonly (readonly [name: string, value: number])[] {
  const entries = Object.entries(readObject(value, path));
  if (entries.length > pushLimits.values) {
    throw new PushError(`${path} must have at most ${pushLimits.values} values, got ${entries.length}`);
  }
  return entries.flatMap(([name, given]) => {
    if (!isName(name)) {
      const allowed = `names of 1 to ${pushLimits.nameCharacters} characters without control characters`;
      throw mustBe(path, allowed, name);
    }
    return given === null ? [] : [[name, readValue(given, at(path, name))] as const];
  });
}

function readValue(value: unknown, path: string): number {
  const number = typeof value === 'number' ? value : words.get(value);
  if (number !== undefined) return number;
  throw mustBe(path, 'a number, "NaN", "Infinity", "-Infinity" or null', value);
}

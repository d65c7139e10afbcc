import picomatch from 'picomatch';
import { invalid, listOf, optional, type Place, textOf } from '../../../kit/config-values.ts';

const maxPatterns = 100;

/** Readers for keys of a source that are more than a text or a number. All throw ConfigError with the place. */

/** One text or a list of them. */
export function textsOf(place: Place, max: number): readonly string[] {
  const texts = typeof place.value === 'string' ? [textOf(place)] : listOf(place, max).map(textOf);
  if (texts.length === 0) throw invalid(place, 'a text or a list of texts');
  return texts;
}

/** Tests names against patterns such as leaf*, without regard to case. */
export function patternsOf(place: Place): (name: string) => boolean {
  const patterns = optional(place, (given) => textsOf(given, maxPatterns)) ?? [];
  return matcherOf(patterns);
}

export function matcherOf(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matches = picomatch([...patterns], { nocase: true, dot: true, noextglob: true, nonegate: true });
  return (name) => matches(name);
}

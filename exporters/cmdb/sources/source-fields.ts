import picomatch from 'picomatch';
import { invalid, listOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError, errnoOf, reasonOf, SourceError } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import type { ReadDeps } from './source-type.ts';

const maxPatterns = 100;
const longestSecret = 4096;

/** Readers for keys of a source that are more than a text or a number. All throw ConfigError with the place. */

/** Seconds. */
export function durationOf(place: Place): number {
  const seconds = typeof place.value === 'string' ? parseDuration(place.value) : undefined;
  if (seconds === undefined || seconds <= 0) throw invalid(place, 'a duration such as 30s, 15m or 1d');
  return seconds;
}

/** Address of a server. Passwords in it would show up in logs and errors, so they are refused. */
export function serverUrlOf(place: Place): URL {
  const text = textOf(place);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== ''))
    throw new ConfigError(`${place.where} must not hold a user name or password; give them by files`);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw invalid(place, 'an http or https address such as https://netbox.example.com');
  url.hash = '';
  return url;
}

/** Path of a file with a secret, which is there. */
export function secretFileOf(place: Place, { readFile }: ReadDeps): string {
  const path = textOf(place);
  try {
    readSecret(path, readFile);
  } catch (error) {
    throw new ConfigError(`${place.where}: ${reasonOf(error)}`);
  }
  return path;
}

/** The secret in a file, read anew each time so that it can be replaced. Throws SourceError. */
export function readSecret(path: string, readFile: ReadDeps['readFile']): string {
  let text: string;
  try {
    text = readFile(path).trim();
  } catch (error) {
    throw new SourceError(`the file ${path} cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
  }
  if (text === '') throw new SourceError(`the file ${path} is empty`);
  if (text.length > longestSecret || /[^\x20-\x7e]/.test(text))
    throw new SourceError(`the file ${path} must hold one line of plain text`);
  return text;
}

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

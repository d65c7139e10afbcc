import { invalid, type Place, textOf } from './config-values.ts';
import { ConfigError, errnoOf, reasonOf, SourceError } from './errors.ts';
import { parseDuration } from './options/duration.ts';

/** Readers for what a configuration says of a server that is asked: address, secret, time. All throw ConfigError with the place. */

interface FileReader {
  /** May throw. */
  readonly readFile: (path: string) => string;
}

const longestSecret = 4096;

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
export function secretFileOf(place: Place, { readFile }: FileReader): string {
  const path = textOf(place);
  try {
    readSecret(path, readFile);
  } catch (error) {
    throw new ConfigError(`${place.where}: ${reasonOf(error)}`);
  }
  return path;
}

/** The secret in a file, read anew each time so that it can be replaced. Throws SourceError. */
export function readSecret(path: string, readFile: FileReader['readFile']): string {
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

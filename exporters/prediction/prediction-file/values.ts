import { invalid, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError, errnoOf, reasonOf } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';

/** Reads a file as text; throws as node:fs does. */
export type ReadFile = (path: string) => string;

/** Milliseconds; `least` and `most` are durations, too. */
export function durationOf(place: Place, least: string, most: string): number {
  const [from = 0, until = 0] = [parseDuration(least), parseDuration(most)];
  const seconds = typeof place.value === 'string' ? parseDuration(place.value) : undefined;
  if (seconds !== undefined && seconds >= from && seconds <= until) return Math.round(seconds * 1000);
  throw invalid(place, `a duration from ${least} to ${most}`);
}

/** Up to, and without, /api/v1. Passwords in it would show up in logs and errors, so they are refused. */
export function serverUrlOf(place: Place): string {
  const text = textOf(place);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw invalid(place, 'an http or https address such as http://prometheus:9090');
  if (url.username === '' && url.password === '') return text;
  throw new ConfigError(
    `${place.where} must not hold a user name or password; give them by username and password_file`,
  );
}

/** Path of a file that is there and not empty. */
export function secretFileOf(place: Place, readFile: ReadFile): string {
  const path = textOf(place);
  if (readAt(place, path, readFile).trim() !== '') return path;
  throw new ConfigError(`${place.where}: the file ${path} is empty; write the secret into it`);
}

/** Path of a file that can be read now. */
export function fileOf(place: Place, readFile: ReadFile): string {
  const path = textOf(place);
  readAt(place, path, readFile);
  return path;
}

function readAt({ where }: Place, path: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new ConfigError(
      `${where}: the file ${path} cannot be read (${errnoOf(error) ?? reasonOf(error)}); name one that this user may read`,
    );
  }
}

export function labelNameOf(place: Place): string {
  const name = textOf(place);
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return name;
  throw invalid(place, 'the name of a label such as cluster');
}

const matcher = /^[a-zA-Z_]\w*\s*(?:=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"$/;

/** One matcher as it stands between braces, such as `cluster="a"`. */
export function matcherOf(place: Place): string {
  const text = textOf(place).trim();
  if (matcher.test(text)) return text;
  throw invalid(place, 'a matcher such as cluster="a"');
}

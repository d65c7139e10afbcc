import { readFileSync } from 'node:fs';
import { invalid, type Place, textOf } from '../../../../kit/config-values.ts';
import { ConfigError, errnoOf, reasonOf } from '../../../../kit/errors.ts';
import { parseDuration } from '../../../../kit/options/duration.ts';

/** Reads a file as text; throws as node:fs does. */
export type ReadFile = (path: string) => string;

export const readFileNow: ReadFile = (path) => readFileSync(path, 'utf8');

/** Milliseconds of a duration such as 30s, from `minSeconds` to `maxSeconds`. */
export function durationMsOf(place: Place, minSeconds: number, maxSeconds: number): number {
  const seconds = typeof place.value === 'string' ? parseDuration(place.value) : undefined;
  if (seconds !== undefined && seconds >= minSeconds && seconds <= maxSeconds) return Math.round(seconds * 1000);
  throw invalid(place, `a duration from ${minSeconds}s to ${maxSeconds}s such as 30s, 15m or 1d`);
}

/** Address of a server. Passwords in it would show up in logs and errors, so they are refused. */
export function serverUrlOf(place: Place): string {
  const text = textOf(place);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== ''))
    throw new ConfigError(
      `${place.where} must not hold a user name or password; give them by username and password_file`,
    );
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw invalid(place, 'an http or https address such as http://prometheus:9090');
  return text;
}

/** Path of a file that is there and not empty. */
export function secretFileOf(place: Place, readFile: ReadFile): string {
  const path = textOf(place);
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw new ConfigError(`${place.where}: the file ${path} cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
  }
  if (text.trim() === '') throw new ConfigError(`${place.where}: the file ${path} is empty`);
  return path;
}

export function labelNameOf(place: Place): string {
  const name = textOf(place);
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return name;
  throw invalid(place, 'the name of a label such as cluster');
}

/** Matchers as they stand between braces. */
export function matchersOf(place: Place): string {
  const text = textOf(place).trim();
  if (isMatchers(text)) return text;
  throw invalid(place, 'matchers without braces such as cluster="a"');
}

const matcher = String.raw`[a-zA-Z_]\w*\s*(?:=~|!~|!=|=)\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`;
const matcherList = new RegExp(String.raw`^${matcher}(?:\s*,\s*${matcher})*\s*,?$`);
const wholeSelector = new RegExp(
  String.raw`^([a-zA-Z_:][\w:]*)?\s*(?:\{\s*(${matcher}(?:\s*,\s*${matcher})*)?\s*,?\s*\})?$`,
);

function isMatchers(text: string): boolean {
  return matcherList.test(text);
}

/** A selector of series, in its two parts. */
export interface Selector {
  /** Empty if only matchers select. */
  readonly name: string;
  /** As between braces; empty if there are none. */
  readonly matchers: string;
}

/** Undefined for what is no plain selector: functions, ranges, offsets. */
export function parseSelector(text: string): Selector | undefined {
  const parts = wholeSelector.exec(text.trim());
  if (parts === null) return undefined;
  const [, name = '', matchers = ''] = parts;
  return name === '' && matchers === '' ? undefined : { name, matchers };
}

export function selectorOf(place: Place): string {
  const text = textOf(place).trim();
  if (parseSelector(text) !== undefined) return text;
  throw invalid(
    place,
    'a selector of series such as app_seats{region="eu"}',
    '; raw samples are read, so it has no functions, ranges or offsets',
  );
}

/** The selector with more matchers. */
export function narrowed(selector: string, more: readonly string[]): string {
  const parsed = parseSelector(selector);
  if (parsed === undefined) throw new RangeError(`${selector} is no selector`);
  const matchers = [parsed.matchers, ...more].filter((each) => each !== '').join(', ');
  return matchers === '' ? parsed.name : `${parsed.name}{${matchers}}`;
}

/** name="value" with whatever the value holds. */
export function equals(name: string, value: string): string {
  return `${name}=${JSON.stringify(value)}`;
}

/** name=~"a|b", anchored by PromQL itself; the values are taken as they are. */
export function oneOfValues(name: string, values: readonly string[]): string {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return equals(name, only);
  return `${name}=~${JSON.stringify(values.map(escaped).join('|'))}`;
}

function escaped(value: string): string {
  return value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

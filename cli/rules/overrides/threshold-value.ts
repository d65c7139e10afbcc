import { didYouMean, type Place } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import { preview } from '../../../kit/options/preview.ts';
import { type ThresholdName, type ThresholdSpec, thresholds } from '../../../rules/thresholds.ts';

const tenYears = 10 * 365 * 86_400;

/** What a threshold may be. */
export interface Range {
  readonly min: number;
  readonly max: number;
  /** The same in words, behind "must be". */
  readonly words: string;
}

/** Celsius of a reading; no chip works outside of it. */
const temperatures: Range = { min: 10, max: 125, words: 'a temperature from 10 to 125 °C' };
const distances: Range = { min: 0, max: 60, words: 'a distance from 0 to 60 °C' };
const durations: Range = {
  min: 0,
  max: tenYears,
  words: 'seconds above 0, or a duration such as 30s, 10m or 2h',
};

/** By the unit, which is the last word of the name; a ratio above 1 by default is a multiple of something. */
export function rangeOf(name: string, { unit, value, max }: ThresholdSpec): Range {
  if (name.endsWith('Celsius')) return /Margin/.test(name) ? distances : temperatures;
  if (name.endsWith('Seconds')) return durations;
  const most = max ?? (unit === 'ratio' && value < 1 ? 1 : Number.POSITIVE_INFINITY);
  const what = unit === 'ratio' ? (most === 1 ? 'a share' : 'a ratio') : `a number of ${unit}`;
  return most === Number.POSITIVE_INFINITY
    ? { min: 0, max: most, words: `${what}, 0 or more` }
    : { min: 0, max: most, words: `${what} from 0 to ${most}` };
}

/** The value that a site gives a threshold. Throws ConfigError with what is allowed, and what was meant where that can be told. */
export function thresholdValue(name: ThresholdName, { value, where }: Place): number {
  const spec = thresholds[name];
  const range = rangeOf(name, spec);
  const number = name.endsWith('Seconds') && typeof value === 'string' ? parseDuration(value) : value;
  if (isNumber(number) && isWithin(number, range, name)) return number;
  throw new ConfigError(
    `${where} must be ${range.words} (default ${spec.value}), got ${preview(value)}${meant(value, range, name)}`,
  );
}

export function thresholdNamed(key: string, where: string): ThresholdName {
  if (Object.hasOwn(thresholds, key)) return key as ThresholdName;
  const hint = didYouMean(key, Object.keys(thresholds)) || '; fleetlens rules list --thresholds lists them';
  throw new ConfigError(`${where}: there is no threshold ${preview(key)}${hint}`);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWithin(value: number, { min, max }: Range, name: string): boolean {
  return value >= min && value <= max && !(name.endsWith('Seconds') && value === 0);
}

/** A percentage for a share, Fahrenheit for Celsius, milliseconds or a text for a number. */
function meant(value: unknown, range: Range, name: string): string {
  const percent = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value)?.[1] : undefined;
  if (percent !== undefined && range.max <= 10) return didMean(Number(percent) / 100);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (!isNumber(number)) return '';
  if (isWithin(number, range, name)) return `; did you mean ${number}, without quotes?`;
  if (range.max <= 10 && number > 1 && number <= 100) return didMean(number / 100);
  const celsius = Math.round((number - 32) / 1.8);
  return range === temperatures && number <= 257 && celsius >= 10 ? `; did you mean ${celsius}, in Celsius?` : '';
}

function didMean(value: number): string {
  return `; did you mean ${Number(value.toPrecision(6))}?`;
}

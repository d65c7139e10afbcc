import { invalid, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { exact } from '../exact.ts';
import { instantOf, isTimeZone, startOfDay } from '../local-time.ts';
import type { ExactQuantity } from '../usage.ts';
import { isCurrency } from './currency.ts';
import { type Decimal, decimal } from './decimal.ts';
import type { DecimalText } from './rated.ts';

/** From when until when something holds, [fromMs, untilMs); infinite where the file does not say. */
export interface Validity {
  readonly fromMs: number;
  readonly untilMs: number;
}

export const always: Validity = Object.freeze({
  fromMs: Number.NEGATIVE_INFINITY,
  untilMs: Number.POSITIVE_INFINITY,
});

/** YAML has made a binary number of more digits than these; what was typed is not known any more. */
const safeDigits = 15;

/** A decimal number between two bounds, each allowed. A text is taken as it stands; a number of YAML if it has 15 digits or less. */
export function amountOf(place: Place, least: DecimalText, most: DecimalText): Decimal {
  const value = decimal(digitsOfValue(place));
  if (value.gte(least) && value.lte(most)) return value;
  throw invalid(place, `from ${least} to ${most}`);
}

function digitsOfValue(place: Place): DecimalText {
  const { value } = place;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > 40 || !/^-?\d+(\.\d+)?$/.test(text))
    throw invalid(place, 'a decimal number such as 2.50, without exponent, separators or currency');
  if (typeof value === 'number' && text.replaceAll(/[-.]|^0\.0*/g, '').length > safeDigits)
    throw invalid(place, `a number of at most ${safeDigits} digits`, '; put it in quotes to keep all of them');
  return text;
}

const maxPrice = '1000000000';
const maxMoney = '1000000000000000';

export function priceOf(place: Place): Decimal {
  return amountOf(place, '0', maxPrice);
}

export function moneyOf(place: Place): Decimal {
  return amountOf(place, '0', maxMoney);
}

export function percentOf(place: Place): Decimal {
  return amountOf(place, '0', '100');
}

/** Of units, above 0. */
export function quantityOf(place: Place): Decimal {
  const value = amountOf(place, '0', maxMoney);
  if (value.isZero()) throw invalid(place, 'above 0');
  return value;
}

/** A part of a whole: 1/3, 0.25, 25%. Above 0 and at most 1. */
export function shareOf(place: Place): ExactQuantity {
  const text = typeof place.value === 'number' ? digitsOfValue(place) : place.value;
  const share = typeof text === 'string' ? shareOfText(text.trim()) : undefined;
  if (share !== undefined && share.num > 0n && share.num <= share.den) return share;
  throw invalid(place, 'a share above 0 and at most 1, such as 1/3, 0.25 or 25%');
}

function shareOfText(text: string): ExactQuantity | undefined {
  const [, num, den] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (num !== undefined && den !== undefined) return BigInt(den) === 0n ? undefined : exact(BigInt(num), BigInt(den));
  const [, whole, digits = '', percent] = /^(\d{1,3})(?:\.(\d{1,9}))?(%)?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return exact(BigInt(whole + digits), 10n ** BigInt(digits.length) * (percent === undefined ? 1n : 100n));
}

export function zoneOf(place: Place): string {
  const zone = textOf(place);
  if (isTimeZone(zone)) return zone;
  throw invalid(place, 'an IANA time zone such as Europe/Berlin or UTC');
}

export function currencyOf(place: Place): string {
  const code = textOf(place);
  if (isCurrency(code)) return code;
  throw invalid(place, 'a currency of ISO 4217 such as EUR');
}

/** `from` and `to`. A date means midnight at its beginning in the zone. */
export function validityOf(field: (key: string) => Place, zone: string): Validity {
  const fromMs = optional(field('from'), (place) => momentOf(place, zone)) ?? always.fromMs;
  const untilMs = optional(field('to'), (place) => momentOf(place, zone)) ?? always.untilMs;
  if (untilMs <= fromMs)
    throw new ConfigError(`${field('to').where} must be after ${field('from').where}; the end is not part of it`);
  return { fromMs, untilMs };
}

/** Milliseconds of 2026-03-01, 2026-03-01T12:00 (both in the zone), 2026-03-01T12:00:00Z or 2026-03-01T12:00:00+01:00. */
export function momentOf(place: Place, zone: string): number {
  const allowed = 'a date such as 2026-03-01 or a time such as 2026-03-01T12:00:00Z';
  const text = typeof place.value === 'string' ? place.value : '';
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (match === null) throw invalid(place, allowed);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((each) => Number(each ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    throw invalid(place, allowed, '; the calendar does not have it');
  if (match[4] === undefined) return startOfDay({ year, month, day }, zone);
  if (match[7] === undefined) return instantOf({ year, month, day, hour, minute, second }, zone);
  return Date.parse(match[6] === undefined ? text.replace(/^(.{16})/, '$1:00') : text);
}

export function overlaps(left: Validity, right: Validity): boolean {
  return left.fromMs < right.untilMs && right.fromMs < left.untilMs;
}

export function holdsAt({ fromMs, untilMs }: Validity, atMs: number): boolean {
  return fromMs <= atMs && atMs < untilMs;
}

/** For people: from 2026-01-01T00:00:00.000Z to the end of time. */
export function validityText({ fromMs, untilMs }: Validity): string {
  return `${Number.isFinite(fromMs) ? `from ${instantText(fromMs)}` : 'from the beginning'} ${
    Number.isFinite(untilMs) ? `to ${instantText(untilMs)}` : 'on'
  }`;
}

export function instantText(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}

import type { Bill } from '../bills/bill.ts';
import { localDate, wallTime } from '../local-time.ts';
import { digitsOf } from '../pricing/currency.ts';
import { Decimal, decimal } from '../pricing/decimal.ts';
import type { DecimalText } from '../pricing/rated.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const hourMs = 3_600_000;
const shownDecimals = 6;

/** 1,234,567.89; nothing is rounded. */
export function grouped(text: DecimalText): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(text) ?? [];
  return `${sign === '' ? '' : '−'}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
}

/** For reading: at most 6 digits after the point, and at least so many, so that points stand below each other. Empty stays empty. */
export function shownQuantity(text: DecimalText, decimals = 0): string {
  if (text === '') return '';
  return grouped(padded(rounded(text), decimals));
}

/** Digits after the point that the longest of them is shown with. */
export function decimalsOf(texts: readonly DecimalText[]): number {
  return Math.max(0, ...texts.filter((text) => text !== '').map((text) => rounded(text).split('.')[1]?.length ?? 0));
}

/** Of a unit, with all its digits, and at least those of the currency: 2.80, 0.00005. */
export function shownPrice(text: DecimalText, currency: string): string {
  return grouped(padded(text, digitsOf(currency)));
}

function rounded(text: DecimalText): string {
  return decimal(text).toDecimalPlaces(shownDecimals, Decimal.ROUND_HALF_EVEN).toFixed();
}

function padded(text: DecimalText, decimals: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  return decimals === 0 ? text : `${whole}.${fraction.padEnd(decimals, '0')}`;
}

/** 1 March 2026 */
export function dayText(atMs: number, timeZone: string): string {
  const { year, month, day } = localDate(atMs, timeZone);
  return `${day} ${months[month - 1]} ${year}`;
}

/** 2026-03-01 00:00 +01:00 */
export function momentText(atMs: number, timeZone: string): string {
  const wall = wallTime(atMs, timeZone);
  const offset = Math.round((wall - atMs) / 60_000);
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const zone = `${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
  return `${new Date(wall).toISOString().slice(0, 16).replace('T', ' ')} ${zone}`;
}

/** First and last day, in words. */
export function periodText({ period, timeZone }: Pick<Bill, 'period' | 'timeZone'>): string {
  return `${dayText(period.startMs, timeZone)} to ${dayText(period.endMs - 1, timeZone)}`;
}

/** 743 h, 1 h 30 min, 45 s */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${grouped(String(count))} ${unit}`);
  return shown.length === 0 ? '0 s' : shown.slice(0, 2).join(' ');
}

/** GPU hours, exact to two digits after the point. */
export function hoursText(ms: number): string {
  return grouped(
    decimal(BigInt(Math.round(ms)))
      .div(hourMs)
      .toDecimalPlaces(2, Decimal.ROUND_HALF_EVEN)
      .toFixed(),
  );
}

/** Cut, so that only all is 100 %. */
export function percentText(ratio: number): string {
  return `${(Math.floor(ratio * 10_000 + 1e-9) / 100).toFixed(ratio === 1 ? 0 : 2)} %`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

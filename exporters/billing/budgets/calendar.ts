import type { Span } from '../span.ts';

/** A day by its name in a time zone, such as 2026-03-29, and how long it lasts there: 23, 24 or 25 hours. */
export interface CalendarDay {
  readonly day: string;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly span: Span;
}

export const periodNames = ['month', 'quarter', 'year'] as const;
export type PeriodName = (typeof periodNames)[number];

export interface CalendarPeriod {
  /** 2026-03, 2026-Q1 or 2026. */
  readonly name: string;
  /** By name, in order. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly span: Span;
}

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const monthsIn = { month: 1, quarter: 3, year: 12 } as const satisfies Readonly<Record<PeriodName, number>>;

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The days that a span touches, with their parts in it. */
export function daysOf({ startMs, endMs }: Span, timeZone: string): readonly CalendarDay[] {
  const days: CalendarDay[] = [];
  for (let from = startMs; from < endMs; ) {
    const { year, month, day } = localDate(from, timeZone);
    const until = Math.min(endMs, midnightMs({ year, month, day: day + 1 }, timeZone));
    days.push({
      day: nameOf({ year, month, day }),
      weekday: weekdayOf({ year, month, day }),
      span: { startMs: from, endMs: until },
    });
    from = until;
  }
  return days;
}

export function dayAt(atMs: number, timeZone: string): string {
  return nameOf(localDate(atMs, timeZone));
}

/** The weekday of a day by its name; 0 is Sunday. */
export function weekdayNamed(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** The calendar month, quarter or year that holds the moment. */
export function periodAt(atMs: number, period: PeriodName, timeZone: string): CalendarPeriod {
  const { year, month } = localDate(atMs, timeZone);
  const months = monthsIn[period];
  const first = { year, month: month - (month % months), day: 1 };
  const next = { ...first, month: first.month + months };
  return {
    name: periodLabel(first, period),
    firstDay: nameOf(first),
    lastDay: nameOf({ ...next, day: 0 }),
    span: { startMs: midnightMs(first, timeZone), endMs: midnightMs(next, timeZone) },
  };
}

/** Months count from 0, and days out of range carry over. */
interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function periodLabel({ year, month }: LocalDate, period: PeriodName): string {
  if (period === 'year') return String(year);
  return period === 'quarter' ? `${year}-Q${month / 3 + 1}` : `${year}-${String(month + 1).padStart(2, '0')}`;
}

function nameOf({ year, month, day }: LocalDate): string {
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
}

function weekdayOf({ year, month, day }: LocalDate): number {
  return new Date(Date.UTC(year, month, day)).getUTCDay();
}

/** The first moment of a local day. Where clocks are put forward at midnight it is the moment at which they are. */
function midnightMs({ year, month, day }: LocalDate, timeZone: string): number {
  const asUtc = Date.UTC(year, month, day);
  const name = nameOf({ year, month, day });
  const candidates = [asUtc - dayMs, asUtc + dayMs]
    .map((near) => asUtc - offsetMs(near, timeZone))
    .sort((a, b) => a - b);
  return candidates.find((ms) => nameOf(localDate(ms, timeZone)) >= name) ?? asUtc;
}

function offsetMs(atMs: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = localParts(atMs, timeZone);
  return Date.UTC(year, month, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

function localDate(atMs: number, timeZone: string): LocalDate {
  return localParts(atMs, timeZone);
}

function localParts(atMs: number, timeZone: string) {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return {
    year: part('year'),
    month: part('month') - 1,
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const found = formats.get(timeZone);
  if (found !== undefined) return found;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

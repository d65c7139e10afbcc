import { dateText, type LocalDate, localDate, startOfDay } from '../local-time.ts';
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

const monthsIn = { month: 1, quarter: 3, year: 12 } as const satisfies Readonly<Record<PeriodName, number>>;

/** The days that a span touches, with their parts in it. */
export function daysOf({ startMs, endMs }: Span, timeZone: string): readonly CalendarDay[] {
  const days: CalendarDay[] = [];
  for (let from = startMs; from < endMs; ) {
    const date = localDate(from, timeZone);
    const until = Math.min(endMs, startOfDay({ ...date, day: date.day + 1 }, timeZone));
    const day = dateText(date);
    days.push({ day, weekday: weekdayNamed(day), span: { startMs: from, endMs: until } });
    from = until;
  }
  return days;
}

export function dayAt(atMs: number, timeZone: string): string {
  return dateText(localDate(atMs, timeZone));
}

/** The weekday of a day by its name; 0 is Sunday. */
export function weekdayNamed(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** The calendar month, quarter or year that holds the moment. */
export function periodAt(atMs: number, period: PeriodName, timeZone: string): CalendarPeriod {
  const { year, month } = localDate(atMs, timeZone);
  const months = monthsIn[period];
  const first = { year, month: month - ((month - 1) % months), day: 1 };
  const next = { ...first, month: first.month + months };
  return {
    name: periodLabel(first, period),
    firstDay: dateText(first),
    lastDay: dateText({ ...next, day: 0 }),
    span: { startMs: startOfDay(first, timeZone), endMs: startOfDay(next, timeZone) },
  };
}

function periodLabel({ year, month }: LocalDate, period: PeriodName): string {
  if (period === 'year') return String(year);
  return period === 'quarter' ? `${year}-Q${(month - 1) / 3 + 1}` : `${year}-${String(month).padStart(2, '0')}`;
}

import { ConfigError } from '../../../kit/errors.ts';
import { dateText, isTimeZone, type LocalDate, localDate, startOfDay } from '../local-time.ts';
import type { Span } from '../span.ts';

/** A month for which a tenant is billed, in their zone. Periods with the same zone and anchor meet, and do not overlap. */
export interface Period {
  /** The year and month in which it begins: 2026-03. */
  readonly name: string;
  readonly span: Span;
  readonly timeZone: string;
  /** Day of the month on which it begins, or the last day of months that have no such day. */
  readonly anchorDay: number;
}

export interface Day {
  /** 2026-03-29 */
  readonly date: string;
  readonly span: Span;
}

const firstYear = 2000;
const lastYear = 2199;

/** Throws ConfigError for a name, zone or anchor that is none. */
export function periodNamed(name: string, timeZone: string, anchorDay = 1): Period {
  check(timeZone, anchorDay);
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(name) ?? [];
  const isInReach = Number(year) >= firstYear && Number(year) <= lastYear;
  if (year === undefined || month === undefined || !isInReach)
    throw new ConfigError(
      `the period must be a month from ${firstYear}-01 to ${lastYear}-12 such as 2026-03, got ${name}`,
    );
  return periodOf(Number(year), Number(month), timeZone, anchorDay);
}

/** The one that holds this instant. */
export function periodAt(atMs: number, timeZone: string, anchorDay = 1): Period {
  check(timeZone, anchorDay);
  const { year, month } = localDate(atMs, timeZone);
  // Next to the month of the date: where an anchor, or a clock that was put back at midnight, has moved the border.
  for (const offset of [0, -1, 1]) {
    const period = periodOf(year, month + offset, timeZone, anchorDay);
    if (period.span.startMs <= atMs && atMs < period.span.endMs) return period;
  }
  throw new Error(`no period of ${timeZone} holds ${new Date(atMs).toISOString()}`);
}

/** `by` months later, or earlier if it is negative. */
export function shiftPeriod({ name, timeZone, anchorDay }: Period, by: number): Period {
  const [year = 0, month = 0] = name.split('-').map(Number);
  return periodOf(year, month + by, timeZone, anchorDay);
}

/** Local days in their order; 23, 24 or 25 hours long as a rule. A date that the zone has left out has none. */
export function daysOf({ span, timeZone }: Pick<Period, 'span' | 'timeZone'>): readonly Day[] {
  const days: Day[] = [];
  let date = localDate(span.startMs, timeZone);
  let startMs = span.startMs;
  while (startMs < span.endMs) {
    const next = dayAfter(date);
    const endMs = Math.min(span.endMs, Math.max(startMs, startOfDay(next, timeZone)));
    if (endMs > startMs) days.push({ date: dateText(date), span: { startMs, endMs } });
    startMs = endMs;
    date = next;
  }
  return days;
}

function periodOf(year: number, month: number, timeZone: string, anchorDay: number): Period {
  const first = startOfMonth(year, month, anchorDay);
  const startMs = startOfDay(first, timeZone);
  const endMs = startOfDay(startOfMonth(year, month + 1, anchorDay), timeZone);
  return { name: dateText(first).slice(0, 7), span: { startMs, endMs }, timeZone, anchorDay };
}

/** Reckoned from the anchor each time, so that a short month does not drag the later ones along. */
function startOfMonth(year: number, month: number, anchorDay: number): LocalDate {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const [y, m] = [first.getUTCFullYear(), first.getUTCMonth() + 1];
  const lastDay = new Date(Date.UTC(y, m, 0)).getUTCDate();
  return { year: y, month: m, day: Math.min(anchorDay, lastDay) };
}

function dayAfter({ year, month, day }: LocalDate): LocalDate {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

function check(timeZone: string, anchorDay: number): void {
  if (!isTimeZone(timeZone))
    throw new ConfigError(`the time zone must be an IANA name such as Europe/Berlin, got ${timeZone}`);
  if (!Number.isInteger(anchorDay) || anchorDay < 1 || anchorDay > 31)
    throw new ConfigError(`the anchor day of bills must be a whole number from 1 to 31, got ${anchorDay}`);
}

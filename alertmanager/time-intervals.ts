import { fieldsOf, listOf, nonEmptyListOf, optional, refused, required, SiteError } from './checks.ts';

/** One stretch of time that comes again and again; all that is written has to fit. The words are those of Alertmanager. */
export interface TimePeriod {
  /** Such as `monday:friday` or `sunday`. */
  readonly weekdays?: readonly string[];
  /** Such as `09:00-18:00`; the end does not belong to it. */
  readonly times?: readonly string[];
  /** Such as `1:5`, or `-3:-1` for the last three. */
  readonly days_of_month?: readonly string[];
  /** Such as `january:march` or `12`. */
  readonly months?: readonly string[];
  readonly years?: readonly string[];
  /** Whose clock, by the IANA database: `Asia/Shanghai`. */
  readonly location: string;
}

/** By name. Time is inside an interval while it is inside any of its periods. */
export type TimeIntervals = Readonly<Record<string, readonly TimePeriod[]>>;

/** As alertmanager.yml has it. */
export interface RenderedInterval {
  readonly name: string;
  readonly time_intervals: readonly Readonly<Record<string, unknown>>[];
}

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

export function parseTimeIntervals(value: unknown, path: string): TimeIntervals {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(path, value, 'a mapping of names to lists of periods');
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, periods]) => [
      intervalName(name, path),
      nonEmptyListOf(period)(periods, `${path}.${name}`),
    ]),
  );
}

export function intervalName(value: unknown, path: string): string {
  if (typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(value)) return value;
  throw refused(path, value, 'a name of letters, digits, _ and -, such as working_hours');
}

export function renderTimeIntervals(intervals: TimeIntervals): readonly RenderedInterval[] {
  return Object.entries(intervals).map(([name, periods]) => ({
    name,
    time_intervals: periods.map(({ times, ...others }) => ({
      ...Object.fromEntries(Object.entries(others).map(([key, each]) => [key, Array.isArray(each) ? [...each] : each])),
      ...(times === undefined ? {} : { times: times.map(startAndEnd) }),
    })),
  }));
}

function period(value: unknown, path: string): TimePeriod {
  const fields = fieldsOf(value, path, ['weekdays', 'times', 'days_of_month', 'months', 'years', 'location']);
  const parts = {
    ...optional(fields, 'weekdays', listOf(rangeOf(dayNumber, 'a day or a range of days, such as monday:friday'))),
    ...optional(fields, 'times', listOf(timeRange)),
    ...optional(fields, 'days_of_month', listOf(dayOfMonthRange)),
    ...optional(fields, 'months', listOf(rangeOf(monthNumber, 'a month or a range of months, such as january:march'))),
    ...optional(fields, 'years', listOf(rangeOf(yearNumber, 'a year or a range of years, such as 2026:2027'))),
  };
  if (Object.values(parts).every(({ length }) => length === 0)) {
    throw new SiteError(`${path}: holds at any time; say when, such as weekdays and times`);
  }
  return { ...parts, location: required(fields, 'location', location) };
}

/** Go looks a location up in the IANA database as it is written, and knows no offset such as +08:00. */
function location(value: unknown, path: string): string {
  if (typeof value === 'string' && /^[A-Z][A-Za-z_]*(\/[A-Z][A-Za-z0-9_+-]*)*$/.test(value) && isZone(value)) {
    return value;
  }
  throw refused(path, value, 'a location of the IANA time zone database, such as Asia/Shanghai, Europe/Berlin or UTC');
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
  const known = Intl.supportedValuesOf('timeZone').find((each) => each.toLowerCase() === name.toLowerCase());
  return known === undefined || known === name;
}

function timeRange(value: unknown, path: string): string {
  const match = typeof value === 'string' ? /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(value) : null;
  if (match === null) throw refused(path, value, 'a range of times, such as 09:00-18:00');
  const [startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = match.slice(1).map(Number);
  const [start, end] = [60 * startHour + startMinute, 60 * endHour + endMinute];
  if (startMinute > 59 || endMinute > 59 || end > 24 * 60) throw refused(path, value, 'times from 00:00 to 24:00');
  if (start < end) return match[0];
  throw refused(path, value, 'a start before the end; a night is two ranges, such as 22:00-24:00 and 00:00-06:00');
}

function startAndEnd(range: string): { readonly start_time: string; readonly end_time: string } {
  const [start_time = '', end_time = ''] = range.split('-');
  return { start_time, end_time };
}

/** Days from the end of the month count from -1 back; a range must not go from the end to the beginning. */
function dayOfMonthRange(value: unknown, path: string): string {
  const allowed = 'a day from 1 to 31, or from -31 to -1 from the end, or a range such as 1:5 or -3:-1';
  const [start, end = start, ...more] = String(value)
    .split(':')
    .map((each) => (/^-?\d{1,2}$/.test(each) ? Number(each) : 0));
  const isDay = (each: number | undefined): each is number => each !== undefined && each !== 0 && Math.abs(each) <= 31;
  if (!isDay(start) || !isDay(end) || more.length > 0) throw refused(path, value, allowed);
  if ((start < 0 && end > 0) || (Math.sign(start) === Math.sign(end) && start > end)) {
    throw refused(path, value, `${allowed}; the first day before the last`);
  }
  return String(value);
}

function rangeOf(numberOf: (text: string) => number | undefined, allowed: string) {
  return (value: unknown, path: string): string => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') throw refused(path, value, allowed);
    const [start, end = start, ...more] = text.split(':').map(numberOf);
    if (start === undefined || end === undefined || more.length > 0) throw refused(path, value, allowed);
    if (start > end) throw refused(path, value, `${allowed}; the first before the last`);
    return text;
  };
}

/** From 0 for Sunday; undefined for what is no day. */
export function dayNumber(text: string): number | undefined {
  return numberIn(days, text);
}

/** From 0 for January, by name or by number from 1; undefined for what is no month. */
export function monthNumber(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text) >= 1 && Number(text) <= 12 ? Number(text) - 1 : undefined;
  return numberIn(months, text);
}

function yearNumber(text: string): number | undefined {
  return /^\d{4}$/.test(text) ? Number(text) : undefined;
}

function numberIn(names: readonly string[], text: string): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? undefined : index;
}

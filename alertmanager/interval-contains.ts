import { dayNumber, monthNumber, type TimePeriod } from './time-intervals.ts';

/** Whether a moment is in any of the periods of an interval, as Alertmanager decides it. */
export function isInInterval(periods: readonly TimePeriod[], atMs: number): boolean {
  return periods.some((period) => isInPeriod(period, localTime(atMs, period.location)));
}

interface LocalTime {
  readonly year: number;
  /** From 0, as all that has a name. */
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  /** Since midnight by the clock on the wall. */
  readonly minute: number;
}

function isInPeriod({ weekdays, times, days_of_month, months, years }: TimePeriod, now: LocalTime): boolean {
  return (
    isInAny(times, (range) => isInTimes(range, now)) &&
    isInAny(days_of_month, (range) => isInDays(range, now)) &&
    isInAny(months, (range) => isInRange(range, monthNumber, now.month)) &&
    isInAny(weekdays, (range) => isInRange(range, dayNumber, now.weekday)) &&
    isInAny(years, (range) => isInRange(range, Number, now.year))
  );
}

/** What is not written holds always. */
function isInAny(ranges: readonly string[] | undefined, isIn: (range: string) => boolean): boolean {
  return ranges === undefined || ranges.length === 0 || ranges.some(isIn);
}

/** The end does not belong to it. */
function isInTimes(range: string, { minute }: LocalTime): boolean {
  const [start = 0, end = 0] = range.split('-').map((time) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return 60 * hours + minutes;
  });
  return minute >= start && minute < end;
}

/** Negative days count from the end of the month; a range ends with its month. */
function isInDays(range: string, { year, month, day }: LocalTime): boolean {
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const [start = 0, end = start] = range
    .split(':')
    .map((text) => (Number(text) < 0 ? days + Number(text) + 1 : Number(text)));
  return day >= start && day <= end;
}

function isInRange(range: string, numberOf: (text: string) => number | undefined, value: number): boolean {
  const [start, end = start] = range.split(':').map(numberOf);
  return start !== undefined && end !== undefined && value >= start && value <= end;
}

function localTime(atMs: number, location: string): LocalTime {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: location,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const [year, month, day] = [part('year'), part('month') - 1, part('day')];
  return {
    year,
    month,
    day,
    weekday: new Date(Date.UTC(year, month, day)).getUTCDay(),
    minute: 60 * part('hour') + part('minute'),
  };
}

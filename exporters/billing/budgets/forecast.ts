import type { Span } from '../span.ts';
import { daysOf, weekdayNamed } from './calendar.ts';

export const forecastMethods = ['pace', 'weekday'] as const;
export type ForecastMethod = (typeof forecastMethods)[number];

/** What a period will cost, in its currency: an estimate, so no decimal. */
export interface Forecast {
  readonly method: ForecastMethod;
  readonly expected: number;
  /** Four of five end between these; undefined while too few days are known to say. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Complete days that it rests on. */
  readonly days: number;
}

export interface ForecastInput {
  readonly period: Span;
  readonly timeZone: string;
  /** Nothing before this is known; the start of the period if it is left out. */
  readonly fromMs?: number | undefined;
  /** Up to here everything is known. */
  readonly untilMs: number;
  /** Costs of the period that do not grow with time. */
  readonly fixed: number;
  /** The other costs of the period so far. */
  readonly soFar: number;
  /** The other costs of complete days by name, of the period and of the weeks before it. */
  readonly history: ReadonlyMap<string, number>;
}

/** Days of history that count, the newest ones: eight of each weekday. */
export const historyDays = 56;
/** One of each weekday. */
const daysForWeekdays = 7;
/** Two of each, so that there is something to differ. */
const daysForBounds = 14;
const dayMs = 86_400_000;
/** Of the normal distribution, for four of five. */
const quantile = 1.2816;

/** Pace needs a day of the period that is metered, weekdays a week of history, bounds two weeks. What is not known well enough is left out. */
export function forecast(input: ForecastInput): readonly Forecast[] {
  return [byPace(input), byWeekday(input)].flatMap((each) => each ?? []);
}

function byPace({ period, fromMs, untilMs, fixed, soFar, history }: ForecastInput): Forecast | undefined {
  const startMs = Math.max(period.startMs, fromMs ?? period.startMs);
  const elapsed = untilMs - startMs;
  if (elapsed < dayMs) return undefined;
  const expected = fixed + soFar * Math.max(1, (period.endMs - startMs) / elapsed);
  return {
    method: 'pace',
    expected,
    low: undefined,
    high: undefined,
    days: Math.min(history.size, Math.floor(elapsed / dayMs)),
  };
}

function byWeekday({ period, timeZone, untilMs, fixed, soFar, history }: ForecastInput): Forecast | undefined {
  const days = [...history].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-historyDays);
  if (days.length < daysForWeekdays) return undefined;
  const means = weekdayMeans(days);
  const left = daysOf({ startMs: Math.max(untilMs, period.startMs), endMs: period.endMs }, timeZone);
  const parts = left.map(({ span, weekday }) => ({ part: (span.endMs - span.startMs) / dayMs, weekday }));
  const spent = fixed + soFar;
  const expected = spent + parts.reduce((sum, { part, weekday }) => sum + part * means(weekday), 0);
  if (days.length < daysForBounds)
    return { method: 'weekday', expected, low: undefined, high: undefined, days: days.length };
  const error =
    quantile *
    standardError(
      days,
      means,
      parts.reduce((sum, { part }) => sum + part, 0),
    );
  return {
    method: 'weekday',
    expected,
    low: Math.max(Math.min(spent, expected), expected - error),
    high: expected + error,
    days: days.length,
  };
}

type Days = readonly (readonly [day: string, amount: number])[];

/** The mean of a weekday; of all days where that weekday is not there. */
export function weekdayMeans(days: Days): (weekday: number) => number {
  const all = meanOf(days.map(([, amount]) => amount));
  const means = Array.from({ length: 7 }, (_, weekday) => {
    const own = days.filter(([day]) => weekdayNamed(day) === weekday).map(([, amount]) => amount);
    return own.length === 0 ? all : meanOf(own);
  });
  return (weekday) => means[weekday] ?? all;
}

/** Of the sum of so many days to come: they scatter as the known ones do around their weekday, and the means themselves are uncertain. */
function standardError(days: Days, means: (weekday: number) => number, daysLeft: number): number {
  const groups = new Set(days.map(([day]) => weekdayNamed(day))).size;
  const squares = days.reduce((sum, [day, amount]) => sum + (amount - means(weekdayNamed(day))) ** 2, 0);
  const variance = squares / Math.max(1, days.length - groups);
  return Math.sqrt(variance * (daysLeft + daysLeft ** 2 / days.length));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

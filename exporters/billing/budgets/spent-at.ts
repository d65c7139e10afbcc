import { daysOf } from './calendar.ts';
import { type ForecastInput, historyDays, weekdayMeans } from './forecast.ts';

/** The moment at which so much will be spent if each day costs what its weekday did; undefined if that is not within the period. */
export function spentAt(input: ForecastInput, limit: number): number | undefined {
  const { period, timeZone, untilMs, fixed, soFar, history } = input;
  const days = [...history].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-historyDays);
  if (days.length === 0) return undefined;
  const means = weekdayMeans(days);
  let spent = fixed + soFar;
  for (const { span, weekday } of daysOf(
    { startMs: Math.max(untilMs, period.startMs), endMs: period.endMs },
    timeZone,
  )) {
    const cost = (means(weekday) * (span.endMs - span.startMs)) / 86_400_000;
    if (cost > 0 && spent + cost >= limit) {
      const part = Math.max(0, (limit - spent) / cost);
      return Math.round(span.startMs + part * (span.endMs - span.startMs));
    }
    spent += cost;
  }
  return undefined;
}

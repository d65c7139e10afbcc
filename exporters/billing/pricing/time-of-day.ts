import { instantOf, type LocalTime, localTimeOf } from '../local-time.ts';
import type { Span } from '../span.ts';
import type { Price, Slot } from './price-book.ts';

type LocalDay = Pick<LocalTime, 'year' | 'month' | 'day'>;

const dayMs = 86_400_000;

/**
 * The slot of the price that holds at a moment. A slot goes from when clocks on the wall first show its beginning until they first show its end, so
 * that one over the change of clocks is an hour longer or shorter.
 */
export function slotAt({ slots, timeZone }: Pick<Price, 'slots' | 'timeZone'>, atMs: number): Slot | undefined {
  if (slots.length === 0) return undefined;
  const today = localTimeOf(atMs, timeZone);
  return [today, dayAfter(today, -1)]
    .flatMap((day) => stretchesOf(slots, day, timeZone))
    .find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)?.slot;
}

/** Moments within the span at which a slot begins or ends. */
export function slotCuts(
  { slots, timeZone }: Pick<Price, 'slots' | 'timeZone'>,
  { startMs, endMs }: Span,
): readonly number[] {
  if (slots.length === 0) return [];
  const first = dayAfter(localTimeOf(startMs, timeZone), -1);
  const days = Math.ceil((endMs - startMs) / dayMs) + 3;
  return Array.from({ length: days }, (_each, index) => dayAfter(first, index))
    .flatMap((day) => stretchesOf(slots, day, timeZone))
    .flatMap((stretch) => [stretch.startMs, stretch.endMs])
    .filter((each) => each > startMs && each < endMs);
}

function stretchesOf(slots: readonly Slot[], day: LocalDay, timeZone: string) {
  const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
  const at = (minute: number) =>
    instantOf({ year: day.year, month: day.month, day: day.day, hour: 0, minute, second: 0 }, timeZone);
  return slots
    .filter(({ days }) => days.includes(weekday))
    .map((slot) => ({ slot, startMs: at(slot.fromMinute), endMs: at(slot.untilMinute) }));
}

function dayAfter({ year, month, day }: LocalDay, days: number): LocalDay {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Local time of IANA zones, by Intl alone. Instants are milliseconds since 1970-01-01T00:00:00Z. */

export interface LocalDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** What a clock on the wall shows, without a zone. Hour may be 24. */
export interface LocalTime extends LocalDate {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const dayMs = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** True for IANA names that this machine knows, such as Europe/Berlin, and for UTC. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(zone)) return false;
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

export function localTimeOf(atMs: number, zone: string): LocalTime {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type as string, Number(value)]),
  );
  const part = (type: string) => parts.get(type) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

/**
 * When a clock on the wall of the zone first shows the time. A time that is left out in spring is the moment at which the clock jumps; of one that
 * comes twice in autumn it is the first.
 */
export function instantOf(local: LocalTime, zone: string): number {
  const wall = wallOf(local);
  const before = offsetAt(wall - dayMs, zone);
  const after = offsetAt(wall + dayMs, zone);
  const candidates = [wall - before, wall - after].filter((each) => each + offsetAt(each, zone) === wall);
  return candidates.length > 0 ? Math.min(...candidates) : jumpBetween(wall - dayMs, wall + dayMs, zone);
}

/** Midnight at the beginning of the day; the first moment of the day where the clock jumps over midnight. Months and days may be out of range. */
export function startOfDay({ year, month, day }: LocalDate, zone: string): number {
  return instantOf({ year, month, day, hour: 0, minute: 0, second: 0 }, zone);
}

export function localDate(atMs: number, zone: string): LocalDate {
  const { year, month, day } = localTimeOf(atMs, zone);
  return { year, month, day };
}

/** 2026-03-29. Months and days out of range carry over. */
export function dateText({ year, month, day }: LocalDate): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** What clocks on the wall show, as if it were UTC. */
export function wallTime(atMs: number, zone: string): number {
  return wallOf(localTimeOf(atMs, zone)) + (((atMs % 1000) + 1000) % 1000);
}

function wallOf({ year, month, day, hour, minute, second }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function offsetAt(atMs: number, zone: string): number {
  const whole = Math.floor(atMs / 1000) * 1000;
  return wallOf(localTimeOf(whole, zone)) - whole;
}

function jumpBetween(fromMs: number, toMs: number, zone: string): number {
  const before = offsetAt(fromMs, zone);
  let low = Math.floor(fromMs / 1000);
  let high = Math.floor(toMs / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000, zone) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const found = clocks.get(zone);
  if (found !== undefined) return found;
  const clock = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(zone, clock);
  return clock;
}

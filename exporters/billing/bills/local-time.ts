/** Local time of IANA zones, by Intl alone. All instants are whole milliseconds since 1970-01-01T00:00:00Z. */

export interface LocalDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const hourMs = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** True for names that this machine has a time zone for, such as Europe/Berlin. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What clocks on the wall show, as if it were UTC. */
export function wallTime(atMs: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((atMs % 1000) + 1000) % 1000);
}

export function localDate(atMs: number, timeZone: string): LocalDate {
  const wall = new Date(wallTime(atMs, timeZone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}

/** 2026-03-29 */
export function dateText({ year, month, day }: LocalDate): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/**
 * The first instant at which the date is this one. Where clocks are put forward over midnight, it is when they were; a date that a zone
 * has left out begins, and ends, with the next one.
 */
export function startOfDay({ year, month, day }: LocalDate, timeZone: string): number {
  const wall = Date.UTC(year, month - 1, day);
  const candidates = offsetsAround(wall, timeZone).map((offset) => wall - offset);
  const exact = candidates.filter((atMs) => wallTime(atMs, timeZone) === wall);
  if (exact.length > 0) return Math.min(...exact);
  return firstAtOrAfter(wall, { lowMs: Math.min(...candidates) - 1, highMs: Math.max(...candidates), timeZone });
}

/** Offsets from UTC that hold within a day and a quarter of then. */
function offsetsAround(wall: number, timeZone: string): readonly number[] {
  const offsets = [-30, -15, 0, 15, 30].map((hours) => {
    const atMs = wall + hours * hourMs;
    return wallTime(atMs, timeZone) - atMs;
  });
  return [...new Set(offsets)];
}

/** Clocks jump over `wall` once between the two instants; by halves. */
function firstAtOrAfter(
  wall: number,
  { lowMs, highMs, timeZone }: { readonly lowMs: number; readonly highMs: number; readonly timeZone: string },
): number {
  let [low, high] = [lowMs, highMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallTime(middle, timeZone) >= wall) high = middle;
    else low = middle;
  }
  return high;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}

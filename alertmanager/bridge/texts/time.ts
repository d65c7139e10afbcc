import type { Texts } from './texts.ts';

/** `2026-11-29 06:00 UTC`, or `2026-11-29 14:00 UTC+8` for a zone of IANA such as Asia/Shanghai. */
export function timeWords(ms: number, timeZone = 'UTC'): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > latestMs) return '?';
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(ms))
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const zone = part('timeZoneName').replace(/^GMT(\+0$)?/, 'UTC');
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${zone}`;
}

/** The last time that a Date can hold. */
const latestMs = 8.64e15;

/** Making one takes longer than using it a hundred times, and a site has one or two zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'shortOffset',
  });
  formats.set(timeZone, format);
  return format;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const minuteSeconds = 60;
const hourSeconds = 60 * minuteSeconds;
const daySeconds = 24 * hourSeconds;

/** The two greatest units of a time in milliseconds: `2 d 3 h`, `5 min`, `40 s`. */
export function durationWords(ms: number, { durationUnits: units }: Texts): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < minuteSeconds) return `${seconds}${units.s}`;
  const parts = [
    [Math.floor(seconds / daySeconds), units.d],
    [Math.floor((seconds % daySeconds) / hourSeconds), units.h],
    [Math.floor((seconds % hourSeconds) / minuteSeconds), units.min],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

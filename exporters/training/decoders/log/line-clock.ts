import { figureIn } from './figure.ts';
import type { LogMemory } from './log-memory.ts';

/**
 * How far the clock of a line may be from the clock of the reader for times without a zone to be taken as UTC: more than the buffers of
 * a writer and the interval of polls, and less than the quarter of an hour that two zones differ at least.
 */
const toleranceSeconds = 300;
/** Loggers put the time first; only prefixes of a rank or the like come before. */
const headCharacters = 160;

/** Python's logging and datetime: comma or point before the fraction; and RFC 3339, which has a zone. */
const timePattern = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):/;
const zonePattern = /Z|[+-]\d\d:?\d\d/y;
const [plus, comma, minus, point, zero, nine, letterZ] = [43, 44, 45, 46, 48, 57, 90];
const minuteLength = 'YYYY-MM-DD hh:mm:'.length;

export interface LineClock {
  /** The next line begins; `stamp` is the time that a container runtime gave it, which goes before any in the text. */
  readonly begin: (stamp: string | undefined) => void;
  /** Unix time of the line, as far as it is known for sure. */
  readonly timeOf: (text: string) => number | undefined;
  readonly settle: (readAtSeconds: number | undefined) => void;
}

/**
 * Frameworks print local time without its zone, and nobody tells the zone of the writer. So such times count only where they are seen to
 * be UTC, as in nearly all containers: lines that were read as they came carry the time of the reader. A wrong hour would raise false
 * stalls; a time that is left out only makes the line as late as it was read. While old data are caught up with there is nothing to
 * compare with; what was found before stays, also through a restart.
 */
export function createLineClock(memory: LogMemory): LineClock {
  let stamp: string | undefined;
  let lastUnzoned: number | undefined;
  /** Most lines are of the same minute as the one before, and have it in the same place. */
  let minute = '';
  let minuteAt = 0;
  let minuteSeconds = 0;

  function findMinute(text: string): boolean {
    if (minute !== '' && text.startsWith(minute, minuteAt)) return true;
    const match = timePattern.exec(text.length > headCharacters ? text.slice(0, headCharacters) : text);
    const seconds = match === null ? undefined : secondsOf(match);
    if (match === null || seconds === undefined) return false;
    minute = Buffer.from(match[0], 'latin1').toString('latin1');
    minuteAt = match.index;
    minuteSeconds = seconds;
    return true;
  }

  return {
    begin: (next) => {
      stamp = next;
    },
    timeOf: (line) => {
      const text = stamp ?? line;
      if (!findMinute(text)) return undefined;
      const second = minuteAt + minuteLength;
      const pointAt = second + 2;
      const end = endOfDigits(text, hasFraction(text, pointAt) ? pointAt + 1 : pointAt);
      const whole = figureIn(text, second, pointAt);
      if (whole === undefined) return undefined;
      const seconds = minuteSeconds + whole + fractionIn(text, pointAt + 1, end);
      const zone = zoneAt(text, end);
      if (zone !== undefined) return seconds - offsetOf(zone);
      lastUnzoned = seconds;
      return memory.isUtc ? seconds : undefined;
    },
    settle: (readAtSeconds) => {
      if (readAtSeconds !== undefined && lastUnzoned !== undefined) {
        memory.isUtc = Math.abs(readAtSeconds - lastUnzoned) <= toleranceSeconds;
      }
      lastUnzoned = undefined;
    },
  };
}

function secondsOf([, year, month, day, hour, minute]: RegExpExecArray): number | undefined {
  const isReal = Number(year) >= 2000 && Number(month) <= 12 && Number(day) <= 31 && Number(hour) < 24;
  if (!isReal) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) / 1000;
}

function hasFraction(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === comma || code === point;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= zero && text.charCodeAt(at) <= nine) at++;
  return at;
}

function fractionIn(text: string, from: number, to: number): number {
  return to > from ? (figureIn(text, from, to) ?? 0) / 10 ** (to - from) : 0;
}

/** A letter, a space or a bracket ends most times. */
function zoneAt(text: string, at: number): string | undefined {
  const code = text.charCodeAt(at);
  if (code !== letterZ && code !== plus && code !== minus) return undefined;
  zonePattern.lastIndex = at;
  return zonePattern.exec(text)?.[0];
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -60 : 60) * minutes;
}

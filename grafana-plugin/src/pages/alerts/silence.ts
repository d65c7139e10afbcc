import { isRecord, textsOf, timeOf } from './alertmanager-alert';

export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isEqual: boolean;
  readonly isRegex: boolean;
}

export type SilenceState = 'active' | 'pending' | 'expired';

export interface Silence {
  readonly id: string;
  readonly state: SilenceState;
  readonly matchers: readonly Matcher[];
  readonly startsMs: number | undefined;
  readonly endsMs: number | undefined;
  readonly author: string;
  readonly comment: string;
}

const states: readonly SilenceState[] = ['active', 'pending', 'expired'];

/** Reads GET /api/v2/silences: those in force first, then those to come, and the newest of the expired. */
export function readSilences(answer: unknown): readonly Silence[] {
  if (!Array.isArray(answer)) throw new Error('Alertmanager did not answer with a list of silences.');
  return answer
    .map(readSilence)
    .sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state) || (b.endsMs ?? 0) - (a.endsMs ?? 0));
}

function readSilence(value: unknown): Silence {
  if (!isRecord(value) || typeof value.id !== 'string') throw new Error('A silence of the answer has no id.');
  const { createdBy = '', comment = '' } = textsOf(value);
  const state = isRecord(value.status)
    ? states.find((each) => isRecord(value.status) && each === value.status.state)
    : undefined;
  return {
    id: value.id,
    state: state ?? 'expired',
    matchers: Array.isArray(value.matchers) ? value.matchers.map(readMatcher) : [],
    startsMs: timeOf(value.startsAt),
    endsMs: timeOf(value.endsAt),
    author: createdBy,
    comment,
  };
}

function readMatcher(value: unknown): Matcher {
  if (!isRecord(value)) throw new Error('A matcher of a silence is not an object.');
  const { name = '', value: text = '' } = textsOf(value);
  return { name, value: text, isEqual: value.isEqual !== false, isRegex: value.isRegex === true };
}

/** As Alertmanager writes it. */
export function matcherText({ name, value, isEqual, isRegex }: Matcher): string {
  return `${name}${isEqual ? (isRegex ? '=~' : '=') : isRegex ? '!~' : '!='}${JSON.stringify(value)}`;
}

/** Matchers that fit one alert and no other. */
export function matchersOf(labels: Readonly<Record<string, string>>): readonly Matcher[] {
  return Object.entries(labels)
    .filter(([name]) => name !== '__name__' && name !== 'alertstate')
    .map(([name, value]) => ({ name, value, isEqual: true, isRegex: false }));
}

export interface Draft {
  readonly matchers: readonly Matcher[];
  /** Such as `2h`. */
  readonly lasting: string;
  readonly comment: string;
}

export type DraftProblem = 'no_matcher' | 'empty_name' | 'matches_all' | 'bad_pattern' | 'bad_duration' | 'no_comment';

/** What is wrong with a draft; undefined if Alertmanager will take it. */
export function problemOf({ matchers, lasting, comment }: Draft): DraftProblem | undefined {
  if (matchers.length === 0) return 'no_matcher';
  if (matchers.some(({ name }) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))) return 'empty_name';
  if (matchers.some(({ isRegex, value }) => isRegex && !isPattern(value))) return 'bad_pattern';
  if (matchers.every(fitsEmpty)) return 'matches_all';
  if (secondsOf(lasting) === undefined) return 'bad_duration';
  return comment.trim() === '' ? 'no_comment' : undefined;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Alertmanager refuses silences all of whose matchers fit a label that is not there. */
function fitsEmpty({ value, isEqual, isRegex }: Matcher): boolean {
  const fits = isRegex ? new RegExp(`^(?:${value})$`).test('') : value === '';
  return fits === isEqual;
}

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of `30m`, `2h`, `1d`, `1w`; undefined for anything else or nothing. */
export function secondsOf(lasting: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhdw])$/.exec(lasting.trim()) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? 0);
  return seconds > 0 ? seconds : undefined;
}

/** The body of POST /api/v2/silences. */
export function silenceBody({ matchers, lasting, comment }: Draft, author: string, nowMs: number) {
  return {
    matchers,
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + 1000 * (secondsOf(lasting) ?? 0)).toISOString(),
    createdBy: author,
    comment: comment.trim(),
  };
}

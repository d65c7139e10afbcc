import { type Team, teams } from '../rules/alert.ts';
import { fieldsOf, nonEmptyListOf, optional, SiteError } from './checks.ts';
import type { Route } from './config.ts';
import { intervalName, type TimeIntervals } from './time-intervals.ts';

/** When warnings and infos are told. There is no such thing for critical alerts. */
export interface QuietHours {
  /** Names of intervals: only while time is in one of them. What began outside is told when the next one begins, if it still fires. */
  readonly only_in?: readonly string[];
  /** Names of intervals: never while time is in one of them, such as a planned move. */
  readonly never_in?: readonly string[];
}

/** By team; `default` for teams without an entry and for alerts without a team. */
export type QuietHoursByTeam = { readonly [T in Team | 'default']?: QuietHours };

const keys = ['default', ...teams] as const;

export function parseQuietHoursByTeam(value: unknown, path: string): QuietHoursByTeam {
  const fields = fieldsOf(value, path, keys);
  return Object.assign({}, ...keys.map((key) => optional(fields, key, parseQuietHours)));
}

export function parseQuietHours(value: unknown, path: string): QuietHours {
  const fields = fieldsOf(value, path, ['only_in', 'never_in']);
  const hours = {
    ...optional(fields, 'only_in', nonEmptyListOf(intervalName)),
    ...optional(fields, 'never_in', nonEmptyListOf(intervalName)),
  };
  if (Object.keys(hours).length === 0) throw new SiteError(`${path}: says nothing; add only_in or never_in`);
  return hours;
}

/** Throws for a name that no interval has, and for one that is both. */
export function checkQuietHours({ only_in = [], never_in = [] }: QuietHours, path: string, known: TimeIntervals): void {
  for (const name of [...only_in, ...never_in]) {
    if (Object.hasOwn(known, name)) continue;
    const names = Object.keys(known);
    throw new SiteError(
      `${path}: no interval is called ${name}; ${names.length === 0 ? 'write it under time_intervals' : `there are ${names.join(', ')}`}`,
    );
  }
  const both = only_in.find((name) => never_in.includes(name));
  if (both !== undefined) throw new SiteError(`${path}: ${both} is in only_in and in never_in, so nobody is ever told`);
}

export function intervalsOf(
  hours: QuietHours | undefined,
): Pick<Route, 'active_time_intervals' | 'mute_time_intervals'> {
  return {
    ...(hours?.only_in === undefined ? {} : { active_time_intervals: [...hours.only_in] }),
    ...(hours?.never_in === undefined ? {} : { mute_time_intervals: [...hours.never_in] }),
  };
}

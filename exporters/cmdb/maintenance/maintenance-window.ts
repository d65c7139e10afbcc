import type { FactPatterns } from '../facts/match-facts.ts';
import type { ItemClass } from '../model/item-class.ts';

/** A time in which people work on something, so that its alerts are no news. */
export interface MaintenanceWindow {
  readonly id: number;
  readonly title: string;
  readonly scope: WindowScope;
  /** Unix seconds. */
  readonly startsAt: number;
  /** When it is over; for one that was cancelled, see `cancelledAt`. */
  readonly endsAt: number;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly changedBy: string;
  readonly changedAt: number;
  /** Counts the changes; whoever changes it says which one they saw. */
  readonly version: number;
  readonly cancelledAt: number | undefined;
}

/** What is worked on, with all that is in it: items by their numbers, and those that a query finds at the time. */
export interface WindowScope {
  readonly items: readonly number[];
  readonly query: ScopeQuery | undefined;
}

export interface ScopeQuery {
  readonly class: ItemClass | undefined;
  readonly match: FactPatterns;
}

export type WindowState = 'scheduled' | 'active' | 'ended' | 'cancelled';

export function windowState({ startsAt, endsAt, cancelledAt }: MaintenanceWindow, now: number): WindowState {
  if (cancelledAt !== undefined) return 'cancelled';
  if (now >= endsAt) return 'ended';
  return now >= startsAt ? 'active' : 'scheduled';
}

/** How many windows there are, by the states that matter. */
export function countWindows(
  windows: readonly MaintenanceWindow[],
  now: number,
): { readonly scheduled: number; readonly active: number } {
  const count = (state: WindowState): number => windows.filter((window) => windowState(window, now) === state).length;
  return { scheduled: count('scheduled'), active: count('active') };
}

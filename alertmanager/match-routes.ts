import type { Route } from './config.ts';
import { type Matcher, parseMatcher } from './matchers.ts';

type Labels = Readonly<Record<string, string>>;

/** One route that an alert takes, with what it inherits filled in. */
export interface TakenRoute {
  readonly receiver: string;
  readonly groupBy: readonly string[];
  /** How long a group waits before it tells of what is new in it. */
  readonly every: string | undefined;
  readonly repeat: string | undefined;
  readonly activeIn: readonly string[];
  readonly mutedIn: readonly string[];
  /** What fitted, from the root down. */
  readonly because: readonly string[];
}

/**
 * The routes that an alert takes, as Alertmanager decides it: the deepest route that fits, and the next one beside it only after `continue`.
 * Receiver, grouping and intervals of messages come from above where a route has none; time intervals do not.
 */
export function takenRoutes(root: Route, labels: Labels): readonly TakenRoute[] {
  return descend(root, labels, {
    receiver: '',
    groupBy: [],
    every: undefined,
    repeat: undefined,
    activeIn: [],
    mutedIn: [],
    because: [],
  });
}

function descend(route: Route, labels: Labels, above: TakenRoute): readonly TakenRoute[] {
  const { matchers = [], routes = [] } = route;
  if (!matchers.every((each) => fits(parseMatcher(each), labels))) return [];
  const own = inherited(route, above);
  const below: TakenRoute[] = [];
  for (const child of routes) {
    const taken = descend(child, labels, own);
    below.push(...taken);
    if (taken.length > 0 && child.continue !== true) break;
  }
  return below.length === 0 ? [own] : below;
}

function inherited(route: Route, above: TakenRoute): TakenRoute {
  return {
    receiver: route.receiver ?? above.receiver,
    groupBy: route.group_by ?? above.groupBy,
    every: route.group_interval ?? above.every,
    repeat: route.repeat_interval ?? above.repeat,
    activeIn: route.active_time_intervals ?? [],
    mutedIn: route.mute_time_intervals ?? [],
    because: [...above.because, ...(route.matchers ?? [])],
  };
}

/** A label that is absent is an empty one, and an expression has to fit the whole value. */
export function fits({ label, operator, value }: Matcher, labels: Labels): boolean {
  const actual = labels[label] ?? '';
  const isSame =
    operator === '=' || operator === '!=' ? actual === value : new RegExp(`^(?:${value})$`, 's').test(actual);
  return operator.startsWith('!') ? !isSame : isSame;
}

import { fieldsOf, nonEmptyListOf, optional, refused, required, SiteError } from './checks.ts';
import type { AlertmanagerConfig } from './config.ts';
import { isInInterval } from './interval-contains.ts';
import { type TakenRoute, takenRoutes } from './match-routes.ts';
import { nobody } from './receiver-sets.ts';
import type { Site } from './site.ts';

type Labels = Readonly<Record<string, string>>;

/** What a site expects of one alert. */
export interface RoutingTest {
  readonly labels: Labels;
  /** Names of receivers in any order; `nobody` where nobody is told. */
  readonly receivers: readonly string[];
  /** A moment with its offset; without one, quiet hours are left aside. */
  readonly at?: string;
}

export interface RoutingVerdict {
  readonly test: RoutingTest;
  readonly told: readonly string[];
  readonly isRight: boolean;
  /** What decided it, from the root of the tree down. */
  readonly because: readonly string[];
}

export function parseRoutingTests(value: unknown, path: string): readonly RoutingTest[] {
  return nonEmptyListOf(routingTest)(value, path);
}

function routingTest(value: unknown, path: string): RoutingTest {
  const fields = fieldsOf(value, path, ['labels', 'receivers', 'at']);
  return {
    labels: required(fields, 'labels', labelsOf),
    receivers: required(fields, 'receivers', nonEmptyListOf(receiverName)),
    ...optional(fields, 'at', moment),
  };
}

function labelsOf(value: unknown, path: string): Labels {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0)
    throw refused(path, value, 'labels of an alert, such as {alertname: GpuLost, node: n7}');
  return Object.fromEntries(
    Object.entries(value).map(([name, text]: [string, unknown]) => {
      if (!/^[a-zA-Z_]\w*$/.test(name)) throw refused(path, name, 'names of labels, of letters, digits and _');
      if (typeof text === 'string' || typeof text === 'number') return [name, String(text)];
      throw refused(`${path}.${name}`, text, 'the value of a label, which is a text');
    }),
  );
}

function receiverName(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw refused(path, value, 'the name of a receiver in the generated configuration, such as sre-warning, or nobody');
}

function moment(value: unknown, path: string): string {
  const isMoment = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(value);
  if (isMoment && !Number.isNaN(Date.parse(value))) return value;
  throw refused(path, value, 'a moment with its offset, such as 2027-03-01T22:00+01:00 or 2027-03-01T21:00Z');
}

/** Holds each test of a site against its configuration. Throws a {@link SiteError} for a receiver that there is not. */
export function routingVerdicts(
  { routing_tests: tests = [], time_intervals: intervals = {} }: Site,
  { route, receivers }: AlertmanagerConfig,
  fullLabels: (given: Labels) => Labels,
): readonly RoutingVerdict[] {
  checkReceivers(tests, new Set(receivers.map(({ name }) => name)));
  return tests.map((test) => {
    const taken = takenRoutes(route, fullLabels(test.labels));
    const muted = new Map(taken.map((way) => [way, test.at === undefined ? [] : mutedBy(way, intervals, test.at)]));
    const told = taken.filter((way) => muted.get(way)?.length === 0).map(({ receiver }) => receiver);
    const shown = told.length === 0 ? [nobody] : [...new Set(told)];
    return {
      test,
      told: shown,
      isRight: [...new Set(test.receivers)].sort().join('\n') === [...shown].sort().join('\n'),
      because: taken.flatMap((way) => [...way.because, ...(muted.get(way) ?? [])]),
    };
  });
}

/** Why a route tells nobody at that moment; nothing where it does. */
function mutedBy(
  { activeIn, mutedIn }: TakenRoute,
  intervals: NonNullable<Site['time_intervals']>,
  at: string,
): readonly string[] {
  const isIn = (name: string): boolean => isInInterval(intervals[name] ?? [], Date.parse(at));
  const outside = activeIn.length > 0 && !activeIn.some(isIn) ? [`${at} is not in ${activeIn.join(', ')}`] : [];
  return [...outside, ...mutedIn.filter(isIn).map((name) => `${at} is in ${name}`)];
}

function checkReceivers(tests: readonly RoutingTest[], known: ReadonlySet<string>): void {
  for (const [index, { receivers }] of tests.entries()) {
    const unknown = receivers.find((name) => !known.has(name));
    if (unknown === undefined) continue;
    throw new SiteError(
      `routing_tests[${index}].receivers: no receiver is called ${unknown}; there are ${[...known].join(', ')}`,
    );
  }
}

import type { Alert, FiringExample } from '../../rules/alert.ts';
import { secondsOf } from './mutation/durations.ts';
import { elsewhere } from './neighbours.ts';
import { isNotDerived } from './not-derived.ts';
import { eachValue } from './values.ts';

type Series = FiringExample['series'];

const derivations = { tooEarly, kept, missedScrapes, seenTwice } as const;
export type Derivation = keyof typeof derivations;

/** What is true of every alert, whatever it is about, shown on its firing example. */
export function derivedOf(alert: Alert): readonly FiringExample[] {
  return Object.entries(derivations).flatMap(([name, derive]) => {
    const situation = isNotDerived(name as Derivation, alert.name) ? undefined : derive(alert);
    return situation === undefined ? [] : [situation];
  });
}

/** Nothing was true before the first sample, so nothing has waited long enough. */
function tooEarly({ fires, for: wait }: Alert): FiringExample | undefined {
  const minutes = Math.ceil(secondsOf(wait) / 60) - 1;
  if (minutes < 0 || minutes * 60 >= secondsOf(fires.at)) return undefined;
  return { ...fires, when: `${fires.when}; before it has waited`, at: `${minutes}m`, alerts: [] };
}

/** Its series end, and it fires on. */
function kept({ fires, keepFiringFor }: Alert): FiringExample | undefined {
  if (keepFiringFor === undefined) return undefined;
  const at = secondsOf(fires.at);
  return {
    ...fires,
    when: `${fires.when}; and then no more, and it is kept up`,
    series: samples(fires, (values, last) => [...values.slice(0, last + 1), 'stale']),
    at: `${(at + secondsOf(keepFiringFor)) / 60 - 1}m`,
  };
}

/** The last two scrapes failed. */
function missedScrapes({ fires }: Alert): FiringExample | undefined {
  if (fires.interval !== undefined) return undefined;
  return {
    ...fires,
    when: `${fires.when}; and two scrapes fail`,
    series: samples(fires, (values, last) =>
      values.map((value, index) => (index > last - 2 && index <= last ? '_' : value)),
    ),
  };
}

/** Another exporter sees the same. */
function seenTwice({ fires }: Alert): FiringExample | undefined {
  if (fires.alerts.some((labels) => 'instance' in labels)) return undefined;
  const again = fires.series.map((one) => elsewhere(one, 'instance'));
  const known = new Set(fires.series.map(([name]) => name.promql));
  const added = again.filter(([name]) => !known.has(name.promql));
  if (added.length === 0) return undefined;
  return { ...fires, when: `${fires.when}; and another exporter sees the same`, series: [...fires.series, ...added] };
}

/** The series with their values, of which `last` is the index of the one at the time of the example. */
function samples(
  { series, interval = '1m', at }: FiringExample,
  change: (values: readonly string[], last: number) => readonly string[],
): Series {
  const last = Math.floor(secondsOf(at) / secondsOf(interval));
  return series.map(([name, values]) => [name, change(eachValue(values), last).join(' ')]);
}

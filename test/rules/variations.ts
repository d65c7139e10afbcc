import type { Alert, FiringExample } from '../../rules/alert.ts';
import { secondsOf } from './mutation/durations.ts';
import { elsewhere } from './neighbours.ts';
import { numberedSituations } from './numbered.ts';
import { type Change, changedValues } from './values.ts';

type Series = FiringExample['series'];

/** An example of an alert with something changed. */
export interface Variation {
  /** Which of the alert's situations: 0 is the firing example, 1 the quiet one, then its edges. */
  readonly of: number;
  /** How values are changed, by the name of their metric. */
  readonly values?: Readonly<Record<string, Change>>;
  /** The series that are left out, by the name of their metric. */
  readonly without?: string;
  /** The series that are elsewhere: with another value of the label. */
  readonly moved?: { readonly metric: string; readonly label: string };
  /** Series of a situation that are added elsewhere: all of them or those of one metric. */
  readonly beside?: { readonly of: number; readonly label: string; readonly metric?: string };
  /** When to look, as a multiple of the example's time. */
  readonly at?: number;
  readonly outcome: 'fires' | 'quiet';
}

/** The situation of a variation, which expects the alerts of the firing example or none. */
export function situationOf(alert: Alert, variation: Variation): FiringExample {
  const base = numbered(alert, variation.of);
  return {
    ...base,
    when: `${base.when}; ${wordsOf(variation)}`,
    series: [...changed(base, variation), ...besides(alert, base, variation)],
    at: variation.at === undefined ? base.at : wholeMinutes(secondsOf(base.at) * variation.at),
    alerts: variation.outcome === 'fires' ? alert.fires.alerts : [],
  };
}

/** Rules are evaluated each minute. */
function wholeMinutes(seconds: number): `${number}m` {
  return `${Math.floor(seconds / 60)}m`;
}

export function nameOf(series: string): string {
  return series.replace(/\{.*/s, '');
}

function numbered(alert: Alert, index: number): FiringExample {
  const situation = numberedSituations(alert)[index];
  if (situation === undefined) throw new Error(`${alert.name} has no situation ${index}`);
  return situation;
}

function changed({ series }: FiringExample, { values = {}, without, moved }: Variation): Series {
  return series
    .filter(([name]) => nameOf(name.promql) !== without)
    .map(([name, own]) => [name, changedValues(own, values[nameOf(name.promql)])] as const)
    .map((one) => (moved !== undefined && nameOf(one[0].promql) === moved.metric ? elsewhere(one, moved.label) : one));
}

function besides(alert: Alert, base: FiringExample, { beside }: Variation): Series {
  if (beside === undefined) return [];
  const { of, label, metric } = beside;
  const known = new Set(base.series.map(([name]) => name.promql));
  return numbered(alert, of)
    .series.filter(([name]) => metric === undefined || nameOf(name.promql) === metric)
    .map((one) => elsewhere(one, label))
    .filter(([name]) => !known.has(name.promql));
}

function wordsOf({ values = {}, without, moved, at, beside }: Variation): string {
  return [
    ...Object.entries(values).map(([metric, change]) => `${metric} ${change}`),
    ...(without === undefined ? [] : [`without ${without}`]),
    ...(moved === undefined ? [] : [`${moved.metric} with another ${moved.label}`]),
    ...(beside === undefined
      ? []
      : [`beside ${beside.metric ?? 'all'} of situation ${beside.of} with another ${beside.label}`]),
    ...(at === undefined ? [] : [`at ${at} of the time`]),
  ].join(', ');
}

import { type Alert, type FiringExample, situationsOf } from '../../rules/alert.ts';
import { edgesOf } from './edge-table.ts';
import { scaledDuration } from './mutation/durations.ts';
import { elsewhere } from './neighbours.ts';

/** An example of an alert with one thing changed. */
export interface Variation {
  /** Which of the alert's situations: 0 is the firing example, 1 the quiet one, then its edges. */
  readonly of: number;
  /** The series whose values are multiplied, by the name of their metric. */
  readonly metric?: string;
  readonly times?: number;
  /** The series that are left out, by the name of their metric. */
  readonly without?: string;
  /** Series of a situation that are added elsewhere: with another value of the label, all of them or those of one metric. */
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
    at: scaledDuration(base.at, variation.at ?? 1),
    alerts: variation.outcome === 'fires' ? alert.fires.alerts : [],
  };
}

function numbered(alert: Alert, index: number): FiringExample {
  const situation = [...situationsOf(alert), ...edgesOf(alert.name)][index];
  if (situation === undefined) throw new Error(`${alert.name} has no situation ${index}`);
  return situation;
}

function changed({ series }: FiringExample, { metric, times = 1, without }: Variation): FiringExample['series'] {
  return series
    .filter(([name]) => nameOf(name.promql) !== without)
    .map(([name, values]) => [name, nameOf(name.promql) === metric ? multiplied(values, times) : values]);
}

function besides(alert: Alert, base: FiringExample, { beside }: Variation): FiringExample['series'] {
  if (beside === undefined) return [];
  const { of, label, metric } = beside;
  const known = new Set(base.series.map(([name]) => name.promql));
  return numbered(alert, of)
    .series.filter(([name]) => metric === undefined || nameOf(name.promql) === metric)
    .map((one) => elsewhere(one, label))
    .filter(([name]) => !known.has(name.promql));
}

export function nameOf(series: string): string {
  return series.replace(/\{.*/s, '');
}

function wordsOf({ metric, times, without, at, beside }: Variation): string {
  if (beside !== undefined)
    return `beside ${beside.metric ?? 'all'} of situation ${beside.of} with another ${beside.label}`;
  if (without !== undefined) return `without ${without}`;
  return metric === undefined ? `at ${at} of the time` : `${times} times ${metric}`;
}

/** Values in the notation of promtool, such as `70 85x5` and `0+30x10`, multiplied. */
function multiplied(values: string, times: number): string {
  return values
    .split(/\s+/)
    .map((value) => {
      const [, first, sign, step, count] = /^(-?[\d.]+(?:e[+-]?\d+)?)(?:([+-])([\d.]+))?(x\d+)?$/.exec(value) ?? [];
      if (first === undefined) return value;
      const slope = step === undefined ? '' : `${sign}${product(step, times)}`;
      return `${product(first, times)}${slope}${count ?? ''}`;
    })
    .join(' ');
}

function product(number: string, times: number): number {
  return Number((Number(number) * times).toPrecision(12));
}

import { type Alert, type FiringExample, situationsOf } from '../../rules/alert.ts';
import { edgesOf } from './edge-table.ts';
import { scaledDuration } from './mutation/durations.ts';

/** An example of an alert with one thing changed. */
export interface Variation {
  /** Which of the alert's situations: 0 is the firing example, 1 the quiet one, then its edges. */
  readonly of: number;
  /** The series whose values are multiplied, by the name of their metric. */
  readonly metric?: string;
  readonly times?: number;
  /** The series that are left out, by the name of their metric. */
  readonly without?: string;
  /** When to look, as a multiple of the example's time. */
  readonly at?: number;
  readonly outcome: 'fires' | 'quiet';
}

/** The situation of a variation, which expects the alerts of the firing example or none. */
export function situationOf(alert: Alert, variation: Variation): FiringExample {
  const { of, metric, times = 1, without, at = 1, outcome } = variation;
  const base = [...situationsOf(alert), ...edgesOf(alert.name)][of];
  if (base === undefined) throw new Error(`${alert.name} has no situation ${of}`);
  const series = base.series
    .filter(([name]) => nameOf(name.promql) !== without)
    .map(([name, values]) =>
      nameOf(name.promql) === metric ? ([name, multiplied(values, times)] as const) : ([name, values] as const),
    );
  return {
    ...base,
    when: `${base.when}; ${wordsOf(variation)}`,
    series,
    at: scaledDuration(base.at, at),
    alerts: outcome === 'fires' ? alert.fires.alerts : [],
  };
}

export function nameOf(series: string): string {
  return series.replace(/\{.*/s, '');
}

function wordsOf({ metric, times, without, at }: Variation): string {
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

import type { Metric } from '../metrics/define.ts';
import type { Expr, PlainMetric } from '../metrics/promql.ts';
import { promql } from '../metrics/promql.ts';

/** The mean of five minutes, in which a failed scrape or a slow step does not show. Zero is a value like any other. */
export function lately(level: PlainMetric | Expr): Expr {
  return promql`avg_over_time(${level}[5m])`;
}

/** The median of two hours, without the last minutes: they are what is judged. */
export function usually(level: PlainMetric | Expr): Expr {
  return promql`quantile_over_time(0.5, ${level}[2h] offset 10m)`;
}

/** At least twenty minutes of the two hours are known: what a run or an engine does in its first minutes is no measure. */
export function settled(level: PlainMetric | Expr): Expr {
  return promql`last_over_time(${level}[5m] offset 30m)`;
}

/** Deviations that lie between the quartiles of a normal distribution. */
const quartilesApart = 1.349;
/** Steady levels would have no deviation at all, and any change of theirs endless ones. */
const leastDeviationRatio = 0.02;

export interface History {
  readonly level: Metric<string, 'gauge'>;
  readonly median: Metric<string, 'gauge'>;
  readonly spread: Metric<string, 'gauge'>;
}

/** Distance between the quartiles of the same two hours. */
export function spreadOf(level: PlainMetric | Expr): Expr {
  const quantile = (share: number): Expr => promql`quantile_over_time(${share}, ${level}[2h] offset 10m)`;
  return promql`${quantile(0.75)} - ${quantile(0.25)}`;
}

/** Robust deviations from the median, with a sign; what is usually nothing has none. */
export function robustScore({ level, median, spread }: History): Expr {
  return promql`(${level} - ${median}) / (${spread} / ${quartilesApart} + ${leastDeviationRatio} * (${median} > 0))`;
}

import type { Metric } from '../metrics/define.ts';
import type { Expr } from '../metrics/promql.ts';
import { promql } from '../metrics/promql.ts';

type Recorded = Metric<string, 'gauge'>;

/** What was usual at this time of day, yesterday and a week ago. */
export interface Season {
  readonly mean1d: Recorded;
  readonly deviation1d: Recorded;
  readonly mean1w: Recorded;
  readonly deviation1w: Recorded;
}

/** At the same time of day, half an hour to either side; at least 20 samples of it. */
export function aroundThisTime(level: Recorded, ago: 'day' | 'week', operation: 'avg' | 'stddev'): Expr {
  const past = ago === 'day' ? promql`${level}[1h] offset 1410m` : promql`${level}[1h] offset 10050m`;
  const isKnown = promql`count_over_time(${past}) >= 20`;
  return operation === 'avg'
    ? promql`avg_over_time(${past}) and ${isKnown}`
    : promql`stddev_over_time(${past}) and ${isKnown}`;
}

/** The lower of the lower lines of yesterday and a week ago; only where both are known. */
export function lowSeason({ mean1d, deviation1d, mean1w, deviation1w }: Season): Expr {
  const day = promql`${mean1d} - ${spread(mean1d, deviation1d)}`;
  const week = promql`${mean1w} - ${spread(mean1w, deviation1w)}`;
  return promql`(${day} < ${week}) or (${week} <= ${day})`;
}

/** The higher of the upper lines. */
export function highSeason({ mean1d, deviation1d, mean1w, deviation1w }: Season): Expr {
  const day = promql`${mean1d} + ${spread(mean1d, deviation1d)}`;
  const week = promql`${mean1w} + ${spread(mean1w, deviation1w)}`;
  return promql`(${day} > ${week}) or (${week} >= ${day})`;
}

/** Deviations from yesterday at this time, with a sign. */
export function seasonScore(level: Recorded, { mean1d, deviation1d }: Season): Expr {
  return promql`3 * (${level} - ${mean1d}) / (${spread(mean1d, deviation1d)} > 0)`;
}

/** Three deviations, each at least 5 % of the mean: what is steady would have no band at all. */
function spread(mean: Recorded, deviation: Recorded): Expr {
  return promql`3 * ((${deviation} > 0.05 * ${mean}) or 0.05 * ${mean})`;
}

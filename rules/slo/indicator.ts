import type { Expr } from '../../metrics/promql.ts';
import { duration, promql, verbatim } from '../../metrics/promql.ts';
import { shareOf } from '../serving.ts';
import type { Window } from './objective.ts';

/** Sums over a window, one for each instance of the objective. */
type InWindow = (window: Window) => Expr;

/** What is counted: events of counters, or members that are looked at once for each evaluation. */
export type Indicator =
  | { readonly kind: 'good'; readonly good: InWindow; readonly events: InWindow }
  | { readonly kind: 'bad'; readonly bad: InWindow; readonly events: InWindow }
  | {
      readonly kind: 'members';
      /** How many are good now; nothing counts as none. */
      readonly good: Expr;
      /** How many there should be now. */
      readonly members: Expr;
    };

export type EventIndicator = Exclude<Indicator, { readonly kind: 'members' }>;

/** Nothing where there were no events, so that no NaN goes further; missing good events are all bad. */
export function errorRatioIn(indicator: EventIndicator, window: Window): Expr {
  const events = indicator.events(window);
  return indicator.kind === 'good'
    ? promql`clamp_min(1 - ${shareOf(indicator.good(window), events)}, 0)`
    : promql`clamp_max(${shareOf(indicator.bad(window), events)}, 1)`;
}

/** 0 where there were events and none of them was bad. */
export function badEventsIn(indicator: EventIndicator, window: Window): Expr {
  const events = indicator.events(window);
  return indicator.kind === 'good'
    ? promql`clamp_min(${events} - (${indicator.good(window)} or 0 * ${events}), 0)`
    : promql`${indicator.bad(window)} or 0 * ${events}`;
}

export function sumBy(labels: readonly string[], vector: Expr): Expr {
  return promql`sum by (${verbatim(labels.join(', '))}) (${vector})`;
}

/** Increase of counters that the selector finds, in a window. */
export function counted(labels: readonly string[], selector: Expr): InWindow {
  return (window) => sumBy(labels, promql`increase(${selector}[${duration(window)}])`);
}

/**
 * Events of a native histogram that took no longer than `seconds`. The functions are experimental in Prometheus 2.40 to 2.x, behind
 * the feature flag `native-histograms`; in 3.x they need none.
 */
export function nativeLatency(labels: readonly string[], histogram: Expr, seconds: number): EventIndicator {
  const increase = counted(labels, histogram);
  const events: InWindow = (window) => promql`histogram_count(${increase(window)})`;
  // The fraction of no events is NaN.
  const good: InWindow = (window) =>
    promql`(histogram_fraction(0, ${seconds}, ${increase(window)}) * ${events(window)} and ${events(window)} > 0)`;
  return { kind: 'good', good, events };
}

/** Members that are 1 while they are good, and 0 while they are not. */
export function booleanGauge(labels: readonly string[], gauge: Expr): Indicator {
  return {
    kind: 'members',
    good: sumBy(labels, promql`${gauge} == 1`),
    members: promql`count by (${verbatim(labels.join(', '))}) (${gauge})`,
  };
}

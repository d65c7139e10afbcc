import { inference } from '../metrics/inference.ts';
import type { Duration, Expr } from '../metrics/promql.ts';
import { duration, promql } from '../metrics/promql.ts';
import { shareOf } from './serving.ts';

type Span = Duration['duration'];

/** What `slo` at the beginning of a name stands for; over all tenants, and over all proxies and services. */
const slo = ['cluster', 'model_name', 'slo'] as const;

/**
 * Long windows come from the counters themselves. A mean of ratios would give the night as much weight as the day, and
 * the increase of a recorded sum would take the restart of one replica for a reset of them all.
 */
function eventsIn(window: Span): Expr {
  return promql`sum by (cluster, model_name, slo) (increase(${inference.inference_slo_events_total}[${duration(window)}]))`;
}

function goodEventsIn(window: Span): Expr {
  return promql`sum by (cluster, model_name, slo) (increase(${inference.inference_slo_good_events_total}[${duration(window)}]))`;
}

/** Nothing where there were no events, so that no NaN goes further. */
function errorRatioIn(window: Span): Expr {
  return promql`clamp_min(1 - ${shareOf(goodEventsIn(window), eventsIn(window))}, 0)`;
}

/** What a recorded error ratio over the window is. */
export function errorRatio(window: Span, words: string) {
  return {
    help: `Share of the events of ${words} that did not meet the objective.`,
    unit: 'ratio',
    labels: slo,
    expr: errorRatioIn(window),
  } as const;
}

/** What a recorded number of events in the window is. */
export function events(window: Span, words: string) {
  return {
    help: `Events of ${words} that the objective judged.`,
    unit: 'none',
    labels: slo,
    expr: eventsIn(window),
  } as const;
}

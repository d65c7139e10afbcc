import { type Expr, promql } from '../../metrics/promql.ts';

/**
 * The increase over a longer time, out of what is recorded every two minutes about the ten minutes before: each moment is in five of the
 * values. Windows side by side would miss what happens between the last scrape of one and the first of the next.
 */
export function increaseOf(last10m: Expr, over: '1h' | '7d' | '$__range'): Expr {
  switch (over) {
    case '1h':
      return promql`sum_over_time(${last10m}[1h]) / 5`;
    case '7d':
      return promql`sum_over_time(${last10m}[7d]) / 5`;
    case '$__range':
      return promql`sum_over_time(${last10m}[$__range]) / 5`;
  }
}

/** The same of events, which are whole: one that has just been seen is one, and not a fifth. Of what has none there is no series. */
export function eventsOf(last10m: Expr, over: '1h' | '7d' | '$__range'): Expr {
  return promql`clamp_min(round(${increaseOf(last10m, over)}), 1)`;
}

import type { Expr, PlainMetric } from '../metrics/promql.ts';
import { promql } from '../metrics/promql.ts';

/**
 * One value for each GPU and no other label, so that a comparison of two of these can never be many-to-many,
 * even while two exporters see the same GPU.
 */
export function perGpu(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, node, gpu_id, uuid) (${vector})`;
}

export function perNode(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, node) (${vector})`;
}

/** The last reading, which outlives a failed scrape or two; a bare selector is empty after one, and `for` starts again. */
export function recent(vector: PlainMetric | Expr): Expr {
  return promql`last_over_time(${vector}[3m])`;
}

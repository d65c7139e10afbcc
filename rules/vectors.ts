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

/**
 * One value for each training run and no other label: a DaemonSet on a shared file system sees a run once on each node,
 * and a run that moves to another node stays the same run.
 */
export function perRun(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, run, job_id, framework) (${vector})`;
}

/**
 * Phases that a rank spends on its own work. In communication the slow rank is the one that waits least, and checkpoints
 * and evaluation are often the work of one rank.
 */
export const ownWork = { notRe: 'communication|checkpoint|evaluation' } as const;

/** One value for each phase of each rank of a run. */
export function perRank(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, run, job_id, framework, phase, rank) (${vector})`;
}

/** The last reading, which outlives a failed scrape or two; a bare selector is empty after one, and `for` starts again. */
export function recent(vector: PlainMetric | Expr): Expr {
  return promql`last_over_time(${vector}[3m])`;
}

/** One value for each Prometheus or Alertmanager. */
export function perServer(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, job, instance) (${vector})`;
}

/** One value for each item of the inventory, which each of its replicas shows. */
export function perItem(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, ci, class, name, node) (${vector})`;
}

/** One value for each source of the inventory. */
export function perSource(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, source) (${vector})`;
}

/** One value for each budget, which each replica of billing shows. */
export function perBudget(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, budget, tenant, cost_centre) (${vector})`;
}

/** One value for each meter of a cluster that is metered. */
export function perMeter(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, meter) (${vector})`;
}

/** One value for each GPU or node that the prediction service tells of, whichever of two services tells more. */
export function perEntity(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, node, uuid) (${vector})`;
}

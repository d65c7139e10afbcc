import type { Expr } from '../metrics/promql.ts';
import { promql } from '../metrics/promql.ts';
import { thresholds } from './thresholds.ts';

/** How many members of a cluster deviate, where they are so many that one cause is behind them all. */
export function fleetEvent(deviating: Expr, members: Expr): Expr {
  const count = promql`count by (cluster) (${deviating})`;
  return promql`(
  ${count} > ${thresholds.anomalyFleetRatio} * count by (cluster) (${members})
  and
  ${count} >= ${thresholds.anomalyFleetCount}
)`;
}

import { SceneQueryRunner } from '@grafana/scenes';
import type { Expr } from '../../../metrics/promql.ts';
import { datasource } from './datasource';

/** Expressions by the name that their rows are asked for; each is asked once for the end of the time range. */
export type Expressions = Readonly<Record<string, Expr>>;

export function instantQueries(expressions: Expressions): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource,
    queries: Object.entries(expressions).map(([refId, { promql }]) => ({
      refId,
      datasource,
      expr: promql,
      instant: true,
      range: false,
      format: 'table',
    })),
  });
}

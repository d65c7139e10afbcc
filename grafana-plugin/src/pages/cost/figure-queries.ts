import { SceneQueryRunner } from '@grafana/scenes';
import { datasource } from '../../scenes/datasource';
import { figures } from './figures';

/** The name of a figure is the refId of its query. */
export function figureQueries(): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource,
    queries: Object.entries(figures).map(([refId, { promql: expr }]) => ({
      refId,
      expr,
      instant: true,
      range: false,
      format: 'table',
    })),
  });
}

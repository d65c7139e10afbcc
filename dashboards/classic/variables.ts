import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { Variable } from '../board.ts';
import { datasource } from './datasource.ts';

export function datasourceVariable(): dashboard.DatasourceVariableBuilder {
  return new dashboard.DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus (or Thanos, Mimir, VictoriaMetrics) that has the series of FleetLens.')
    .type('prometheus');
}

export function queryVariable({ name, label, description, values }: Variable): dashboard.QueryVariableBuilder {
  const query = `label_values(${values.of.promql}, ${values.label})`;
  return (
    new dashboard.QueryVariableBuilder(name)
      .label(label)
      .description(description)
      .datasource(datasource)
      .definition(query)
      .query({ query, refId: 'StandardVariableQuery' })
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
      .sort(dashboard.VariableSort.NaturalAsc)
      .multi(true)
      .includeAll(true)
      // Unlike ".+" it also matches series without the label, as where nobody names the cluster.
      .allValue('.*')
      .current({ selected: true, text: ['All'], value: ['$__all'] })
  );
}

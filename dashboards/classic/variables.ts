import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { Variable } from '../board.ts';
import { datasource } from './datasource.ts';

export function datasourceVariable(): dashboard.DatasourceVariableBuilder {
  return new dashboard.DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus (or Thanos, Mimir, VictoriaMetrics) that has the series of FleetLens.')
    .type('prometheus');
}

export function queryVariable({
  name,
  label,
  description,
  values,
  single,
  all = '.*',
}: Variable): dashboard.QueryVariableBuilder {
  const query = `label_values(${values.of.promql}, ${values.label})`;
  const builder = new dashboard.QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(datasource)
    .definition(query)
    .query({ query, refId: 'StandardVariableQuery' })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.NaturalAsc);
  // Without a value Grafana takes the first.
  if (single === true) return builder.multi(false).includeAll(false).current({ selected: false, text: '', value: '' });
  return (
    builder
      .multi(true)
      .includeAll(true)
      // Unlike ".+" it also matches series without the label, as where nobody names the cluster.
      .allValue(all)
      .current({ selected: true, text: ['All'], value: ['$__all'] })
  );
}

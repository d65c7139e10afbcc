import { VariableRefresh } from '@grafana/data';
import { t } from '@grafana/i18n';
import { DataSourceVariable, type EmbeddedScene, QueryVariable, SceneVariableSet } from '@grafana/scenes';
import board from '../../../../dashboards/generated/cost-and-usage.json';
import { billing } from '../../../../metrics/billing.ts';
import { boardPanel } from '../../scenes/board-panel';
import { datasource } from '../../scenes/datasource';
import { pageScene } from '../../scenes/page-scene';
import { CostBody } from './CostBody';
import { figureQueries } from './figure-queries';

const all = ['billing-usage/anomalies', 'billing/daily', 'billing-usage/states', 'billing-usage/byModel'];
const one = ['billing/daily', 'billing/resources', 'billing/kinds', 'billing-usage/byModel'];

export function costScene(): EmbeddedScene {
  const body = new CostBody({
    $data: figureQueries(),
    panels: all.map((key) => boardPanel(board, key)),
    tenantPanels: one.map((key) => boardPanel(board, key)),
  });
  return pageScene({ from: 'now-7d', variables: variables(), body });
}

/** The names are those of the board, whose panels use them. */
function variables(): SceneVariableSet {
  const valuesOf = (name: string, label: string, metric: string) =>
    new QueryVariable({
      name,
      label,
      datasource,
      query: { query: `label_values(${metric}, ${name})`, refId: 'StandardVariableQuery' },
      refresh: VariableRefresh.onTimeRangeChanged,
      sort: 7,
      includeAll: true,
      allValue: '.*',
      value: '$__all',
      text: 'All',
    });
  return new SceneVariableSet({
    variables: [
      new DataSourceVariable({
        name: 'datasource',
        label: t('variable.datasource', 'Data source'),
        pluginId: 'prometheus',
      }),
      valuesOf('cluster', t('variable.cluster', 'Cluster'), billing.billing_gpu_seconds_total.name),
      valuesOf('tenant', t('variable.tenant', 'Tenant'), billing.billing_period_elapsed_ratio.name),
    ],
  });
}

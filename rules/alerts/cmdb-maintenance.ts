import { cmdb } from '../../metrics/cmdb.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleCi, exampleItemTarget } from '../examples.ts';

const server = { class: 'server', node: { not: '' } } as const;
const underMaintenance = promql`(${select(cmdb.cmdb_ci_maintenance, server)} == 1)`;

/** What holds other alerts back. */
export default defineAlerts({
  theme: 'cmdb-maintenance',
  alerts: [
    {
      name: 'NodeMaintenance',
      // In the cluster of the node, and in that of the inventory, whose series about the node have that one.
      expr: promql`max by (cluster, node) (${select(cmdb.cmdb_ci_info, server)} and on (ci) ${underMaintenance})
or
max by (cluster, node) ${underMaintenance}`,
      for: '0s',
      keepFiringFor: '5m',
      severity: 'none',
      action: 'none',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A node is under maintenance, so alerts about it are not told to anybody.',
      description:
        '{{ $labels.node }} in {{ $labels.cluster }} is under maintenance. Alerts about it are held back until the window ends.',
      runbook: {
        meaning:
          'Somebody works on the node: a maintenance window covers it now, or its state in the inventory is maintenance. Alertmanager holds back every alert about the node and tells nobody of this one. It goes on for five minutes after the end, while the node comes back.',
        firstLook: ['Who works on it, and until when: `fleetlens cmdb show <node>`.'],
        remedy: ['Nothing. To hear of the node again, end the window early, or set the state back to in_service.'],
      },
      fires: {
        when: 'A window covers a node of another cluster than that of the inventory, and not its neighbour',
        series: [
          exampleCi('1x10', { cluster: 'c2' }),
          exampleCi('1x10', { cluster: 'c2', ci: '13', node: 'n2' }),
          [series(cmdb.cmdb_ci_maintenance, exampleItemTarget), '_x2 1x8'],
        ],
        at: '4m',
        alerts: [
          { cluster: 'c1', node: 'n1' },
          { cluster: 'c2', node: 'n1' },
        ],
      },
      quiet: {
        when: 'A rack is under maintenance, which is no node, and a server without a node',
        series: [
          exampleCi('1x10'),
          [
            series(cmdb.cmdb_ci_maintenance, { ...exampleItemTarget, class: 'rack', ci: '3', name: 'r07', node: '' }),
            '1x10',
          ],
          [series(cmdb.cmdb_ci_maintenance, { ...exampleItemTarget, ci: '4', name: 'spare', node: '' }), '1x10'],
        ],
        at: '4m',
      },
    },
  ],
});

import { nodeExporter } from '../../metrics/external.ts';
import { series } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { absentAlert } from '../absent-alert.ts';
import { defineAlerts } from '../alert.ts';
import { exampleHostTarget } from '../examples.ts';

export default defineAlerts({
  theme: 'node-metrics',
  profile: 'node',
  alerts: [
    absentAlert({
      name: 'NodeMetricsAbsent',
      anyOf: [nodeExporter.node_uname_info],
      exporter: 'node_exporter',
      blind: 'Alerts about machines, their disks and their network',
      firstLook: ['Does it answer: `curl -s http://<node>:9100/metrics | grep -c ^node_`.'],
      remedy: ['You watch machines with something else: leave the profile node out when you generate the rules.'],
      example: series(nodeExporter.node_uname_info, {
        ...exampleHostTarget,
        nodename: 'n1',
        release: '5.15.0-105-generic',
        machine: 'x86_64',
      }),
    }),
    {
      ...absentAlert({
        name: 'InfinibandMetricsAbsent',
        anyOf: [nodeHost.node_infiniband_state_id],
        exporter: 'the InfiniBand collector of node_exporter',
        blind: 'Alerts about ports of InfiniBand and RoCE',
        firstLook: [
          'Are there adapters: `ls /sys/class/infiniband`, and `curl -s http://<node>:9100/metrics | grep -c ^node_infiniband_`.',
        ],
        remedy: [
          'A cluster without such adapters: silence this alert for good.',
          'In a container mount `/sys` and name it with `--path.sysfs`.',
        ],
        example: series(nodeHost.node_infiniband_state_id, { ...exampleHostTarget, device: 'mlx5_0', port: '1' }),
      }),
      severity: 'info',
    },
  ],
});

import { gpu } from '../../metrics/gpu.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpuTarget } from '../examples.ts';

const versions = promql`count by (cluster, model, driver, vbios) (last_over_time(${gpu.gpu_info}[5m]))`;

function exampleVersion(node: string, driver: string, values: string, model = 'H200', vbios = '96.00.9F') {
  const facts = { model, serial: node, pci_bus_id: '0000:19:00.0', vbios, driver };
  const target = { ...exampleGpuTarget, node, instance: `${node}:9400`, uuid: `GPU-${node}` };
  return [series(gpu.gpu_info, { ...target, ...facts }), values] as const;
}

export default defineAlerts({
  theme: 'gpu-versions',
  interval: '5m',
  alerts: [
    {
      name: 'FirmwareSkew',
      expr: promql`count by (cluster, model) (${versions}) > 1`,
      for: '6h',
      severity: 'info',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'GPUs of one model in a cluster have different drivers or firmware.',
      description:
        '{{ $labels.model }} GPUs in {{ $labels.cluster }} have {{ $value | humanize }} different combinations of driver and video BIOS. Bring the last nodes to the version of the others.',
      runbook: {
        meaning:
          'A rollout stands still, or a node was installed anew with something else. Jobs over several nodes then fail or differ in speed, and faults cannot be compared. Six hours are left for a rollout under way.',
        firstLook: [
          'Which: `count by (model, driver, vbios) (gpu_info)`, and the nodes of the smallest group with `gpu_info{driver="<driver>"}`.',
          'What the baseline says, where the inventory has one: `cmdb_baseline_behind`, and `fleetlens cmdb drift`.',
        ],
        remedy: [
          'Finish the rollout, or take back what a single node got.',
          'The video BIOS differs on an exchanged board: flash it at the next window with the tool of the maker of the server.',
          'Two versions are meant to be there for weeks, as in a canary: silence the alert for the model.',
        ],
      },
      fires: {
        when: 'One of three nodes has an older driver since yesterday, and one board of another model an older video BIOS',
        series: [
          exampleVersion('n1', '580.65.06', '1x450'),
          exampleVersion('n2', '580.65.06', '1x450'),
          exampleVersion('n3', '570.86.15', '1x450'),
          exampleVersion('n4', '580.65.06', '1x450', 'A100'),
          exampleVersion('n5', '580.65.06', '1x450', 'A100', '92.00.45'),
        ],
        at: '420m',
        alerts: [
          { cluster: 'c1', model: 'A100' },
          { cluster: 'c1', model: 'H200' },
        ],
      },
      quiet: {
        when: 'A rollout takes five hours, and another model has a driver of its own',
        series: [
          exampleVersion('n1', '580.65.06', '1x450'),
          exampleVersion('n2', '570.86.15', '1x300 _x150'),
          exampleVersion('n2', '580.65.06', '_x300 1x150'),
          exampleVersion('n3', '550.54.14', '1x450', 'A100'),
        ],
        at: '420m',
      },
    },
  ],
});

import { prometheus } from '../../metrics/external.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu } from '../examples.ts';
import { gpuGroup } from '../recording/gpu.ts';
import { thresholds } from '../thresholds.ts';

const gpus = gpuGroup.series['cluster:gpu:count'];

/** Notes about single GPUs are not folded: half of a fleet at its power cap is a day like any other. */
const firing = select(prometheus.ALERTS, {
  alertstate: 'firing',
  domain: 'gpu',
  severity: { re: 'critical|warning' },
  uuid: { not: '' },
});
const perAlert = promql`count by (cluster, alertname) (count by (cluster, node, uuid, alertname) (${firing}))`;
const nodes = promql`count by (cluster, alertname) (count by (cluster, node, alertname) (${firing}))`;

function exampleFiring(alertname: string, [from, to]: readonly [number, number], severity = 'warning') {
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const node = `n${Math.floor(number / 8)}`;
    const own = { alertname, alertstate: 'firing', severity, domain: 'gpu', run: '', model_name: '', tenant: '' };
    return [series(prometheus.ALERTS, { ...own, cluster: 'c1', node, uuid: `GPU-${number}` }), '1x5'] as const;
  });
}

export default defineAlerts({
  theme: 'gpu-fleet',
  alerts: [
    {
      name: 'GpuFleetEvent',
      // The rule names its own alert, so the name of the others moves to a label of its own.
      expr: promql`max by (cluster, folded) (
  label_replace(
    (${perAlert} and on (cluster, alertname) ${nodes} >= ${thresholds.gpuFleetEventNodesCount})
    / on (cluster) group_left () (${gpus} > 0),
    "folded", "$1", "alertname", "(.+)"
  )
) >= ${thresholds.gpuFleetEventRatio}`,
      thresholds: ['gpuFleetEventNodesCount', 'gpuFleetEventRatio'],
      for: '0s',
      keepFiringFor: '10m',
      severity: 'critical',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'A large part of the GPUs of a cluster have the same alert at once.',
      description:
        '{{ $value | humanizePercentage }} of the GPUs in {{ $labels.cluster }} have the alert {{ $labels.folded }}. Look for one cause, such as cooling, power, a driver or a rollout, before you look at single GPUs.',
      runbook: {
        meaning:
          'So many GPUs do not fail by themselves at once. While this fires the alerts of the single GPUs are held back, so that one message stands for all of them.',
        firstLook: [
          'Where: `count by (node) (ALERTS{alertname="<folded>",alertstate="firing"})`, and by rack on the board of the inventory.',
          'What changed: rollouts of drivers, of the exporter and of these rules; work in the data centre.',
          'The runbook of the alert that is folded tells what it means for a single GPU.',
        ],
        remedy: [
          'Heat: call the data centre; take load off before machines protect themselves.',
          'A driver or firmware that was rolled out: stop the rollout and go back.',
          'A threshold that does not fit this fleet: set it in your file of rule settings.',
        ],
      },
      fires: {
        when: '24 of 80 GPUs on three nodes are too hot',
        series: [[series(gpus, { cluster: 'c1' }), '80x5'], ...exampleFiring('GpuTemperatureHigh', [0, 24])],
        at: '2m',
        alerts: [{ cluster: 'c1', folded: 'GpuTemperatureHigh' }],
      },
      quiet: {
        when: '23 of 80 GPUs are too hot, all are at their power cap, and two whole nodes of a small cluster are down',
        series: [
          [series(gpus, { cluster: 'c1' }), '80x5'],
          ...exampleFiring('GpuTemperatureHigh', [0, 23]),
          ...exampleFiring('GpuPowerCapped', [0, 80], 'info'),
          [series(gpus, { cluster: 'c2' }), '2x5'],
          ...['n1', 'n2'].map(
            (node) =>
              [
                series(prometheus.ALERTS, {
                  alertname: 'GpuLost',
                  alertstate: 'firing',
                  severity: 'critical',
                  domain: 'gpu',
                  run: '',
                  model_name: '',
                  tenant: '',
                  cluster: 'c2',
                  node,
                  uuid: exampleGpu.uuid,
                }),
                '1x5',
              ] as const,
          ),
        ],
        at: '2m',
      },
    },
  ],
});

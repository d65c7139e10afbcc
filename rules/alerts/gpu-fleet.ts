import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpuTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';

/** Notes about single GPUs are not folded: half of a fleet at its power cap is a day like any other. */
const firing = select(prometheus.ALERTS, {
  alertstate: 'firing',
  domain: 'gpu',
  severity: { re: 'critical|warning' },
  uuid: { not: '' },
});

/**
 * The share of `gpus`, a vector with a value for each GPU, that have the same alert. Alerts of other GPUs do not count, such as those
 * that another exporter tells of. The rule names its own alert, so the name of the others moves to a label of its own.
 */
export function fleetEvent(gpus: Expr): Expr {
  const known = promql`count by (cluster, node, uuid) (${gpus})`;
  const alerts = promql`(
      count by (cluster, node, uuid, alertname) (${firing})
      and on (cluster, node, uuid)
      ${known}
    )`;
  return promql`max by (cluster, folded) (
  label_replace(
    (
      count by (cluster, alertname) (${alerts})
      and on (cluster, alertname)
      count by (cluster, alertname) (count by (cluster, node, alertname) (${alerts})) >= ${thresholds.gpuFleetEventNodesCount}
    )
    / on (cluster) group_left ()
    count by (cluster) (${known}),
    "folded", "$1", "alertname", "(.+)"
  )
) >= ${thresholds.gpuFleetEventRatio}`;
}

/** GPUs of a cluster by number, eight on a node, with the alert. */
export function exampleFiring(alertname: string, [from, to]: readonly [number, number], severity = 'warning') {
  return Array.from({ length: to - from }, (_, index) => {
    const own = { alertname, alertstate: 'firing', severity, domain: 'gpu', run: '', model_name: '', tenant: '' };
    const { node, uuid } = exampleNumbered(from + index);
    return [series(prometheus.ALERTS, { ...own, cluster: 'c1', node, uuid }), '1x5'] as const;
  });
}

/** Place and name of a GPU by number, eight on a node. */
export function exampleNumbered(number: number): { readonly node: string; readonly uuid: string } {
  return { node: `n${Math.floor(number / 8)}`, uuid: `GPU-${number}` };
}

function exampleFleet(size: number) {
  return Array.from({ length: size }, (_, number) => {
    const target = { ...exampleGpuTarget, ...exampleNumbered(number), gpu_id: String(number % 8) };
    return [series(gpu.gpu_up, target), '1x5'] as const;
  });
}

/** A cluster of two nodes, all of whose GPUs are lost. */
const smallCluster = ['n1', 'n2'].flatMap((node) => {
  const own = { alertname: 'GpuLost', alertstate: 'firing', severity: 'critical', domain: 'gpu' };
  const place = { cluster: 'c2', node, uuid: `GPU-${node}` };
  return [
    [series(gpu.gpu_up, { ...exampleGpuTarget, ...place }), '0x5'],
    [series(prometheus.ALERTS, { ...own, ...place, run: '', model_name: '', tenant: '' }), '1x5'],
  ] as const;
});

export default defineAlerts({
  theme: 'gpu-fleet',
  alerts: [
    {
      name: 'GpuFleetEvent',
      expr: fleetEvent(perGpu(recent(gpu.gpu_up))),
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
        series: [...exampleFleet(80), ...exampleFiring('GpuTemperatureHigh', [0, 24])],
        at: '2m',
        alerts: [{ cluster: 'c1', folded: 'GpuTemperatureHigh' }],
      },
      quiet: {
        when: '23 of 80 GPUs are too hot, 40 that are not known here are hot too, all are at their power cap, and two whole nodes of a small cluster are down',
        series: [
          ...exampleFleet(80),
          ...exampleFiring('GpuTemperatureHigh', [0, 23]),
          ...exampleFiring('GpuTemperatureHigh', [80, 120]),
          ...exampleFiring('GpuPowerCapped', [0, 80], 'info'),
          ...smallCluster,
        ],
        at: '2m',
      },
    },
  ],
});

import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { type Alert, defineAlerts, type Example, type FiringExample } from '../alert.ts';
import { exampleGpuTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

/** Notes about single GPUs are not folded: half of a fleet at its power cap is a day like any other. */
const firing = select(prometheus.ALERTS, {
  alertstate: 'firing',
  domain: 'gpu',
  severity: { re: 'critical|warning' },
  uuid: { not: '' },
});

/**
 * The share of `gpus`, a vector with one value or more for each GPU, that have the same alert. Alerts of other GPUs do not count, such as those
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

/** A GPU with its place. */
export interface Place {
  readonly cluster: string;
  readonly node: string;
  readonly uuid: string;
}

type Series = FiringExample['series'][number];

/** GPUs of a cluster by number, four on a node. */
function places([from, to]: readonly [number, number], cluster = 'c1'): readonly Place[] {
  return Array.from({ length: to - from }, (_, index) => from + index).map((number) => ({
    cluster,
    node: `n${Math.floor(number / 4)}`,
    uuid: `GPU-${number}`,
  }));
}

function withAlert(alertname: string, gpus: readonly Place[], severity = 'warning'): readonly Series[] {
  const own = {
    ...{ alertname, alertstate: 'firing', severity, domain: 'gpu', team: 'sre' },
    ...{ run: '', model_name: '', tenant: '' },
  };
  return gpus.map((place) => [series(prometheus.ALERTS, { ...own, ...place }), '1x3']);
}

/** Two nodes of two GPUs and seven of one. */
const small: readonly Place[] = ['n1', 'n1', 'n2', 'n2', 'n4', 'n5', 'n6', 'n7', 'n8', 'n9', 'n10'].map(
  (node, number) => ({ cluster: 'c2', node, uuid: `GPU-c2-${number}` }),
);
/** Known elsewhere: in another cluster, on another node, and others on their node. */
const strangers = {
  cluster: places([40, 60]),
  node: places([60, 80]),
  uuid: places([80, 100]).map((place) => ({ ...place, node: 'n20' })),
} as const;

/** The examples on the series that say that a GPU is known. */
export function fleetExamples(known: (place: Place) => Series): Pick<Alert, 'fires'> & { readonly quiet: Example } {
  const fleet = places([0, 40]).map(known);
  return {
    fires: {
      when: '12 of 40 GPUs on three nodes are too hot',
      series: [...fleet, ...withAlert('GpuTemperatureHigh', places([0, 12]))],
      at: '2m',
      alerts: [{ cluster: 'c1', folded: 'GpuTemperatureHigh' }],
    },
    quiet: {
      when: '18 of 61 GPUs are too hot and many that are not known at their place, and all are at their power cap; in a small cluster two nodes lost all GPUs, and three of eleven GPUs wait for a reset',
      series: [
        ...fleet,
        ...strangers.cluster.map((place) => known({ ...place, cluster: 'c3' })),
        ...strangers.node.map((place) => known({ ...place, node: 'n30' })),
        known({ cluster: 'c1', node: 'n20', uuid: 'GPU-n20' }),
        ...withAlert('GpuTemperatureHigh', [...places([0, 18]), ...Object.values(strangers).flat()]),
        ...withAlert('GpuPowerCapped', places([0, 40]), 'info'),
        ...withAlert('GpuLost', places([0, 9]), 'critical'),
        ...small.map(known),
        ...withAlert(
          'GpuLost',
          [
            ...small.slice(0, 4),
            { cluster: 'c2', node: 'n3', uuid: 'GPU-12' },
            { cluster: 'c2', node: 'n99', uuid: 'GPU-c2-0' },
            { cluster: 'c2', node: 'n4', uuid: 'GPU-n4' },
          ],
          'critical',
        ),
        ...withAlert('GpuRowRemapPending', small.slice(4, 7)),
      ],
      at: '2m',
    },
  };
}

export default defineAlerts({
  theme: 'gpu-fleet',
  alerts: [
    {
      name: 'GpuFleetEvent',
      expr: fleetEvent(recent(gpu.gpu_up)),
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
      ...fleetExamples((place) => [series(gpu.gpu_up, { ...exampleGpuTarget, ...place, gpu_id: '0' }), '1x3']),
    },
  ],
});

import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { gpuRecordings } from '../../rules/recording/gpu.ts';
import { definePanels } from '../panel.ts';
import { toGpuDetail } from './board-links.ts';
import { increaseOf } from './recorded-increase.ts';
import { heat, noneIsBetter, noneIsGood, noRecording, onGpus, onNodes, orZero, perGpu } from './scope.ts';

const reportsUp = select(gpu.gpu_up, onGpus);
const up = perGpu(reportsUp);
/** Three looks at single moments, because a look over a whole day reads thousands of samples of each GPU. */
const seenBefore = promql`${reportsUp} offset 10m or ${reportsUp} offset 1h or ${reportsUp} offset 1d`;
const utilization = perGpu(select(gpu.gpu_utilization_ratio, onGpus));
const memoryUsed = perGpu(select(gpu.gpu_memory_used_bytes, onGpus));
const memoryTotal = perGpu(select(gpu.gpu_memory_total_bytes, onGpus));
const temperature = perGpu(select(gpu.gpu_temperature_celsius, onGpus));
const slowdownTemperature = perGpu(select(gpu.gpu_slowdown_temperature_celsius, onGpus));
const power = perGpu(select(gpu.gpu_power_watts, onGpus));
const energy = increaseOf(select(gpuRecordings.series['node:gpu_energy_joules:increase10m'], onNodes), '$__range');
const recentXid = promql`(time() - ${select(gpu.gpu_xid_last_timestamp_seconds, onGpus)}) < 3600`;
const firing = select(prometheus.ALERTS, { ...onNodes, alertstate: 'firing', domain: 'gpu' });

const noGpu = 'No GPU seen';

/** The fleet at a glance: counts and totals of this moment, straight from the GPUs. */
export const gpuPanels = definePanels('gpu', {
  up: {
    visual: 'stat',
    metric: gpu.gpu_up,
    title: 'GPUs up',
    description: 'How many GPUs are up? GPUs that answered the last collection.',
    unit: 'count',
    queries: [{ expr: promql`sum(${up})`, legend: 'up' }],
    noValue: noGpu,
  },
  down: {
    visual: 'stat',
    metric: gpu.gpu_up,
    title: 'GPUs down',
    description: 'How many GPUs are down? GPUs that their exporter knows and that did not answer the last collection.',
    unit: 'count',
    queries: [{ expr: promql`count(${up}) - sum(${up})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noGpu,
  },
  missing: {
    visual: 'stat',
    metric: gpu.gpu_up,
    title: 'GPUs missing',
    description:
      'How many GPUs are missing? GPUs that reported ten minutes, an hour or a day ago and of which nothing is heard now, neither up nor down: the node or its exporter is gone.',
    unit: 'count',
    queries: [
      {
        expr: orZero(
          promql`count(count by (cluster, node, gpu_id) (${seenBefore}) unless on (cluster, node, gpu_id) ${up})`,
          up,
        ),
        legend: 'missing',
      },
    ],
    levels: noneIsGood,
    noValue: noGpu,
  },
  tooHot: {
    visual: 'stat',
    metric: gpu.gpu_temperature_celsius,
    title: 'Too hot',
    description:
      'How many GPUs are too hot? GPUs within 5 °C of the temperature at which their hardware slows down, or above 85 °C where that limit is not known.',
    unit: 'count',
    queries: [
      {
        expr: orZero(
          promql`count((${temperature} >= on (cluster, node, uuid) (${slowdownTemperature} - 5)) or ((${temperature} > 85) unless on (cluster, node, uuid) ${slowdownTemperature}))`,
          temperature,
        ),
        legend: 'too hot',
      },
    ],
    levels: noneIsGood,
    noValue: 'No reading',
  },
  recentXid: {
    visual: 'stat',
    metric: gpu.gpu_xid_last_timestamp_seconds,
    title: 'XID, last hour',
    description:
      'How many GPUs had an XID error in the last hour? GPUs for which the driver reported any XID code in the last hour.',
    unit: 'count',
    queries: [
      { expr: orZero(promql`count(count by (cluster, node, uuid) (${recentXid}))`, up), legend: 'with XID errors' },
    ],
    levels: noneIsBetter,
    noValue: noGpu,
  },
  firing: {
    visual: 'stat',
    metric: prometheus.ALERTS,
    title: 'Alerts firing',
    description: 'How many GPU alerts fire? Alerts about GPUs that are firing now.',
    unit: 'count',
    queries: [{ expr: promql`count(${firing})`, legend: 'firing' }],
    levels: noneIsBetter,
    noValue: 'None',
  },
  meanUtilization: {
    visual: 'stat',
    metric: gpu.gpu_utilization_ratio,
    title: 'Utilization',
    description: 'How busy is the fleet? Mean share of time in which at least one kernel ran, over all GPUs.',
    queries: [{ expr: promql`avg(${utilization})`, legend: 'mean' }],
    decimals: 0,
    noValue: 'No reading',
  },
  memoryFull: {
    visual: 'stat',
    metric: gpu.gpu_memory_used_bytes,
    title: 'Memory used',
    description: 'How full is GPU memory? Memory allocated by processes as a share of all device memory.',
    unit: 'ratio',
    queries: [{ expr: promql`sum(${memoryUsed}) / sum(${memoryTotal})`, legend: 'used' }],
    decimals: 0,
    noValue: 'No reading',
  },
  powerNow: {
    visual: 'stat',
    metric: gpu.gpu_power_watts,
    title: 'Power',
    description: 'How much power do the GPUs draw? Power drawn by all boards together.',
    queries: [{ expr: promql`sum(${power})`, legend: 'drawn' }],
    decimals: 1,
    noValue: 'No reading',
  },
  energy: {
    visual: 'stat',
    metric: gpu.gpu_energy_joules_total,
    title: 'Energy',
    description: 'How much energy did they use? Energy used by all boards of the chosen nodes in the time range shown.',
    unit: 'watt_hours',
    queries: [{ expr: promql`sum(${energy}) / 3600`, legend: 'used' }],
    decimals: 1,
    noValue: noRecording,
  },
  hottestGpus: {
    visual: 'bars',
    metric: gpu.gpu_temperature_celsius,
    title: 'Which GPUs are hottest?',
    description: 'The ten highest core temperatures.',
    queries: [
      {
        expr: promql`topk(10, ${temperature})`,
        legend: '{{node}} · {{gpu_id}}',
      },
    ],
    levels: heat,
    max: 100,
    leadsTo: toGpuDetail,
    noValue: 'No reading',
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which GPU alerts fire?',
    description: 'Alerts about GPUs that are firing now, with the number of their instances.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Instances',
        unit: 'count',
        expr: promql`count by (severity, alertname, cluster, node) (${firing})`,
      },
    ],
    sortBy: ['Instances', 'largest'],
    noValue: 'No alert fires',
  },
});

import { gpu } from '../../metrics/gpu.ts';
import type { Expr, PlainMetric } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { trainingGpusGroup } from '../../rules/recording/training-gpus.ts';
import { definePanels, type Query } from '../panel.ts';
import { toGpuDetail } from './board-links.ts';
import { fullness, heat, noneIsBetter, onClusters, onRuns, perGpu } from './scope.ts';

const jobs = select(training.training_run_info, { ...onRuns, job_id: { not: '' } });
const pods = select(training.training_run_info, { ...onRuns, pod: { not: '' } });
const gpusOfJobs = select(gpu.gpu_job_info, { ...onClusters, job_id: { not: '' } });
const gpusOfPods = select(gpu.gpu_pod_info, { ...onClusters, pod: { not: '' } });

/**
 * GPUs of the chosen runs: those of the same batch job on any node, and those of the pod that writes. Only set operators,
 * which take any number of runs to a GPU and of GPUs to a run; a join by group_left would fail at the first shared GPU.
 */
const gpusOfRuns = promql`(max by (cluster, node, uuid, job_id) (${gpusOfJobs}) and on (cluster, job_id) max by (cluster, job_id) (${jobs}) or max by (cluster, node, uuid, namespace, pod) (${gpusOfPods}) and on (cluster, namespace, pod) max by (cluster, namespace, pod) (${pods}))`;

function ofRuns(readings: Expr): Expr {
  return promql`${readings} and on (cluster, node, uuid) ${gpusOfRuns}`;
}

/** The lines of the table: at most 64 GPUs, also those that are down. */
const listed = promql`topk(64, ${ofRuns(perGpu(select(gpu.gpu_up, onClusters)))})`;

function inList(readings: Expr): Expr {
  return promql`${readings} and on (cluster, node, uuid) ${listed}`;
}

const utilization = perGpu(select(gpu.gpu_utilization_ratio, onClusters));
const temperature = perGpu(select(gpu.gpu_temperature_celsius, onClusters));
const power = perGpu(select(gpu.gpu_power_watts, onClusters));
const memoryUsed = perGpu(select(gpu.gpu_memory_used_bytes, onClusters));
const memoryTotal = perGpu(select(gpu.gpu_memory_total_bytes, onClusters));
const sinceXid = promql`time() - max by (cluster, node, gpu_id, uuid, xid) (${select(gpu.gpu_xid_last_timestamp_seconds, onClusters)})`;

const runs = trainingGpusGroup.series;
const which =
  'GPUs of the batch job of the run on all nodes, or of the pod that writes. Each of them is in the table below.';
const noGpus = 'No GPU is known to belong to a run';

/** At most so many runs have a curve. */
function curve(recorded: PlainMetric, legend: string): Query {
  return { expr: promql`topk(12, ${select(recorded, onRuns)})`, legend };
}

/** From the chosen runs down to their GPUs. */
export const trainingGpuPanels = definePanels('training-gpus', {
  utilization: {
    visual: 'timeseries',
    metric: gpu.gpu_utilization_ratio,
    title: 'Are the GPUs of the run busy?',
    description: `Mean of all, and the one that does least. ${which}`,
    queries: [
      curve(runs['run:gpu_utilization_ratio:avg'], '{{run}} mean'),
      curve(runs['run:gpu_utilization_ratio:min'], '{{run}} least'),
    ],
    max: 1,
    noValue: noGpus,
  },
  power: {
    visual: 'timeseries',
    metric: gpu.gpu_power_watts,
    title: 'How much power do they draw?',
    description: `All of them together. Much less than usual at full utilization is a collective that spins. ${which}`,
    queries: [curve(runs['run:gpu_power_watts:sum'], '{{run}}')],
    noValue: noGpus,
  },
  temperature: {
    visual: 'timeseries',
    metric: gpu.gpu_temperature_celsius,
    title: 'How warm are they?',
    description: `The hottest of each run. ${which}`,
    queries: [curve(runs['run:gpu_temperature_celsius:max'], '{{run}}')],
    levels: heat,
    noValue: noGpus,
  },
  xids: {
    visual: 'table',
    metric: gpu.gpu_xid_last_timestamp_seconds,
    title: 'Which XID errors did they report?',
    description: 'XID codes of the last day on the GPUs of the chosen runs, and how long ago the last one was.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
      ['gpu_id', 'GPU'],
      ['xid', 'XID'],
    ],
    columns: [
      {
        heading: 'Ago',
        unit: 'seconds',
        expr: promql`bottomk(64, min by (cluster, node, gpu_id, xid) (${ofRuns(promql`(${sinceXid}) < 86400`)}))`,
      },
    ],
    sortBy: ['Ago', 'smallest'],
    leadsTo: toGpuDetail,
    noValue: 'No XID in the last day',
  },
  gpus: {
    visual: 'table',
    metric: gpu.gpu_up,
    title: 'How is each GPU of the run?',
    description: 'At most 64 GPUs: choose a run above. The link leads to all about one of them.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
      ['gpu_id', 'GPU'],
      ['uuid', 'UUID'],
    ],
    columns: [
      { heading: 'Up', unit: 'none', expr: listed },
      { heading: 'Busy', unit: 'ratio', expr: inList(utilization) },
      { heading: 'Power', unit: 'watts', expr: inList(power) },
      { heading: 'Temperature', unit: 'celsius', expr: inList(temperature), levels: heat },
      {
        heading: 'Memory used',
        unit: 'ratio',
        expr: inList(promql`${memoryUsed} / ${memoryTotal}`),
        levels: fullness,
      },
      {
        heading: 'XID codes, last day',
        unit: 'count',
        expr: inList(promql`count by (cluster, node, gpu_id, uuid) ((${sinceXid}) < 86400)`),
        levels: noneIsBetter,
      },
    ],
    sortBy: ['Busy', 'smallest'],
    leadsTo: toGpuDetail,
    noValue: noGpus,
  },
});

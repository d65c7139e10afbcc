import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { gpuRecordings } from '../../rules/recording/gpu.ts';
import { definePanels } from '../panel.ts';
import { toGpuFleet } from './board-links.ts';
import { fullness, heat, noneIsBetter, noneIsGood, noRecording, onGpus, onNodes } from './scope.ts';

const { series } = gpuRecordings;
const known = select(series['node:gpu:count'], onNodes);
const up = select(series['node:gpu_up:sum'], onNodes);
const utilization = select(series['node:gpu_utilization_ratio:avg'], onNodes);
const memoryUsed = select(series['node:gpu_memory_used_bytes:sum'], onNodes);
const memoryTotal = select(series['node:gpu_memory_total_bytes:sum'], onNodes);
const hottest = select(series['node:gpu_temperature_celsius:max'], onNodes);
const power = select(series['node:gpu_power_watts:sum'], onNodes);
const recentXid = promql`(time() - ${select(gpu.gpu_xid_last_timestamp_seconds, onGpus)}) < 3600`;

/** Load, heat and power over time and by node, out of what is recorded for each node: ten thousand GPUs cost no more than their nodes. */
export const gpuLoadPanels = definePanels('gpu-load', {
  utilization: {
    visual: 'timeseries',
    metric: gpu.gpu_utilization_ratio,
    title: 'Is the fleet busy?',
    description:
      'Share of time in which at least one kernel ran, averaged over the GPUs of each node: the mean node, and the tenth of nodes with the least and with the most.',
    queries: [
      { expr: promql`avg(${utilization})`, legend: 'mean' },
      { expr: promql`quantile(0.1, ${utilization})`, legend: 'idlest 10 %' },
      { expr: promql`quantile(0.9, ${utilization})`, legend: 'busiest 10 %' },
    ],
    max: 1,
    noValue: noRecording,
  },
  memory: {
    visual: 'timeseries',
    metric: gpu.gpu_memory_used_bytes,
    title: 'How much GPU memory is in use?',
    queries: [
      { expr: promql`sum(${memoryUsed})`, legend: 'used' },
      { expr: promql`sum(${memoryTotal})`, legend: 'installed' },
    ],
    noValue: noRecording,
  },
  temperature: {
    visual: 'timeseries',
    metric: gpu.gpu_temperature_celsius,
    title: 'How warm does the fleet run?',
    description: 'Core temperature of the hottest GPU of all, and of the hottest GPU of the middle node.',
    queries: [
      { expr: promql`max(${hottest})`, legend: 'hottest' },
      { expr: promql`quantile(0.5, ${hottest})`, legend: 'middle node' },
    ],
    levels: heat,
    noValue: noRecording,
  },
  power: {
    visual: 'timeseries',
    metric: gpu.gpu_power_watts,
    title: 'How much power do the GPUs draw over time?',
    description: 'Power drawn by all boards, by cluster.',
    queries: [{ expr: promql`sum by (cluster) (${power})`, legend: '{{cluster}}' }],
    stacked: true,
    noValue: noRecording,
  },
  hungriestNodes: {
    visual: 'bars',
    metric: gpu.gpu_power_watts,
    title: 'Which nodes draw the most power?',
    description: 'The ten nodes whose GPUs draw the most together.',
    queries: [{ expr: promql`topk(10, sum by (cluster, node) (${power}))`, legend: '{{node}}' }],
    leadsTo: toGpuFleet,
    noValue: noRecording,
  },
  idlestNodes: {
    visual: 'bars',
    metric: gpu.gpu_utilization_ratio,
    title: 'Which nodes are least busy?',
    description: 'The ten nodes whose GPUs ran kernels for the smallest share of time, on average.',
    queries: [{ expr: promql`bottomk(10, avg by (cluster, node) (${utilization}))`, legend: '{{node}}' }],
    max: 1,
    leadsTo: toGpuFleet,
    noValue: noRecording,
  },
  nodes: {
    visual: 'table',
    metric: gpu.gpu_up,
    title: 'How is each node?',
    description: 'One line for each node; the link on its name narrows the board to it.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      { heading: 'GPUs up', unit: 'count', expr: promql`sum by (cluster, node) (${up})` },
      {
        heading: 'GPUs down',
        unit: 'count',
        expr: promql`sum by (cluster, node) (${known}) - sum by (cluster, node) (${up})`,
        levels: noneIsGood,
      },
      { heading: 'Busy', unit: 'ratio', expr: promql`avg by (cluster, node) (${utilization})` },
      {
        heading: 'Memory used',
        unit: 'ratio',
        expr: promql`sum by (cluster, node) (${memoryUsed}) / sum by (cluster, node) (${memoryTotal})`,
        levels: fullness,
      },
      { heading: 'Hottest', unit: 'celsius', expr: promql`max by (cluster, node) (${hottest})`, levels: heat },
      { heading: 'Power', unit: 'watts', expr: promql`sum by (cluster, node) (${power})` },
      {
        heading: 'XID codes, last hour',
        unit: 'count',
        expr: promql`count by (cluster, node) (${recentXid})`,
        levels: noneIsBetter,
      },
    ],
    sortBy: ['GPUs down', 'largest'],
    noValue: noRecording,
  },
});

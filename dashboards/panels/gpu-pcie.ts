import { gpu } from '../../metrics/gpu.ts';
import { type Expr, promql, select } from '../../metrics/promql.ts';
import { gpuRecordings } from '../../rules/recording/gpu.ts';
import { definePanels } from '../panel.ts';
import { toGpuDetail } from './board-links.ts';
import { eventsOf } from './recorded-increase.ts';
import { noneIsBetter, noneIsGood, noRecording, onGpus, onNodes, onShownNode, orZero, perGpu } from './scope.ts';

const { series } = gpuRecordings;
const width = perGpu(select(gpu.gpu_pcie_link_width, onGpus));
const widthMax = perGpu(select(gpu.gpu_pcie_link_width_max, onGpus));
const generation = perGpu(select(gpu.gpu_pcie_link_generation, onGpus));
const generationMax = perGpu(select(gpu.gpu_pcie_link_generation_max, onGpus));
/** The share of load above which the alert GpuPcieDowngrade expects the full generation, too. */
const busy = promql`${perGpu(select(gpu.gpu_utilization_ratio, onGpus))} > 0.2`;
const narrow = promql`(${width} < ${widthMax})`;
const slow = promql`(${generation} < ${generationMax} and ${busy})`;
const degraded = promql`(${narrow} or ${slow})`;
const replays = series['gpu:gpu_pcie_replays:increase10m'];
const lastHour = eventsOf(select(replays, onGpus), '1h');
const sent = select(series['node:gpu_pcie_transmit_bytes_per_second:sum'], onNodes);
const received = select(series['node:gpu_pcie_receive_bytes_per_second:sum'], onNodes);

const noReading = 'No reading';
const bounded = 'Of the node that is chosen above as the node in detail.';

function ofDegraded(readings: Expr): Expr {
  return promql`topk(64, ${readings} and ${degraded})`;
}

function curves(readings: Expr): { expr: Expr; legend: string } {
  return { expr: promql`topk(16, ${perGpu(readings)})`, legend: '{{node}} · {{gpu_id}}' };
}

/** Links between GPUs and their hosts. */
export const gpuPciePanels = definePanels('gpu-pcie', {
  narrow: {
    visual: 'stat',
    metric: gpu.gpu_pcie_link_width,
    title: 'Lack PCIe lanes',
    description: 'How many GPUs lack PCIe lanes? GPUs with fewer lanes in use than GPU and slot support.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${narrow})`, width), legend: 'with fewer' }],
    levels: noneIsGood,
    noValue: noReading,
  },
  slow: {
    visual: 'stat',
    metric: gpu.gpu_pcie_link_generation,
    title: 'Slow PCIe links',
    description:
      'How many busy GPUs have a slow PCIe link? GPUs above 20 % of load whose link is below the generation that GPU and slot support.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${slow})`, generation), legend: 'slow' }],
    levels: noneIsBetter,
    noValue: noReading,
  },
  replaysNow: {
    visual: 'stat',
    metric: replays,
    title: 'PCIe replays, 1 h',
    description:
      'How many PCIe packets were repeated in the last hour? Packets of the chosen GPUs that had to be sent again; none is normal.',
    unit: 'count',
    queries: [{ expr: orZero(promql`sum(${lastHour})`, width), legend: 'sent again' }],
    levels: noneIsBetter,
    decimals: 0,
    noValue: noReading,
  },
  degraded: {
    visual: 'table',
    metric: gpu.gpu_pcie_link_width,
    title: 'Which PCIe links are below what they could be?',
    description: 'Links with fewer lanes than possible, or of a lower generation while the GPU is busy; at most 64.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
      ['gpu_id', 'GPU'],
      ['uuid', 'UUID'],
    ],
    columns: [
      { heading: 'Lanes', unit: 'count', expr: ofDegraded(width) },
      { heading: 'Lanes at most', unit: 'count', expr: ofDegraded(widthMax) },
      { heading: 'Generation', unit: 'count', expr: ofDegraded(generation) },
      { heading: 'Generation at most', unit: 'count', expr: ofDegraded(generationMax) },
    ],
    leadsTo: toGpuDetail,
    noValue: 'None',
  },
  replayCurve: {
    visual: 'timeseries',
    metric: replays,
    title: 'When were PCIe packets repeated?',
    description: 'Packets of the ten minutes before each moment that were sent again, by cluster.',
    unit: 'count',
    queries: [{ expr: promql`sum by (cluster) (${select(replays, onGpus)})`, legend: '{{cluster}}' }],
    stacked: true,
    noValue: 'No PCIe replays',
  },
  replayList: {
    visual: 'bars',
    metric: replays,
    title: 'Which GPUs repeat PCIe packets?',
    description: 'The ten GPUs with the most PCIe packets sent again in the last hour; none is normal.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(10, max by (cluster, node, gpu_id, uuid) (${lastHour}))`,
        legend: '{{node}} · {{gpu_id}}',
      },
    ],
    levels: { base: 'notice', steps: [[480, 'warning']] },
    decimals: 0,
    leadsTo: toGpuDetail,
    noValue: 'No PCIe replays',
  },
  traffic: {
    visual: 'timeseries',
    metric: gpu.gpu_pcie_transmit_bytes_per_second,
    title: 'How much goes over PCIe over time?',
    description: 'Bytes per second that the GPUs of the chosen nodes send to and receive from their hosts.',
    unit: 'bytes_per_second',
    queries: [
      { expr: promql`sum(${sent})`, legend: 'sent' },
      { expr: promql`sum(${received})`, legend: 'received' },
    ],
    noValue: noRecording,
  },
  busiest: {
    visual: 'bars',
    metric: gpu.gpu_pcie_receive_bytes_per_second,
    title: 'Which nodes load the most over PCIe?',
    description: 'The ten nodes whose GPUs receive the most from their hosts.',
    unit: 'bytes_per_second',
    queries: [{ expr: promql`topk(10, sum by (cluster, node) (${received}))`, legend: '{{node}}' }],
    noValue: noRecording,
  },
  sentByGpu: {
    visual: 'timeseries',
    metric: gpu.gpu_pcie_transmit_bytes_per_second,
    title: 'How much does each GPU send over PCIe?',
    description: `${gpu.gpu_pcie_transmit_bytes_per_second.help} ${bounded}`,
    unit: 'bytes_per_second',
    queries: [curves(select(gpu.gpu_pcie_transmit_bytes_per_second, onShownNode))],
    leadsTo: toGpuDetail,
    noValue: noReading,
  },
  receivedByGpu: {
    visual: 'timeseries',
    metric: gpu.gpu_pcie_receive_bytes_per_second,
    title: 'How much does each GPU receive over PCIe?',
    description: `${gpu.gpu_pcie_receive_bytes_per_second.help} ${bounded}`,
    unit: 'bytes_per_second',
    queries: [curves(select(gpu.gpu_pcie_receive_bytes_per_second, onShownNode))],
    leadsTo: toGpuDetail,
    noValue: noReading,
  },
  nodes: {
    visual: 'table',
    metric: gpu.gpu_pcie_transmit_bytes_per_second,
    title: 'How much do the links of each node carry?',
    description: 'One line for each node; the link on its name narrows the board to it.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'NVLink sent',
        unit: 'bytes_per_second',
        expr: promql`sum by (cluster, node) (${select(series['node:gpu_nvlink_transmit_bytes_per_second:sum'], onNodes)})`,
      },
      {
        heading: 'NVLink received',
        unit: 'bytes_per_second',
        expr: promql`sum by (cluster, node) (${select(series['node:gpu_nvlink_receive_bytes_per_second:sum'], onNodes)})`,
      },
      { heading: 'PCIe sent', unit: 'bytes_per_second', expr: promql`sum by (cluster, node) (${sent})` },
      { heading: 'PCIe received', unit: 'bytes_per_second', expr: promql`sum by (cluster, node) (${received})` },
      {
        heading: 'NVLinks active',
        unit: 'count',
        expr: promql`sum by (cluster, node) (${select(series['gpu:gpu_nvlink_up:sum'], onNodes)})`,
      },
    ],
    sortBy: ['NVLink sent', 'largest'],
    noValue: noRecording,
  },
});

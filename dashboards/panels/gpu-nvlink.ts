import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, promql, select } from '../../metrics/promql.ts';
import { gpuRecordings } from '../../rules/recording/gpu.ts';
import { definePanels } from '../panel.ts';
import { toGpuDetail } from './board-links.ts';
import { eventsOf } from './recorded-increase.ts';
import { noneIsBetter, noneIsGood, noRecording, onGpus, onNodes, onShownNode, orZero } from './scope.ts';

const { series } = gpuRecordings;
const active = promql`max by (cluster, node, gpu_id, uuid) (${select(series['gpu:gpu_nvlink_up:sum'], onGpus)})`;
const best = promql`max by (cluster, node) (${select(series['gpu:gpu_nvlink_up:sum'], onNodes)})`;
/** GPUs with fewer links than the best of their node: the number that a model has is not known. */
const fewer = promql`${active} < on (cluster, node) group_left () ${best}`;
const errors = series['gpu_kind:gpu_nvlink_errors:increase10m'];
const lastHour = eventsOf(select(errors, onGpus), '1h');
const firing = select(prometheus.ALERTS, {
  ...onNodes,
  alertstate: 'firing',
  alertname: { re: 'Gpu.*(Nvlink|Pcie).*' },
});
const sent = select(series['node:gpu_nvlink_transmit_bytes_per_second:sum'], onNodes);
const received = select(series['node:gpu_nvlink_receive_bytes_per_second:sum'], onNodes);

const noNvlink = 'No NVLink';
const bounded = 'Of the node that is chosen above as the node in detail.';
const device = [
  ['cluster', 'Cluster'],
  ['node', 'Node'],
  ['gpu_id', 'GPU'],
  ['uuid', 'UUID'],
] as const;

function perGpu(readings: Expr): { expr: Expr; legend: string } {
  return {
    expr: promql`topk(16, max by (cluster, node, gpu_id, uuid) (${readings}))`,
    legend: '{{node}} · {{gpu_id}}',
  };
}

/** Links between GPUs, from all nodes down to single GPUs; each link by itself is on the board about one GPU. */
export const gpuNvlinkPanels = definePanels('gpu-nvlink', {
  fewer: {
    visual: 'stat',
    metric: series['gpu:gpu_nvlink_up:sum'],
    title: 'Lack NVLinks',
    description:
      'How many GPUs lack NVLinks? GPUs with fewer active links than the GPU of their node that has the most.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${fewer})`, active), legend: 'with fewer' }],
    levels: noneIsGood,
    noValue: noNvlink,
  },
  errorsNow: {
    visual: 'stat',
    metric: errors,
    title: 'NVLink errors',
    description:
      'How many NVLink errors were there in the last hour? Errors of all kinds on the links of the chosen GPUs.',
    unit: 'count',
    queries: [{ expr: orZero(promql`sum(${lastHour})`, active), legend: 'errors' }],
    levels: noneIsBetter,
    decimals: 0,
    noValue: noNvlink,
  },
  trafficNow: {
    visual: 'stat',
    metric: gpu.gpu_nvlink_transmit_bytes_per_second,
    title: 'NVLink traffic',
    unit: 'bytes_per_second',
    queries: [{ expr: promql`sum(${sent})`, legend: 'sent' }],
    noValue: noRecording,
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts about links fire?',
    description: 'Alerts about NVLink and PCIe that are firing now.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      { heading: 'Instances', unit: 'count', expr: promql`count by (severity, alertname, cluster, node) (${firing})` },
    ],
    sortBy: ['Instances', 'largest'],
    noValue: 'No alert fires',
  },
  fewerList: {
    visual: 'table',
    metric: series['gpu:gpu_nvlink_up:sum'],
    title: 'Which GPUs lack NVLinks?',
    description:
      'GPUs with fewer active links than the best of their node; at most 64. The link leads to each of its links.',
    keys: device,
    columns: [
      {
        heading: 'Active',
        unit: 'count',
        expr: promql`bottomk(64, ${fewer})`,
      },
    ],
    sortBy: ['Active', 'smallest'],
    leadsTo: toGpuDetail,
    noValue: 'None',
  },
  errorList: {
    visual: 'table',
    metric: errors,
    title: 'Which GPUs have NVLink errors?',
    description:
      'Errors of the last hour by kind, the 64 largest counts. CRC errors are repeated by the hardware; a recovery interrupts the link.',
    keys: [...device, ['kind', 'Kind']],
    columns: [
      {
        heading: 'Errors',
        unit: 'count',
        expr: promql`topk(64, sum by (cluster, node, gpu_id, uuid, kind) (${lastHour}))`,
      },
    ],
    sortBy: ['Errors', 'largest'],
    leadsTo: toGpuDetail,
    noValue: 'No NVLink errors in the last hour',
  },
  errorCurve: {
    visual: 'timeseries',
    metric: errors,
    title: 'When did NVLink errors happen?',
    description: 'Errors of the ten minutes before each moment, by kind.',
    unit: 'count',
    queries: [{ expr: promql`sum by (kind) (${select(errors, onGpus)})`, legend: '{{kind}}' }],
    stacked: true,
    noValue: 'No NVLink errors',
  },
  traffic: {
    visual: 'timeseries',
    metric: gpu.gpu_nvlink_transmit_bytes_per_second,
    title: 'How much goes over NVLink over time?',
    description: 'Bytes per second that the GPUs of the chosen nodes send and receive.',
    unit: 'bytes_per_second',
    queries: [
      { expr: promql`sum(${sent})`, legend: 'sent' },
      { expr: promql`sum(${received})`, legend: 'received' },
    ],
    noValue: noRecording,
  },
  busiest: {
    visual: 'bars',
    metric: gpu.gpu_nvlink_transmit_bytes_per_second,
    title: 'Which nodes use NVLink most?',
    description: 'The ten nodes whose GPUs send the most.',
    unit: 'bytes_per_second',
    queries: [{ expr: promql`topk(10, sum by (cluster, node) (${sent}))`, legend: '{{node}}' }],
    noValue: noRecording,
  },
  sentByGpu: {
    visual: 'timeseries',
    metric: gpu.gpu_nvlink_transmit_bytes_per_second,
    title: 'How much does each GPU send over NVLink?',
    description: `${gpu.gpu_nvlink_transmit_bytes_per_second.help} ${bounded}`,
    unit: 'bytes_per_second',
    queries: [perGpu(select(gpu.gpu_nvlink_transmit_bytes_per_second, onShownNode))],
    leadsTo: toGpuDetail,
    noValue: 'No reading',
  },
  receivedByGpu: {
    visual: 'timeseries',
    metric: gpu.gpu_nvlink_receive_bytes_per_second,
    title: 'How much does each GPU receive over NVLink?',
    description: `${gpu.gpu_nvlink_receive_bytes_per_second.help} ${bounded}`,
    unit: 'bytes_per_second',
    queries: [perGpu(select(gpu.gpu_nvlink_receive_bytes_per_second, onShownNode))],
    leadsTo: toGpuDetail,
    noValue: 'No reading',
  },
});

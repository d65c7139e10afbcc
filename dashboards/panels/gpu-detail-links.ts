import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { gpuRecordings } from '../../rules/recording/gpu.ts';
import { definePanels } from '../panel.ts';
import { onGpu } from './scope.ts';

const noReading = 'No reading';
const noGpm = 'No such reading: it takes a GPU of Hopper or newer';
const noNvlink = 'No NVLink';
const linksUp = gpuRecordings.series['gpu:gpu_nvlink_up:sum'];

/** The links of one GPU, each by itself. */
export const gpuDetailLinkPanels = definePanels('gpu-detail-links', {
  pcieTraffic: {
    visual: 'timeseries',
    metric: gpu.gpu_pcie_transmit_bytes_per_second,
    title: 'How much goes over its PCIe link?',
    unit: 'bytes_per_second',
    queries: [
      { expr: promql`max(${select(gpu.gpu_pcie_transmit_bytes_per_second, onGpu)})`, legend: 'sent' },
      { expr: promql`max(${select(gpu.gpu_pcie_receive_bytes_per_second, onGpu)})`, legend: 'received' },
    ],
    noValue: noGpm,
  },
  pcieLink: {
    visual: 'timeseries',
    metric: gpu.gpu_pcie_link_generation,
    title: 'How fast is its PCIe link?',
    description:
      'Generation and lanes now, and the most that GPU and slot support. An idle GPU lowers the generation to save power; fewer lanes than possible are a fault.',
    unit: 'count',
    queries: [
      { expr: promql`max(${select(gpu.gpu_pcie_link_generation, onGpu)})`, legend: 'generation' },
      { expr: promql`max(${select(gpu.gpu_pcie_link_generation_max, onGpu)})`, legend: 'generation at most' },
      { expr: promql`max(${select(gpu.gpu_pcie_link_width, onGpu)})`, legend: 'lanes' },
      { expr: promql`max(${select(gpu.gpu_pcie_link_width_max, onGpu)})`, legend: 'lanes at most' },
    ],
    decimals: 0,
    noValue: noReading,
  },
  pcieReplays: {
    visual: 'timeseries',
    metric: gpu.gpu_pcie_replays_total,
    title: 'When did it repeat PCIe packets?',
    unit: 'count',
    queries: [
      {
        expr: promql`max(increase(${select(gpu.gpu_pcie_replays_total, onGpu)}[$__rate_interval]))`,
        legend: 'sent again',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: noReading,
  },
  nvlinkTraffic: {
    visual: 'timeseries',
    metric: gpu.gpu_nvlink_transmit_bytes_per_second,
    title: 'How much goes over its NVLinks?',
    unit: 'bytes_per_second',
    queries: [
      { expr: promql`max(${select(gpu.gpu_nvlink_transmit_bytes_per_second, onGpu)})`, legend: 'sent' },
      { expr: promql`max(${select(gpu.gpu_nvlink_receive_bytes_per_second, onGpu)})`, legend: 'received' },
    ],
    noValue: noGpm,
  },
  nvlinks: {
    visual: 'timeseries',
    metric: linksUp,
    title: 'How many of its NVLinks are active?',
    unit: 'count',
    queries: [{ expr: promql`max(${select(linksUp, onGpu)})`, legend: 'active' }],
    decimals: 0,
    noValue: noNvlink,
  },
  byLink: {
    visual: 'timeseries',
    metric: gpu.gpu_nvlink_transmit_bytes_total,
    title: 'How much is sent over each NVLink?',
    unit: 'bytes_per_second',
    queries: [
      {
        expr: promql`max by (link) (rate(${select(gpu.gpu_nvlink_transmit_bytes_total, onGpu)}[$__rate_interval]))`,
        legend: 'link {{link}}',
      },
    ],
    noValue: noNvlink,
  },
  nvlinkTable: {
    visual: 'table',
    metric: gpu.gpu_nvlink_errors_total,
    title: 'How is each NVLink?',
    description: 'Whether the link is active, and its errors in the time range shown, by kind.',
    keys: [['link', 'Link']],
    columns: [
      {
        heading: 'Active',
        unit: 'count',
        expr: promql`max by (link) (${select(gpu.gpu_nvlink_up, onGpu)})`,
        levels: { base: 'critical', steps: [[1, 'ok']] },
      },
      { heading: 'CRC, flits', unit: 'count', expr: errorsOf('crc_flit') },
      { heading: 'CRC, data', unit: 'count', expr: errorsOf('crc_data') },
      { heading: 'Replays', unit: 'count', expr: errorsOf('replay') },
      { heading: 'Recoveries', unit: 'count', expr: errorsOf('recovery') },
    ],
    sortBy: ['Active', 'smallest'],
    noValue: noNvlink,
  },
});

function errorsOf(kind: string) {
  return promql`max by (link) (round(increase(${select(gpu.gpu_nvlink_errors_total, { ...onGpu, kind })}[$__range])))`;
}

import { gpu } from '../../metrics/gpu.ts';
import { promql } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { perGpu } from '../vectors.ts';

const node = ['cluster', 'node'] as const;

/**
 * What the board about links reads. A GPU with 18 links has 72 counters of errors, so ten thousand GPUs have 720,000: nobody can look at them for
 * each picture. Series of errors are there for those GPUs alone that have some, which are few.
 */
export const gpuLinkSumsGroup = defineRecordings(
  { group: 'gpu-link-sums', interval: '2m' },
  {
    'gpu_kind:gpu_nvlink_errors:increase10m': {
      help: 'NVLink errors of the GPU in the last ten minutes over all of its links, by kind; absent while there are none.',
      unit: 'none',
      labels: ['cluster', 'node', 'gpu_id', 'uuid', 'kind'],
      expr: promql`sum by (cluster, node, gpu_id, uuid, kind) (
  max by (cluster, node, gpu_id, uuid, link, kind) (increase(${gpu.gpu_nvlink_errors_total}[10m]))
) > 0`,
    },
    'gpu:gpu_pcie_replays:increase10m': {
      help: 'PCIe packets of the GPU that were sent again in the last ten minutes; absent while there are none.',
      unit: 'none',
      labels: ['cluster', 'node', 'gpu_id', 'uuid'],
      expr: promql`${perGpu(promql`increase(${gpu.gpu_pcie_replays_total}[10m])`)} > 0`,
    },
    'node:gpu_nvlink_transmit_bytes_per_second:sum': {
      help: 'Bytes per second that the GPUs of the node send over NVLink.',
      unit: 'none',
      labels: node,
      expr: promql`sum by (cluster, node) (${perGpu(gpu.gpu_nvlink_transmit_bytes_per_second)})`,
    },
    'node:gpu_nvlink_receive_bytes_per_second:sum': {
      help: 'Bytes per second that the GPUs of the node receive over NVLink.',
      unit: 'none',
      labels: node,
      expr: promql`sum by (cluster, node) (${perGpu(gpu.gpu_nvlink_receive_bytes_per_second)})`,
    },
    'node:gpu_pcie_transmit_bytes_per_second:sum': {
      help: 'Bytes per second that the GPUs of the node send over PCIe.',
      unit: 'none',
      labels: node,
      expr: promql`sum by (cluster, node) (${perGpu(gpu.gpu_pcie_transmit_bytes_per_second)})`,
    },
    'node:gpu_pcie_receive_bytes_per_second:sum': {
      help: 'Bytes per second that the GPUs of the node receive over PCIe.',
      unit: 'none',
      labels: node,
      expr: promql`sum by (cluster, node) (${perGpu(gpu.gpu_pcie_receive_bytes_per_second)})`,
    },
  },
);

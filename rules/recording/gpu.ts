import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { perGpu } from '../vectors.ts';
import { gpuLinkSumsGroup } from './gpu-link-sums.ts';
import { gpuSlowGroup } from './gpu-slow.ts';

const throttled = perGpu(select(gpu.gpu_clock_event_active, { reason: { re: 'sw_thermal|hw_thermal|hw_slowdown' } }));

/**
 * What overview boards read, so that a fleet of ten thousand GPUs costs them a few series for each cluster and node. Rules of a group are
 * evaluated in order, so those of clusters add up what those of nodes have just recorded.
 */
export const gpuGroup = defineRecordings(
  { group: 'gpu' },
  {
    'node:gpu:count': {
      help: 'Number of GPUs that the exporter of the node knows, lost ones included.',
      unit: 'none',
      labels: ['cluster', 'node'],
      expr: promql`count by (cluster, node) (${perGpu(gpu.gpu_up)})`,
    },
    'node:gpu_up:sum': {
      help: 'Number of GPUs of the node that answer.',
      unit: 'none',
      labels: ['cluster', 'node'],
      expr: promql`sum by (cluster, node) (${perGpu(gpu.gpu_up)})`,
    },
    'node:gpu_utilization_ratio:avg': {
      help: 'Mean utilization of the GPUs of the node.',
      unit: 'ratio',
      labels: ['cluster', 'node'],
      expr: promql`avg by (cluster, node) (${perGpu(gpu.gpu_utilization_ratio)})`,
    },
    'node:gpu_memory_used_bytes:sum': {
      help: 'Device memory in use on the node.',
      unit: 'bytes',
      labels: ['cluster', 'node'],
      expr: promql`sum by (cluster, node) (${perGpu(gpu.gpu_memory_used_bytes)})`,
    },
    'node:gpu_memory_total_bytes:sum': {
      help: 'Device memory of the node.',
      unit: 'bytes',
      labels: ['cluster', 'node'],
      expr: promql`sum by (cluster, node) (${perGpu(gpu.gpu_memory_total_bytes)})`,
    },
    'node:gpu_temperature_celsius:max': {
      help: 'Core temperature of the hottest GPU of the node.',
      unit: 'celsius',
      labels: ['cluster', 'node'],
      expr: promql`max by (cluster, node) (${gpu.gpu_temperature_celsius})`,
    },
    'node:gpu_power_watts:sum': {
      help: 'Power drawn by the GPUs of the node.',
      unit: 'watts',
      labels: ['cluster', 'node'],
      expr: promql`sum by (cluster, node) (${perGpu(gpu.gpu_power_watts)})`,
    },
    'node_reason:gpu_clock_event_active:sum': {
      help: 'Number of GPUs of the node whose clocks the reason holds down.',
      unit: 'none',
      labels: ['cluster', 'node', 'reason'],
      expr: promql`sum by (cluster, node, reason) (max by (cluster, node, gpu_id, uuid, reason) (${gpu.gpu_clock_event_active}))`,
    },
    'cluster:gpu:count': {
      help: 'Number of GPUs that exporters know in the cluster, lost ones included.',
      unit: 'none',
      labels: ['cluster'],
      expr: promql`sum by (cluster) (node:gpu:count)`,
    },
    'cluster:gpu_up:sum': {
      help: 'Number of GPUs of the cluster that answer.',
      unit: 'none',
      labels: ['cluster'],
      expr: promql`sum by (cluster) (node:gpu_up:sum)`,
    },
    'cluster:gpu_utilization_ratio:avg': {
      help: 'Mean utilization of the GPUs of the cluster.',
      unit: 'ratio',
      labels: ['cluster'],
      expr: promql`avg by (cluster) (${perGpu(gpu.gpu_utilization_ratio)})`,
    },
    'cluster:gpu_memory_used_bytes:sum': {
      help: 'Device memory in use in the cluster.',
      unit: 'bytes',
      labels: ['cluster'],
      expr: promql`sum by (cluster) (node:gpu_memory_used_bytes:sum)`,
    },
    'cluster:gpu_memory_total_bytes:sum': {
      help: 'Device memory of the cluster.',
      unit: 'bytes',
      labels: ['cluster'],
      expr: promql`sum by (cluster) (node:gpu_memory_total_bytes:sum)`,
    },
    'cluster:gpu_temperature_celsius:max': {
      help: 'Core temperature of the hottest GPU of the cluster.',
      unit: 'celsius',
      labels: ['cluster'],
      expr: promql`max by (cluster) (node:gpu_temperature_celsius:max)`,
    },
    'cluster:gpu_power_watts:sum': {
      help: 'Power drawn by the GPUs of the cluster.',
      unit: 'watts',
      labels: ['cluster'],
      expr: promql`sum by (cluster) (node:gpu_power_watts:sum)`,
    },
    'cluster:gpu_throttled:sum': {
      help: 'Number of GPUs of the cluster whose clocks are held down by heat or by hardware protection.',
      unit: 'none',
      labels: ['cluster'],
      expr: promql`sum by (cluster) (${throttled})`,
    },
  },
);

/** The recorded series about GPUs, whichever group evaluates them: boards need not know. */
export const gpuRecordings = {
  series: { ...gpuGroup.series, ...gpuSlowGroup.series, ...gpuLinkSumsGroup.series },
} as const;

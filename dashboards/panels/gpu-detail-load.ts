import type { LabelsOf, Metric } from '../../metrics/define.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { onGpu } from './scope.ts';

/** A gauge that has one value for each GPU. */
type GpuGauge = Metric<string, 'gauge', LabelsOf<(typeof gpu)['gpu_temperature_celsius']>>;

function now(gauge: GpuGauge): Expr {
  return promql`max(${select(gauge, onGpu)})`;
}

function by(label: 'kind' | 'reason', readings: Expr | PlainMetric): Expr {
  return label === 'kind' ? promql`max by (kind) (${readings})` : promql`max by (reason) (${readings})`;
}

const noReading = 'No reading';
const noGpm = 'No such reading: it takes a GPU of Hopper or newer';

/** What one GPU does: load, heat, power and clocks, each with its own limits. */
export const gpuDetailLoadPanels = definePanels('gpu-detail-load', {
  utilization: {
    visual: 'timeseries',
    metric: gpu.gpu_utilization_ratio,
    title: 'When was it busy?',
    description:
      'Share of time in which at least one kernel ran, and in which memory was read or written. A GPU may be busy all the time and use little of itself: see beside.',
    queries: [
      { expr: now(gpu.gpu_utilization_ratio), legend: 'kernels' },
      { expr: now(gpu.gpu_memory_controller_utilization_ratio), legend: 'memory' },
    ],
    max: 1,
    noValue: noReading,
  },
  activity: {
    visual: 'timeseries',
    metric: gpu.gpu_sm_active_ratio,
    title: 'How much of it is used?',
    description:
      'Shares of time in which multiprocessors had work, tensor cores computed and memory was moved, and how full multiprocessors were (GPM).',
    queries: [
      { expr: now(gpu.gpu_sm_active_ratio), legend: 'multiprocessors' },
      { expr: now(gpu.gpu_sm_occupancy_ratio), legend: 'occupancy' },
      { expr: now(gpu.gpu_tensor_active_ratio), legend: 'tensor cores' },
      { expr: now(gpu.gpu_dram_active_ratio), legend: 'memory bandwidth' },
    ],
    max: 1,
    noValue: noGpm,
  },
  memory: {
    visual: 'timeseries',
    metric: gpu.gpu_memory_used_bytes,
    title: 'How does its memory fill?',
    description: 'Memory that processes allocated, what driver and firmware reserve, and the size of it.',
    queries: [
      { expr: now(gpu.gpu_memory_used_bytes), legend: 'used' },
      { expr: now(gpu.gpu_memory_reserved_bytes), legend: 'reserved' },
      { expr: now(gpu.gpu_memory_total_bytes), legend: 'size' },
    ],
    noValue: noReading,
  },
  temperature: {
    visual: 'timeseries',
    metric: gpu.gpu_temperature_celsius,
    title: 'How warm does it run, against its own limits?',
    description:
      'Core temperature with the limits at which the hardware slows down and shuts down, and memory temperature with the limit above which memory slows down, as the GPU reports them.',
    queries: [
      { expr: now(gpu.gpu_temperature_celsius), legend: 'core' },
      { expr: now(gpu.gpu_slowdown_temperature_celsius), legend: 'core slows down' },
      { expr: now(gpu.gpu_shutdown_temperature_celsius), legend: 'core shuts down' },
      { expr: now(gpu.gpu_memory_temperature_celsius), legend: 'memory' },
      { expr: now(gpu.gpu_memory_max_temperature_celsius), legend: 'memory slows down' },
    ],
    noValue: noReading,
  },
  power: {
    visual: 'timeseries',
    metric: gpu.gpu_power_watts,
    title: 'How much power does it draw, against its limits?',
    description: 'Power drawn by the board, averaged and of the moment, with the limits of the board by kind.',
    queries: [
      { expr: now(gpu.gpu_power_watts), legend: 'drawn' },
      { expr: now(gpu.gpu_power_instant_watts), legend: 'drawn, of the moment' },
      { expr: by('kind', select(gpu.gpu_power_limit_watts, onGpu)), legend: '{{kind}} limit' },
    ],
    noValue: noReading,
  },
  clocks: {
    visual: 'timeseries',
    metric: gpu.gpu_sm_clock_hertz,
    title: 'How fast does it run?',
    description: 'Clocks of the multiprocessors and of memory, and the highest that there are.',
    queries: [
      { expr: now(gpu.gpu_sm_clock_hertz), legend: 'multiprocessors' },
      { expr: now(gpu.gpu_sm_clock_max_hertz), legend: 'multiprocessors at most' },
      { expr: now(gpu.gpu_memory_clock_hertz), legend: 'memory' },
      { expr: now(gpu.gpu_memory_clock_max_hertz), legend: 'memory at most' },
    ],
    noValue: noReading,
  },
  reasons: {
    visual: 'timeseries',
    metric: gpu.gpu_clock_event_active,
    title: 'What holds its clocks down?',
    unit: 'count',
    queries: [{ expr: by('reason', select(gpu.gpu_clock_event_active, onGpu)), legend: '{{reason}}' }],
    stacked: true,
    decimals: 0,
    noValue: noReading,
  },
  throttled: {
    visual: 'timeseries',
    metric: gpu.gpu_throttle_seconds_total,
    title: 'For how much of the time were its clocks held down?',
    description: `${gpu.gpu_throttle_seconds_total.help} As a share of the time.`,
    unit: 'ratio',
    queries: [
      {
        expr: by('reason', promql`rate(${select(gpu.gpu_throttle_seconds_total, onGpu)}[$__rate_interval])`),
        legend: '{{reason}}',
      },
    ],
    max: 1,
    noValue: noReading,
  },
  engines: {
    visual: 'timeseries',
    metric: gpu.gpu_encoder_utilization_ratio,
    title: 'Do video and image engines work?',
    description: 'Shares of time in which encoders, decoders, JPEG decoders and the optical flow accelerator worked.',
    queries: [
      { expr: now(gpu.gpu_encoder_utilization_ratio), legend: 'encoders' },
      { expr: now(gpu.gpu_decoder_utilization_ratio), legend: 'decoders' },
      { expr: now(gpu.gpu_jpeg_utilization_ratio), legend: 'JPEG' },
      { expr: now(gpu.gpu_ofa_utilization_ratio), legend: 'optical flow' },
    ],
    max: 1,
    noValue: noReading,
  },
  fan: {
    visual: 'timeseries',
    metric: gpu.gpu_fan_ratio,
    title: 'How fast do its fans turn?',
    queries: [{ expr: now(gpu.gpu_fan_ratio), legend: 'fans' }],
    max: 1,
    noValue: 'No fans',
  },
});

import { promql, select } from '../../metrics/promql.ts';
import type { Alert } from '../alert.ts';
import { leakExamples } from '../alerts/gpu-memory.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';
import { exampleSecond, exampleThird, exampleVendorTarget, type GpuSignals, ofGpu, shown } from './signals.ts';
import { variantOf } from './variant.ts';

/** Memory and use on series of another exporter. */
export function memoryAlerts(signals: GpuSignals): readonly Alert[] {
  return [nearlyFull(signals), leak(signals), idle(signals)];
}

function nearlyFull({ memoryUsed, memoryTotal }: GpuSignals): Alert {
  return variantOf('GpuMemoryNearlyFull', {
    expr: promql`${ofGpu(memoryUsed, recent)} / (${ofGpu(memoryTotal, recent)} > 0) > ${thresholds.gpuMemoryNearlyFullRatio}`,
    thresholds: ['gpuMemoryNearlyFullRatio'],
    fires: {
      when: '74 of 80 GB are in use for six minutes',
      series: [shown(memoryUsed, '#10e9 #74e9x10'), shown(memoryTotal, '#80e9x11')],
      at: '7m',
    },
    quiet: {
      when: 'Less than nine tenths are in use',
      series: [shown(memoryUsed, '#71.9e9x12'), shown(memoryTotal, '#80e9x12')],
      at: '11m',
    },
    edges: [
      { when: 'A GPU shows no memory', series: [shown(memoryUsed, '#74e9x12'), shown(memoryTotal, '0x12')], at: '11m' },
    ],
  });
}

function leak({ memoryUsed, memoryFree }: GpuSignals): Alert {
  const used = (over: 'min' | 'max', minutesAgo: 0 | 25 | 50) =>
    ofGpu(memoryUsed, (metric) => {
      const window =
        minutesAgo === 0 ? promql`${metric}[10m]` : promql`${metric}[10m] offset ${{ duration: `${minutesAgo}m` }}`;
      return over === 'min' ? promql`min_over_time(${window})` : promql`max_over_time(${window})`;
    });
  return variantOf('GpuMemoryLeak', {
    expr: promql`${ofGpu(memoryUsed, (metric) => promql`3600 * deriv(${metric}[1h])`)} > ${thresholds.gpuMemoryLeakBytesPerHour}
and on (cluster, node, gpu_id, uuid)
${ofGpu(memoryFree, (metric) => promql`predict_linear(${metric}[1h], ${thresholds.gpuMemoryLeakHorizonSeconds})`)} < 0
and on (cluster, node, gpu_id, uuid)
${used('min', 0)} > ${used('max', 25)}
and on (cluster, node, gpu_id, uuid)
${used('min', 25)} > ${used('max', 50)}`,
    thresholds: ['gpuMemoryLeakBytesPerHour', 'gpuMemoryLeakHorizonSeconds'],
    ...leakExamples((what, values, number = 0) =>
      shown(
        what === 'used' ? memoryUsed : memoryFree,
        values,
        [exampleVendorTarget, exampleSecond, exampleThird][number],
      ),
    ),
  });
}

/** These exporters put pod and job on every series; a GPU is held where either is set, now and an hour ago. */
function idle({ utilization }: GpuSignals): Alert {
  const { metric } = utilization;
  const held = (where: Parameters<typeof select<typeof metric>>[1]) => {
    const own = select(metric, where);
    return promql`(last_over_time(${own}[5m]) and last_over_time(${own}[5m] offset 1h))`;
  };
  return variantOf('GpuIdleAllocated', {
    expr: promql`${ofGpu(utilization, (one) => promql`max_over_time(${one}[1h])`)} < ${thresholds.gpuIdleRatio}
and on (cluster, node, gpu_id, uuid)
${perGpu(promql`${held({ pod: { not: '' } })}
or
${held({ job_id: { not: '' } })}`)}`,
    thresholds: ['gpuIdleRatio'],
    fires: {
      when: 'A pod has a GPU for two hours and uses 4 % of it',
      series: [shown(utilization, '#0.04x150', { ...exampleVendorTarget, pod: 'nb-0' })],
      at: '130m',
    },
    quiet: {
      when: 'Nobody has an idle GPU, a pod came ten minutes ago to another and uses 6 % of a third',
      series: [
        shown(utilization, '#0.06x150', { ...exampleThird, pod: 'nb-0' }),
        shown(utilization, '#0x150'),
        shown(utilization, '#0x118 _x40', exampleSecond),
        shown(utilization, '_x120 #0x30', { ...exampleSecond, pod: 'new-0' }),
      ],
      at: '130m',
    },
  });
}

import { promql, select } from '../../metrics/promql.ts';
import type { Alert } from '../alert.ts';
import { exampleGpu } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';
import {
  exampleSecond,
  exampleVendorTarget,
  type GpuSignals,
  ofGpu,
  type Signal,
  shown,
  type Target,
} from './signals.ts';
import { variantOf } from './variant.ts';

/** Links, clocks and fans on series of another exporter. */
export function linkAlerts(signals: GpuSignals): readonly Alert[] {
  const { nvlinkCrcFlit, nvlinkCrcData, nvlinkRecoveries, smClock, fan } = signals;
  return [
    ...pcieDowngrade(signals),
    replays(signals.pcieReplays),
    ...(nvlinkCrcFlit && nvlinkCrcData ? [crc(nvlinkCrcFlit, nvlinkCrcData)] : []),
    ...(nvlinkRecoveries ? [recoveries(nvlinkRecoveries)] : []),
    ...(smClock ? [clockBelowPeers(smClock, signals.utilization)] : []),
    ...(fan ? [fanFailed(fan, signals.temperature)] : []),
  ];
}

function pcieDowngrade({ pcie, utilization }: GpuSignals): readonly Alert[] {
  if (pcie === undefined) return [];
  const { width, widthMax, generation, generationMax } = pcie;
  const highest = (signal: Signal) => ofGpu(signal, (metric) => promql`max_over_time(${metric}[5m])`);
  const link = (lanes: number, speed: number, load: number, target: Target = exampleVendorTarget) => [
    shown(width, `${lanes}x15`, target),
    shown(widthMax, '16x15', target),
    shown(generation, `${speed}x15`, target),
    shown(generationMax, '5x15', target),
    shown(utilization, `#${load}x15`, target),
  ];
  return [
    variantOf('GpuPcieDowngrade', {
      expr: promql`${highest(width)} / ${ofGpu(widthMax, recent)} < 1
or
(
  2 ^ (${highest(generation)} - ${ofGpu(generationMax, recent)}) < 1
  and on (cluster, node, gpu_id, uuid)
  ${ofGpu(utilization, (metric) => promql`avg_over_time(${metric}[5m])`)} > ${thresholds.gpuPcieLoadRatio}
)`,
      thresholds: ['gpuPcieLoadRatio'],
      fires: {
        when: 'A busy GPU runs at generation 4 in a slot of generation 5',
        series: link(16, 4, 0.9),
        at: '10m',
      },
      quiet: {
        when: 'An idle GPU saves power at generation 1, with all its lanes',
        series: link(16, 1, 0.1),
        at: '10m',
      },
      edges: [
        {
          when: 'An idle GPU has half of its lanes, beside an idle one that saves power',
          series: [...link(8, 5, 0), ...link(16, 1, 0, exampleSecond)],
          at: '10m',
          alerts: [exampleGpu],
        },
        {
          when: 'A slow link just above the load that counts as busy',
          series: link(16, 4, 0.22),
          at: '10m',
          alerts: [exampleGpu],
        },
        {
          when: 'A busy GPU is as fast as its slot, another has exactly the load that counts as busy',
          series: [...link(16, 5, 0.9), ...link(16, 4, 0.2, exampleSecond)],
          at: '10m',
        },
      ],
    }),
  ];
}

function replays(signal: Signal): Alert {
  return variantOf('GpuPcieReplay', {
    expr: promql`${ofGpu(signal, (metric) => promql`rate(${metric}[10m])`)} * 60 > ${thresholds.gpuPcieReplaysPerMinute}`,
    thresholds: ['gpuPcieReplaysPerMinute'],
    fires: {
      when: '17 replays in two minutes for half an hour',
      series: [shown(signal, '0+17x15')],
      interval: '2m',
      at: '26m',
    },
    quiet: { when: '15 replays in two minutes', series: [shown(signal, '0+15x15')], interval: '2m', at: '26m' },
  });
}

function crc(flit: Signal, data: Signal): Alert {
  const perMinute = (signal: Signal) => ofGpu(signal, (metric) => promql`60 * rate(${metric}[10m])`);
  return variantOf('GpuNvlinkCrcErrors', {
    expr: promql`${perMinute(flit)} + ${perMinute(data)} > ${thresholds.gpuNvlinkCrcErrorsPerMinute}`,
    thresholds: ['gpuNvlinkCrcErrorsPerMinute'],
    fires: {
      when: '13 errors of both kinds in two minutes',
      series: [shown(flit, '0+6x15'), shown(data, '0+7x15')],
      interval: '2m',
      at: '26m',
    },
    quiet: {
      when: '11 errors of both kinds in two minutes',
      series: [shown(flit, '0+4x15'), shown(data, '0+7x15')],
      interval: '2m',
      at: '26m',
    },
  });
}

function recoveries(signal: Signal): Alert {
  return variantOf('GpuNvlinkRecovery', {
    expr: promql`round(${ofGpu(signal, (metric) => promql`increase(${metric}[10m])`)}) > 0`,
    fires: { when: 'One recovery, a quarter of an hour ago', series: [shown(signal, '3x5 4x25')], at: '18m' },
    quiet: { when: 'Recoveries of long ago', series: [shown(signal, '4x30')], at: '18m' },
  });
}

function clockBelowPeers({ metric }: Signal, utilization: Signal): Alert {
  const busy = ofGpu(utilization, (one) => promql`avg_over_time(${one}[5m])`);
  const clock = promql`(
  max by (cluster, node, gpu_id, uuid, job_id) (avg_over_time(${select(metric, { job_id: { not: '' } })}[5m]))
  and on (cluster, node, gpu_id, uuid)
  ${busy} > ${thresholds.gpuBusyRatio}
)`;
  const gpus = (ratios: readonly number[], load = 0.9, from = 0, labels: Partial<Target> = {}) =>
    ratios.flatMap((ratio, offset) => {
      const index = from + offset;
      const target = { ...exampleVendorTarget, gpu_id: String(index), job_id: '4711' };
      const own = { ...(index === 0 ? target : { ...target, uuid: `GPU-${index}` }), ...labels };
      return [shown({ metric, unitsPerBase: 1 }, `${1980 * ratio}x20`, own), shown(utilization, `#${load}x20`, own)];
    });
  return variantOf('GpuClockBelowPeers', {
    expr: promql`max by (cluster, node, gpu_id, uuid) (
  ${clock}
  / on (cluster, job_id) group_left ()
  quantile by (cluster, job_id) (0.5, ${clock})
) < ${thresholds.gpuClockBelowPeersRatio}`,
    thresholds: ['gpuClockBelowPeersRatio', 'gpuBusyRatio'],
    fires: {
      when: 'One of three GPUs of a job is at 80 % of the others',
      series: gpus([0.8, 1, 1]),
      at: '15m',
    },
    quiet: { when: 'One of three GPUs of a job is at 90 % of the others', series: gpus([0.9, 1, 1]), at: '15m' },
    edges: [
      {
        when: 'Two more of the job are slow and hardly idle; what has a label in common with them works on another job',
        series: [
          ...gpus([0.8, 1, 1], 0.55),
          ...gpus([0.8, 0.8], 0.45, 3),
          ...[{ cluster: 'c2' }, { node: 'n2' }, { gpu_id: '9' }].flatMap((labels) =>
            gpus([1, 1], 0.9, 3, { ...labels, job_id: '4712' }),
          ),
          ...[3, 4].flatMap((index) => gpus([1], 0.9, index, { uuid: `GPU-other-${index}`, job_id: '4712' })),
        ],
        at: '15m',
        alerts: [exampleGpu],
      },
    ],
  });
}

function fanFailed(fan: Signal, temperature: Signal): Alert {
  return variantOf('GpuFanFailed', {
    expr: promql`${ofGpu(fan, (metric) => promql`max_over_time(${metric}[5m])`)} == 0
and on (cluster, node, gpu_id, uuid)
${ofGpu(temperature, (metric) => promql`min_over_time(${metric}[5m])`)} > ${thresholds.gpuFanNeededCelsius}`,
    thresholds: ['gpuFanNeededCelsius'],
    fires: {
      when: 'A fan stands still for a quarter of an hour on a board at 65 °C',
      series: [shown(fan, '#0.4x2 0x20'), shown(temperature, '#65x22')],
      at: '15m',
    },
    quiet: {
      when: 'A fan stands still on an idle board at 60 °C',
      series: [shown(fan, '0x22'), shown(temperature, '#60x22')],
      at: '15m',
    },
  });
}

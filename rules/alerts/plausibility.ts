import { processes } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget, exampleRunTarget, exampleTarget } from '../examples.ts';
import { exchangeBoard, whichGpu } from '../gpu-texts.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, perNode, recent } from '../vectors.ts';
import { resetGpu } from './gpu-xid.ts';

/** Sets the label `signal`, so that one alert can say which of several readings is meant. */
function named(
  signal: 'temperature' | 'power' | 'memory' | 'utilization' | 'energy' | 'lifetime_errors',
  vector: Expr,
) {
  return promql`label_replace(${vector}, "signal", ${signals[signal]}, "uuid", ".*")`;
}
const signals = {
  temperature: promql`"temperature"`,
  power: promql`"power"`,
  memory: promql`"memory"`,
  utilization: promql`"utilization"`,
  energy: promql`"energy"`,
  lifetime_errors: promql`"lifetime_errors"`,
} as const;

const temperature = perGpu(recent(gpu.gpu_temperature_celsius));
const power = perGpu(recent(gpu.gpu_power_watts));
const powerMax = perGpu(recent(select(gpu.gpu_power_limit_watts, { kind: 'max' })));
const used = perGpu(recent(gpu.gpu_memory_used_bytes));
const total = perGpu(recent(gpu.gpu_memory_total_bytes));
const utilization = perGpu(recent(gpu.gpu_utilization_ratio));

const restarts = perNode(
  promql`changes(${select(processes.process_start_time_seconds, { job: 'fleetlens-gpu' })}[1h])`,
);
const lifetime = promql`resets(${select(gpu.gpu_ecc_errors_total, { lifetime: 'aggregate' })}[1h])`;

/** When something was done by the clock of the node, told by those who look at it all the time. */
const toldByNode = promql`max by (cluster, node, job, instance) (${recent(fleetlens.fleetlens_last_collect_timestamp_seconds)} or ${recent(training.training_last_step_timestamp_seconds)})`;

const runOnOther = { ...exampleRunTarget, node: 'n3', instance: 'n3:9410' } as const;

const compare = 'Ask the driver itself, on the node: `nvidia-smi -q -i <gpu_id>`.';
const twice =
  'Is the GPU scraped twice under one set of labels: `count by (uuid) (gpu_up{uuid="<uuid>"})`, and the page Status, Targets.';

function exampleEnergy(values: string) {
  return [series(gpu.gpu_energy_joules_total, exampleGpuTarget), values] as const;
}

/** What cannot be right. Alerts and bills are no better than the readings that they rest on. */
export default defineAlerts({
  theme: 'plausibility',
  interval: '1m',
  alerts: [
    {
      name: 'GpuReadingImpossible',
      expr: promql`${named('temperature', promql`${temperature} <= 0 or ${temperature} > ${thresholds.gpuTemperatureImpossibleCelsius}`)}
or
${named('power', promql`${power} > ${thresholds.gpuPowerImpossibleRatio} * (${powerMax} > 0)`)}
or
${named('memory', promql`${used} > ${total}`)}
or
${named('utilization', promql`${utilization} > 1`)}`,
      thresholds: ['gpuTemperatureImpossibleCelsius', 'gpuPowerImpossibleRatio'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'observability',
      summary: 'A reading of a GPU is one that cannot be.',
      description: `The {{ $labels.signal }} of ${whichGpu} reads {{ $value | humanize }}, which cannot be. Compare it with nvidia-smi -q before you trust other alerts of this GPU.`,
      runbook: {
        meaning:
          'A sensor, a driver or a relabelling is wrong. Alerts on this reading may be false or missing, and what is billed or predicted from it is wrong too.',
        firstLook: [
          compare,
          twice,
          'Since when: the reading over a day, beside the version of the driver: `gpu_info{uuid="<uuid>"}`.',
        ],
        remedy: [
          `nvidia-smi says the same: ${resetGpu}`,
          `It stays so after a reboot: ${exchangeBoard}`,
          'nvidia-smi says something else: report the reading, the board and the driver as a fault of the exporter.',
        ],
      },
      fires: {
        when: 'One GPU is at 0 °C, another uses more memory than it has',
        series: [
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '40 0x12'],
          [series(gpu.gpu_memory_used_bytes, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }), '81e9x12'],
          [series(gpu.gpu_memory_total_bytes, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }), '80e9x12'],
          [series(gpu.gpu_power_watts, { ...exampleGpuTarget, gpu_id: '2', uuid: 'GPU-2' }), '1500x12'],
          [
            series(gpu.gpu_power_limit_watts, { ...exampleGpuTarget, gpu_id: '2', uuid: 'GPU-2', kind: 'max' }),
            '700x12',
          ],
          [series(gpu.gpu_utilization_ratio, { ...exampleGpuTarget, gpu_id: '3', uuid: 'GPU-3' }), '1.01x12'],
          [series(gpu.gpu_temperature_celsius, { ...exampleGpuTarget, gpu_id: '4', uuid: 'GPU-4' }), '151x12'],
        ],
        at: '10m',
        alerts: [
          { ...exampleGpu, signal: 'temperature' },
          { ...exampleGpu, gpu_id: '1', uuid: 'GPU-1', signal: 'memory' },
          { ...exampleGpu, gpu_id: '2', uuid: 'GPU-2', signal: 'power' },
          { ...exampleGpu, gpu_id: '3', uuid: 'GPU-3', signal: 'utilization' },
          { ...exampleGpu, gpu_id: '4', uuid: 'GPU-4', signal: 'temperature' },
        ],
      },
      quiet: {
        when: 'Readings at the edge of what can be, one that is wrong for a moment, and a board that does not know its limit',
        series: [
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '1x3 0x2 1x5 150x20'],
          [series(gpu.gpu_power_watts, exampleGpuTarget), '1400x30'],
          [series(gpu.gpu_power_limit_watts, { ...exampleGpuTarget, kind: 'max' }), '700x30'],
          [series(gpu.gpu_power_limit_watts, { ...exampleGpuTarget, kind: 'enforced' }), '300x30'],
          [series(gpu.gpu_power_watts, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }), '300x30'],
          [series(gpu.gpu_power_limit_watts, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1', kind: 'max' }), '0x30'],
          [series(gpu.gpu_memory_used_bytes, exampleGpuTarget), '80e9x30'],
          [series(gpu.gpu_memory_total_bytes, exampleGpuTarget), '80e9x30'],
          [series(gpu.gpu_utilization_ratio, exampleGpuTarget), '0x10 1x20'],
        ],
        at: '25m',
      },
    },
    {
      name: 'GpuSensorFrozen',
      expr: promql`${perGpu(promql`avg_over_time(${gpu.gpu_utilization_ratio}[30m])`)} > ${thresholds.gpuBusyRatio}
and
${perGpu(promql`changes(${gpu.gpu_temperature_celsius}[30m])`)} == 0
and
${perGpu(promql`changes(${gpu.gpu_power_watts}[30m])`)} == 0
and
${perGpu(promql`last_over_time(${gpu.gpu_power_watts}[3m] offset 30m)`)}`,
      thresholds: ['gpuBusyRatio'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'observability',
      summary: 'Temperature and power of a busy GPU do not change at all.',
      description: `${whichGpu} is busy {{ $value | humanizePercentage }} of the time, and neither its temperature nor its power has changed for half an hour. Compare both with nvidia-smi.`,
      runbook: {
        meaning:
          'Power is read in milliwatts and is never the same twice under load. Readings that stand still come from a sensor or a driver that hangs, or from something in between that repeats old values; alerts on heat and power are blind.',
        firstLook: [
          compare,
          'What the exporter shows: `curl -s http://localhost:9400/metrics | grep -E "gpu_(power_watts|temperature_celsius)"`, twice.',
          'Is something between exporter and Prometheus: an agent that buffers, a federation, a recording of replays.',
        ],
        remedy: [
          `nvidia-smi stands still too: ${resetGpu}`,
          'nvidia-smi is alive: restart the exporter and keep its log.',
          'The exporter is alive and Prometheus is not: look at what is in between.',
        ],
      },
      fires: {
        when: 'A busy GPU has stood still for 40 minutes',
        series: [
          [series(gpu.gpu_utilization_ratio, exampleGpuTarget), '0.9x20 0.55x30'],
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '60+1x9 70x40'],
          [series(gpu.gpu_power_watts, exampleGpuTarget), '500+1x9 512.3x40'],
        ],
        at: '48m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A GPU that is hardly busy stands still, the power of a busy one moves a little, or its temperature, and another one is seen since a quarter of an hour',
        series: [
          [series(gpu.gpu_utilization_ratio, { ...exampleGpuTarget, gpu_id: '3', uuid: 'GPU-3' }), '0.9x50'],
          [series(gpu.gpu_temperature_celsius, { ...exampleGpuTarget, gpu_id: '3', uuid: 'GPU-3' }), '70x24 71x25'],
          [series(gpu.gpu_power_watts, { ...exampleGpuTarget, gpu_id: '3', uuid: 'GPU-3' }), '500x50'],
          [series(gpu.gpu_utilization_ratio, exampleGpuTarget), '0.45x50'],
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '30x50'],
          [series(gpu.gpu_power_watts, exampleGpuTarget), '70x50'],
          [series(gpu.gpu_utilization_ratio, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }), '0.9x50'],
          [series(gpu.gpu_temperature_celsius, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }), '70x50'],
          [series(gpu.gpu_power_watts, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }), '500x24 500.1x25'],
          [series(gpu.gpu_utilization_ratio, { ...exampleGpuTarget, gpu_id: '2', uuid: 'GPU-2' }), '_x33 0.9x16'],
          [series(gpu.gpu_temperature_celsius, { ...exampleGpuTarget, gpu_id: '2', uuid: 'GPU-2' }), '_x33 70x16'],
          [series(gpu.gpu_power_watts, { ...exampleGpuTarget, gpu_id: '2', uuid: 'GPU-2' }), '_x33 500x16'],
        ],
        at: '48m',
      },
    },
    {
      name: 'GpuCounterWentBack',
      expr: promql`${named(
        'energy',
        promql`${perGpu(promql`resets(${gpu.gpu_energy_joules_total}[1h])`)} > ${thresholds.gpuCounterResetsPerHour}
  unless on (cluster, node)
  ${restarts} >= ${thresholds.gpuCounterResetsPerHour}`,
      )}
or
${named('lifetime_errors', promql`${perGpu(lifetime)} > 0`)}`,
      thresholds: ['gpuCounterResetsPerHour'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'observability',
      summary: 'A counter of a GPU goes back although nothing was restarted.',
      description: `The {{ $labels.signal }} of ${whichGpu} went back {{ $value | humanize }} times within an hour, and no restart explains it. Look whether two targets share its labels.`,
      runbook: {
        meaning:
          'Prometheus takes each step back for a restart and adds the whole counter again, so that rates, bills and budgets come out far too high. Mostly two exporters write one series in turn. Errors over the life of a board are kept in its memory and never go back on a sound board.',
        firstLook: [
          twice,
          'How it looks: `gpu_energy_joules_total{uuid="<uuid>"}` over an hour, without a rate.',
          'Was the driver loaded again and again: `dmesg -T | grep -i nvrm | tail -30`.',
        ],
        remedy: [
          'Two targets with one set of labels: give each its own `instance`, and do not drop that label.',
          'Two copies of Prometheus write to one store: set `external_labels` with a replica label and let the store remove duplicates.',
          'The driver is loaded anew for each call: switch persistence mode on with `nvidia-smi -pm 1`.',
          `The errors over its life went back: ${exchangeBoard}`,
        ],
      },
      fires: {
        when: 'Two exporters write one series in turn for a while, and one was started again; the errors over the life of another board go back once',
        series: [
          exampleEnergy('1000 90 1010 95 1020 99x20'),
          [series(processes.process_start_time_seconds, exampleTarget), '1x4 2x20'],
          [series(processes.process_start_time_seconds, { ...exampleTarget, cluster: 'c2' }), '1 2 3x22'],
          [
            series(gpu.gpu_ecc_errors_total, {
              ...exampleGpuTarget,
              gpu_id: '1',
              uuid: 'GPU-1',
              severity: 'correctable',
              lifetime: 'aggregate',
            }),
            '900x3 0x20',
          ],
        ],
        at: '18m',
        alerts: [
          { ...exampleGpu, signal: 'energy' },
          { ...exampleGpu, gpu_id: '1', uuid: 'GPU-1', signal: 'lifetime_errors' },
        ],
      },
      quiet: {
        when: 'The driver was loaded again twice, and the errors over the life of the board stay; on another node as often as the exporter was started again, and once more',
        series: [
          exampleEnergy('1000x3 0x3 10x3 0x3 10x10'),
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'correctable', lifetime: 'aggregate' }),
            '900x24',
          ],
          [
            series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, severity: 'correctable', lifetime: 'volatile' }),
            '5x3 0x20',
          ],
          [
            series(gpu.gpu_energy_joules_total, { ...exampleGpuTarget, node: 'n2', instance: 'n2:9400' }),
            '9 0 9 0 9 0 9x18',
          ],
          [
            series(processes.process_start_time_seconds, { ...exampleTarget, node: 'n2', instance: 'n2:9400' }),
            '1 2 3x22',
          ],
        ],
        at: '18m',
      },
    },
    {
      name: 'NodeClockAhead',
      expr: promql`${toldByNode} - time() > ${thresholds.clockAheadSeconds}`,
      thresholds: ['clockAheadSeconds'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'fleetlens',
      team: 'sre',
      summary: 'The clock of a node is ahead, so its time stamps lie in the future.',
      description:
        '{{ $labels.job }} at {{ $labels.instance }} on {{ $labels.node }} in {{ $labels.cluster }} tells of things that are {{ $value | humanizeDuration }} in the future. Compare the clock of the node with that of Prometheus.',
      runbook: {
        meaning:
          'Ages that are computed from time stamps come out too small, so that alerts on stalled runs, old checkpoints and errors stay quiet or come late. Certificates and signed messages may be refused.',
        firstLook: [
          'On the node: `chronyc tracking`, or `timedatectl timesync-status`.',
          'On the machine of Prometheus the same: if many nodes are ahead, it is that clock which is behind.',
        ],
        remedy: [
          'Start the time service again: `systemctl restart chronyd`, and `chronyc makestep`.',
          'It cannot reach its servers: open UDP port 123, or name servers that can be reached.',
          'A training run on another machine writes the time stamps: mend the clock there.',
        ],
      },
      fires: {
        when: 'The exporter of a node collects more than a minute in the future, and on another one a step is reported from there',
        series: [
          [series(training.training_last_step_timestamp_seconds, runOnOther), '70+60x15'],
          [series(fleetlens.fleetlens_last_collect_timestamp_seconds, exampleTarget), '70+60x15'],
          [
            series(fleetlens.fleetlens_last_collect_timestamp_seconds, {
              ...exampleTarget,
              node: 'n2',
              instance: 'n2:9400',
            }),
            '0+60x15',
          ],
        ],
        at: '10m',
        alerts: [exampleTarget, { cluster: 'c1', node: 'n3', job: 'fleetlens-training', instance: 'n3:9410' }],
      },
      quiet: {
        when: 'A clock is a minute ahead, and another was until it was set',
        series: [
          [series(fleetlens.fleetlens_last_collect_timestamp_seconds, exampleTarget), '60+60x15'],
          [
            series(fleetlens.fleetlens_last_collect_timestamp_seconds, {
              ...exampleTarget,
              node: 'n2',
              instance: 'n2:9400',
            }),
            '300+60x4 300+60x10',
          ],
        ],
        at: '10m',
      },
    },
  ],
});

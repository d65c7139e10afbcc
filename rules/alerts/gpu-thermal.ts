import { gpu } from '../../metrics/gpu.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';

const core = perGpu(recent(gpu.gpu_temperature_celsius));
const slowdown = perGpu(recent(gpu.gpu_slowdown_temperature_celsius));
const memory = perGpu(recent(gpu.gpu_memory_temperature_celsius));
const memoryLimit = perGpu(recent(gpu.gpu_memory_max_temperature_celsius));

const who = 'GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }}';
const readTemperatures = 'On the node: `nvidia-smi -q -d TEMPERATURE,PERFORMANCE -i <gpu_id>`.';
const compareNeighbours =
  'One GPU or all of them: `gpu_temperature_celsius{node="<node>"}`. All GPUs of a node point to its fans or to the room, one GPU to its heat sink.';
const readFans = 'Fans and inlet air: `ipmitool sdr type Fan` and `ipmitool sdr type Temperature`.';
const lowerPower =
  'To win time, lower the power limit: `nvidia-smi -i <gpu_id> -pl <watts>`, with watts between the limits of `nvidia-smi -q -d POWER -i <gpu_id>`.';
const repairCooling =
  'Replace failed fans and clogged filters, close missing blanking panels; with liquid cooling check flow and supply temperature.';

export default defineAlerts({
  theme: 'gpu-thermal',
  alerts: [
    {
      name: 'GpuTemperatureHigh',
      expr: promql`${core} >= ${slowdown} - ${thresholds.gpuTemperatureMarginCelsius}
or
(${core} >= ${thresholds.gpuTemperatureHighFallbackCelsius} unless ${slowdown})`,
      thresholds: ['gpuTemperatureMarginCelsius', 'gpuTemperatureHighFallbackCelsius'],
      for: '2m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU is close to the temperature at which it slows down.',
      description: `${who} is at {{ $value | humanize }} °C, close to its slowdown temperature. Compare it with the other GPUs of the node, then look at the fans.`,
      runbook: {
        meaning:
          'The GPU still runs at full speed, but has little margin left. If it gets warmer it halves its clocks, and every job that waits for it slows down with it.',
        firstLook: [readTemperatures, compareNeighbours, readFans],
        remedy: [repairCooling, lowerPower, 'If a whole rack is warm, call the data centre before you touch machines.'],
      },
      fires: {
        when: 'A GPU that slows down at 90 °C stays five degrees below for three minutes',
        series: [
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '70 85x5'],
          [series(gpu.gpu_slowdown_temperature_celsius, exampleGpuTarget), '90x6'],
        ],
        at: '4m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A GPU that slows down at 95 °C works at 89 °C, above the value for GPUs without a limit of their own',
        series: [
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '89x10'],
          [series(gpu.gpu_slowdown_temperature_celsius, exampleGpuTarget), '95x10'],
        ],
        at: '8m',
      },
    },
    {
      name: 'GpuTemperatureCritical',
      expr: promql`${core} >= ${slowdown}
or
(${core} >= ${thresholds.gpuTemperatureCriticalFallbackCelsius} unless ${slowdown})`,
      thresholds: ['gpuTemperatureCriticalFallbackCelsius'],
      for: '1m',
      keepFiringFor: '5m',
      severity: 'critical',
      action: 'drain',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU is so hot that it slows down.',
      description: `${who} is at {{ $value | humanize }} °C, at or above its slowdown temperature. Lower its power limit or drain the node, then look at the cooling.`,
      runbook: {
        meaning:
          'The hardware protects itself: clocks drop to half or less. If it gets warmer still the GPU switches itself off, and its jobs are lost.',
        firstLook: [readTemperatures, compareNeighbours, readFans],
        remedy: [
          lowerPower,
          'If that does not help within minutes: `kubectl drain <node> --ignore-daemonsets --delete-emptydir-data`, or `scontrol update nodename=<node> state=drain reason="overheat"`.',
          repairCooling,
          'If one GPU alone is hot after the repair, have its heat sink and thermal paste checked.',
        ],
      },
      fires: {
        when: 'A GPU without a limit of its own stays at 92 °C',
        series: [[series(gpu.gpu_temperature_celsius, exampleGpuTarget), '80 92x5']],
        at: '3m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A GPU stays one degree below its slowdown temperature',
        series: [
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '89x10'],
          [series(gpu.gpu_slowdown_temperature_celsius, exampleGpuTarget), '90x10'],
        ],
        at: '8m',
      },
    },
    {
      name: 'GpuMemoryTemperatureHigh',
      expr: promql`${memory} >= ${memoryLimit} - ${thresholds.gpuMemoryTemperatureMarginCelsius}
or
(${memory} >= ${thresholds.gpuMemoryTemperatureHighFallbackCelsius} unless ${memoryLimit})`,
      thresholds: ['gpuMemoryTemperatureMarginCelsius', 'gpuMemoryTemperatureHighFallbackCelsius'],
      for: '5m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'The memory of a GPU is close to the temperature at which it slows down.',
      description: `The memory of ${who} is at {{ $value | humanize }} °C. Compare it with the other GPUs of the node, then look at the fans.`,
      runbook: {
        meaning:
          'Memory heats up under bandwidth-bound work such as LLM decoding even while the core is cool. Above its limit memory slows down, and errors become more likely.',
        firstLook: [
          readTemperatures,
          compareNeighbours.replaceAll('gpu_temperature', 'gpu_memory_temperature'),
          readFans,
        ],
        remedy: [repairCooling, lowerPower],
      },
      fires: {
        when: 'Memory with a limit of 105 °C stays at 100 °C for six minutes',
        series: [
          [series(gpu.gpu_memory_temperature_celsius, exampleGpuTarget), '90 100x10'],
          [series(gpu.gpu_memory_max_temperature_celsius, exampleGpuTarget), '105x11'],
        ],
        at: '7m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'Memory without a known limit stays at 94 °C',
        series: [[series(gpu.gpu_memory_temperature_celsius, exampleGpuTarget), '94x15']],
        at: '12m',
      },
    },
    {
      name: 'GpuThermalThrottle',
      expr: promql`${perGpu(promql`avg_over_time(${select(gpu.gpu_clock_event_active, { reason: { re: 'sw_thermal|hw_thermal' } })}[10m])`)} > ${thresholds.gpuThermalThrottleRatio}`,
      thresholds: ['gpuThermalThrottleRatio'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'A GPU lowers its clocks because it is hot.',
      description: `${who} was held down by thermal protection {{ $value | humanizePercentage }} of the last ten minutes. Compare its temperature with the other GPUs of the node.`,
      runbook: {
        meaning:
          'The clocks are held down to keep the temperature below its limit. The job on this GPU is slower, and so is every job that waits for it.',
        firstLook: [
          'Which protection it is: `nvidia-smi -q -d PERFORMANCE -i <gpu_id>`, section Clocks Event Reasons (SW Thermal Slowdown or HW Thermal Slowdown).',
          readTemperatures,
          compareNeighbours,
          readFans,
        ],
        remedy: [repairCooling, lowerPower],
      },
      fires: {
        when: 'Software thermal protection is active in every fourth reading',
        series: [
          [
            series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'sw_thermal' }),
            '0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0',
          ],
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'hw_thermal' }), '0x16'],
        ],
        at: '14m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'Thermal protection was active for a single reading, and the power cap all the time',
        series: [
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'hw_thermal' }), '0x3 1 0x12'],
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'sw_power_cap' }), '1x16'],
        ],
        at: '9m',
      },
    },
    {
      name: 'GpuHwSlowdown',
      expr: promql`${perGpu(promql`avg_over_time(${select(gpu.gpu_clock_event_active, { reason: { re: 'hw_slowdown|hw_power_brake' } })}[10m])`)} > ${thresholds.gpuHwSlowdownRatio}`,
      thresholds: ['gpuHwSlowdownRatio'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'The hardware halves the clocks of a GPU to protect itself.',
      description: `${who} was in hardware slowdown {{ $value | humanizePercentage }} of the last ten minutes. Look whether it is heat or the power brake with nvidia-smi -q -d PERFORMANCE.`,
      runbook: {
        meaning:
          'The hardware has taken the clocks down to half or less: because of heat, because the power supply pulled the power brake, or because of a current that is too high. Jobs on this GPU and all that wait for it run at half speed.',
        firstLook: [
          'Which reason: `nvidia-smi -q -d PERFORMANCE -i <gpu_id>`, lines HW Thermal Slowdown and HW Power Brake Slowdown.',
          'Power brake: `ipmitool sdr type "Power Supply"` and `ipmitool sel list | tail -30`.',
          'Heat: `nvidia-smi -q -d TEMPERATURE -i <gpu_id>` and `ipmitool sdr type Fan`.',
        ],
        remedy: [
          'Power brake: restore the failed power supply or the feed of the rack; until then lower the power limits: `nvidia-smi -pl <watts>`.',
          'Heat: as in GpuThermalThrottle.',
          'Neither: drain the node and reboot it; if it comes back on this GPU only, have the board exchanged.',
        ],
      },
      fires: {
        when: 'The power brake is pulled for twelve minutes',
        series: [
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'hw_slowdown' }), '0 1x12'],
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'hw_power_brake' }), '0 1x12'],
        ],
        at: '8m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'The brake was pulled for one reading while power supplies were switched over',
        series: [
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'hw_power_brake' }), '0x3 1 0x10'],
          [series(gpu.gpu_clock_event_active, { ...exampleGpuTarget, reason: 'sw_power_cap' }), '1x14'],
        ],
        at: '9m',
      },
    },
  ],
});

import { gpu } from '../../metrics/gpu.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { drainNode, whichGpu } from '../gpu-texts.ts';
import { gpuJobsGroup } from '../recording/gpu-jobs.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu } from '../vectors.ts';

const clock = gpuJobsGroup.series['gpu_job:gpu_sm_clock_hertz:avg5m'];
const fan = perGpu(promql`max_over_time(${gpu.gpu_fan_ratio}[5m])`);
const temperature = perGpu(promql`min_over_time(${gpu.gpu_temperature_celsius}[5m])`);

function exampleClock(gpu_id: string, values: string) {
  const uuid = gpu_id === '0' ? exampleGpu.uuid : `GPU-${gpu_id}`;
  return [series(clock, { ...exampleGpu, gpu_id, uuid, job_id: '4711' }), values] as const;
}

export default defineAlerts({
  theme: 'gpu-clocks',
  alerts: [
    {
      name: 'GpuClockBelowPeers',
      expr: promql`max by (cluster, node, gpu_id, uuid) (
  ${clock}
  / on (cluster, job_id) group_left ()
  quantile by (cluster, job_id) (0.5, ${clock})
) < ${thresholds.gpuClockBelowPeersRatio}`,
      thresholds: ['gpuClockBelowPeersRatio'],
      for: '10m',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'A busy GPU is clocked lower than the others of its job.',
      description: `${whichGpu} is clocked at {{ $value | humanizePercentage }} of the median of its job. Look why with nvidia-smi -q -d PERFORMANCE.`,
      runbook: {
        meaning:
          'The job waits for its slowest GPU, so one that is held down costs the time of all of them. The peers are the busy GPUs of the same job of the batch system; GPUs of pods have no such job and are not compared.',
        firstLook: [
          'What holds it down: `nvidia-smi -q -d PERFORMANCE,CLOCK -i <gpu_id>`, and `gpu_clock_event_active{uuid="<uuid>"} == 1`.',
          'Is it warm, or its power limit lower: `nvidia-smi -q -d TEMPERATURE,POWER -i <gpu_id>`.',
          'Clocks that were set by hand: `nvidia-smi -q -d CLOCK -i <gpu_id> | grep -A3 "Applications"`.',
        ],
        remedy: [
          'Clocks or limit were set by hand: `nvidia-smi -i <gpu_id> -rgc`, `nvidia-smi -i <gpu_id> -rac`, and `nvidia-smi -i <gpu_id> -pl <default watts>`.',
          'Heat or the power brake: see GpuThermalThrottle and GpuHwSlowdown.',
          `No reason is given: ${drainNode} Then test it with \`dcgmi diag -r 3 -i <gpu_id>\`.`,
        ],
      },
      fires: {
        when: 'One of three GPUs of a job is at 80 % of the others for a quarter of an hour',
        series: [exampleClock('0', '1.584e9x20'), exampleClock('1', '1.98e9x20'), exampleClock('2', '1.98e9x20')],
        at: '15m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'One is at 90 %, and all of another job are low alike',
        series: [
          exampleClock('0', '1.782e9x20'),
          exampleClock('1', '1.98e9x20'),
          exampleClock('2', '1.98e9x20'),
          [series(clock, { ...exampleGpu, gpu_id: '3', uuid: 'GPU-3', job_id: '4712' }), '1.2e9x20'],
          [series(clock, { ...exampleGpu, gpu_id: '4', uuid: 'GPU-4', job_id: '4712' }), '1.2e9x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'GpuFanFailed',
      expr: promql`${fan} == 0
and on (cluster, node, gpu_id, uuid)
${temperature} > ${thresholds.gpuFanNeededCelsius}`,
      thresholds: ['gpuFanNeededCelsius'],
      for: '5m',
      severity: 'warning',
      action: 'contact_support',
      domain: 'gpu',
      team: 'sre',
      summary: 'The fan of a warm GPU is not driven.',
      description: `The fan of ${whichGpu} is at {{ $value | humanizePercentage }} although the GPU is warm. Lower its load and look at the fan.`,
      runbook: {
        meaning:
          'Boards with a fan of their own let it stand still only when they are cool. The figure is the speed that the board asks for; a fan that is asked to turn and is blocked does not show here, but as heat.',
        firstLook: [
          'On the node: `nvidia-smi --query-gpu=fan.speed,temperature.gpu --format=csv -i <gpu_id>`.',
          'Look at the fan itself: dust, a cable, a bearing.',
        ],
        remedy: [
          'Take load off the GPU: it slows down to protect itself, and later switches off.',
          'A fan curve was set by hand: give it back to the driver with `nvidia-settings -a [gpu:<gpu_id>]/GPUFanControlState=0`.',
          'Have the fan or the board exchanged.',
        ],
      },
      fires: {
        when: 'A fan stands still for a quarter of an hour on a board at 65 °C',
        series: [
          [series(gpu.gpu_fan_ratio, exampleGpuTarget), '0.4x2 0x20'],
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '65x22'],
        ],
        at: '15m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A fan stands still on an idle board at 60 °C, another turns slowly on a hot one',
        series: [
          [series(gpu.gpu_fan_ratio, exampleGpuTarget), '0x22'],
          [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '60x22'],
          [series(gpu.gpu_fan_ratio, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }), '0.1x22'],
          [series(gpu.gpu_temperature_celsius, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }), '80x22'],
        ],
        at: '15m',
      },
    },
  ],
});

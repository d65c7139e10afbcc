import { gpu } from '../../metrics/gpu.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { whichGpu, whoHoldsGpu } from '../gpu-texts.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu } from '../vectors.ts';

const busy = perGpu(promql`max_over_time(${gpu.gpu_utilization_ratio}[1h])`);
/** Only of a holder that was there an hour ago too, and so is not just starting. */
const held =
  perGpu(promql`(last_over_time(${gpu.gpu_pod_info}[5m]) and last_over_time(${gpu.gpu_pod_info}[5m] offset 1h))
or
(last_over_time(${gpu.gpu_job_info}[5m]) and last_over_time(${gpu.gpu_job_info}[5m] offset 1h))`);

function examplePod(pod: string, values: string) {
  const holder = { gpu_instance_id: '', namespace: 'search', pod, container: 'main' };
  return [series(gpu.gpu_pod_info, { ...exampleGpuTarget, ...holder }), values] as const;
}

export default defineAlerts({
  theme: 'gpu-usage',
  interval: '1m',
  alerts: [
    {
      name: 'GpuIdleAllocated',
      expr: promql`${busy} < ${thresholds.gpuIdleRatio}
and on (cluster, node, gpu_id, uuid)
${held}`,
      thresholds: ['gpuIdleRatio'],
      for: '5m',
      severity: 'info',
      action: 'investigate',
      domain: 'gpu',
      team: 'workload',
      summary: 'A job or pod has a GPU and does not use it.',
      description: `${whichGpu} was busy at most {{ $value | humanizePercentage }} of the time in the last hour, and the same job or pod had it all along. Ask its owner whether it is still needed.`,
      runbook: {
        meaning:
          'Somebody pays for a GPU that does nothing: a notebook that was left open, a job that waits or hangs, a server without requests. Utilization counts any kernel, so a GPU that is idle by it is idle by every measure.',
        firstLook: [
          whoHoldsGpu,
          'Is it one GPU of a job that uses the others: `max_over_time(gpu_utilization_ratio{node="<node>"}[1h])`.',
          'A training run that stands still has an alert of its own, TrainingStalled.',
        ],
        remedy: [
          'The owner gives it back: `scancel <job>`, or scale the deployment down.',
          'A server that waits for requests: let it scale to zero, or share the GPU.',
          'One GPU of a job is left out: look at its log for the rank that has it.',
        ],
      },
      fires: {
        when: 'A pod has a GPU for two hours and uses less than a twentieth of it',
        series: [
          [series(gpu.gpu_utilization_ratio, exampleGpuTarget), '0.8x20 0.045x130'],
          examplePod('nb-0', '1x150'),
        ],
        at: '130m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A pod that came ten minutes ago to a GPU that nobody used, and one that works for a moment each half hour',
        series: [
          [series(gpu.gpu_utilization_ratio, exampleGpuTarget), '0x150'],
          examplePod('old-0', '1x60 _x90'),
          examplePod('new-0', '_x120 1x30'),
          [
            series(gpu.gpu_utilization_ratio, { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-1' }),
            '0x25 0.055 0x30 0.055 0x30 0.055 0x30 0.055 0x30',
          ],
          [
            series(gpu.gpu_job_info, {
              ...exampleGpuTarget,
              gpu_id: '1',
              uuid: 'GPU-1',
              gpu_instance_id: '',
              job_id: '4711',
              user_id: '1000',
            }),
            '1x150',
          ],
        ],
        at: '130m',
      },
    },
  ],
});

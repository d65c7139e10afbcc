import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { perGpu } from '../vectors.ts';

const jobs = promql`max by (cluster, node, gpu_id, uuid, job_id) (${gpu.gpu_job_info})`;
/** Codes by which the driver ends a program that reached outside its memory. */
const appErrors = select(gpu.gpu_xid_errors_total, { xid: { re: '13|31' } });

/**
 * What befell a GPU, by the job that had it at that moment: afterwards another job has it. A GPU that several jobs share
 * counts for each of them. GPUs without a job of a batch system have none of these series.
 */
export const gpuJobsGroup = defineRecordings(
  { group: 'gpu-jobs', interval: '1m' },
  {
    'gpu_job:gpu_xid_app_errors:increase5m': {
      help: 'XID errors 13 and 31 of the last five minutes by the job on the GPU; absent while there are none.',
      unit: 'none',
      labels: ['cluster', 'node', 'gpu_id', 'uuid', 'job_id'],
      expr: promql`${jobs}
* on (cluster, node, gpu_id, uuid) group_left ()
(${perGpu(promql`increase(${appErrors}[5m])`)} > 0)`,
    },
    'gpu_job:gpu_sm_clock_hertz:avg5m': {
      help: 'Mean clock of the streaming multiprocessors over five minutes by the job on the GPU, of GPUs that are busy.',
      unit: 'hertz',
      labels: ['cluster', 'node', 'gpu_id', 'uuid', 'job_id'],
      expr: promql`${jobs}
* on (cluster, node, gpu_id, uuid) group_left ()
(
  ${perGpu(promql`avg_over_time(${gpu.gpu_sm_clock_hertz}[5m])`)}
  and on (cluster, node, gpu_id, uuid)
  ${perGpu(promql`avg_over_time(${gpu.gpu_utilization_ratio}[5m])`)} > 0.5
)`,
    },
  },
);

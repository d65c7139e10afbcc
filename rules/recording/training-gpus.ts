import { gpu } from '../../metrics/gpu.ts';
import type { Expr, PlainMetric } from '../../metrics/promql.ts';
import { promql, select, verbatim } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineRecordings } from '../recording.ts';

/** What `run` at the beginning of a name stands for. */
const run = ['cluster', 'run', 'job_id', 'framework'] as const;

const runsOfJobs = promql`max by (cluster, run, job_id, framework) (${select(training.training_run_info, { job_id: { not: '' } })})`;
const runsOfPods = promql`max by (cluster, run, job_id, framework, namespace, pod) (${select(training.training_run_info, { pod: { not: '' } })})`;
const gpusOfJobs = promql`max by (cluster, node, uuid, job_id) (${select(gpu.gpu_job_info, { job_id: { not: '' } })})`;
const gpusOfPods = promql`max by (cluster, node, uuid, namespace, pod) (${select(gpu.gpu_pod_info, { pod: { not: '' } })})`;

/**
 * GPUs of the batch job of a run on all nodes, or of the pod that writes its files. Several runs may share a job, and several jobs a GPU: each
 * join has the many on its left.
 */
function ofRuns(readings: PlainMetric, operation: 'avg' | 'min' | 'max' | 'sum'): Expr {
  const together = verbatim(operation);
  const reading = promql`max by (cluster, node, uuid) (${readings})`;
  return promql`max by (cluster, run, job_id, framework) (
  ${runsOfJobs} * on (cluster, job_id) group_left ()
  ${together} by (cluster, job_id) (${gpusOfJobs} * on (cluster, node, uuid) group_left () ${reading})
  or
  ${runsOfPods} * on (cluster, namespace, pod) group_left ()
  ${together} by (cluster, namespace, pod) (${gpusOfPods} * on (cluster, node, uuid) group_left () ${reading})
)`;
}

/** What the GPUs of a run do. A board that joined ten thousand GPUs with their runs for each point of a curve would take minutes. */
export const trainingGpusGroup = defineRecordings(
  { group: 'training-gpus', interval: '2m' },
  {
    'run:gpu_utilization_ratio:avg': {
      help: 'Mean utilization of the GPUs of a run.',
      unit: 'ratio',
      labels: run,
      expr: ofRuns(gpu.gpu_utilization_ratio, 'avg'),
    },
    'run:gpu_utilization_ratio:min': {
      help: 'Utilization of the GPU of a run that does least.',
      unit: 'ratio',
      labels: run,
      expr: ofRuns(gpu.gpu_utilization_ratio, 'min'),
    },
    'run:gpu_temperature_celsius:max': {
      help: 'Temperature of the hottest GPU of a run.',
      unit: 'celsius',
      labels: run,
      expr: ofRuns(gpu.gpu_temperature_celsius, 'max'),
    },
    'run:gpu_power_watts:sum': {
      help: 'Power that the GPUs of a run draw together.',
      unit: 'watts',
      labels: run,
      expr: ofRuns(gpu.gpu_power_watts, 'sum'),
    },
  },
);

import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { definePanels } from '../panel.ts';
import { toRun } from './board-links.ts';
import { onGpu } from './scope.ts';

const held = { ...onGpu, owner: { re: 'pod|job' } } as const;
const pods = promql`max by (cluster, namespace, pod) (${select(gpu.gpu_pod_info, { ...onGpu, pod: { not: '' } })})`;
const jobs = promql`max by (cluster, job_id) (${select(gpu.gpu_job_info, { ...onGpu, job_id: { not: '' } })})`;
const ofPods = select(training.training_run_info, { pod: { not: '' } });
const ofJobs = select(training.training_run_info, { job_id: { not: '' } });
const runs = promql`max by (cluster, run, framework, namespace, pod, job_id) (${ofPods} and on (cluster, namespace, pod) ${pods} or ${ofJobs} and on (cluster, job_id) ${jobs})`;

/** Who has one GPU, who had it, and what the rest of it is used for. */
export const gpuHolderPanels = definePanels('gpu-holders', {
  holders: {
    visual: 'table',
    metric: gpu.gpu_pod_info,
    title: 'Who has it?',
    description:
      'Pods and batch jobs that have this GPU now, their part of its memory, and the part of the time in which they computed on it.',
    keys: [
      ['namespace', 'Namespace'],
      ['pod', 'Pod'],
      ['container', 'Container'],
      ['job_id', 'Job'],
      ['gpu_instance_id', 'MIG instance'],
    ],
    columns: [
      {
        heading: 'Has it',
        unit: 'count',
        expr: promql`max by (namespace, pod, container, job_id, gpu_instance_id) (${select(gpu.gpu_pod_info, onGpu)} or ${select(gpu.gpu_job_info, onGpu)})`,
      },
      {
        heading: 'Memory',
        unit: 'bytes',
        expr: promql`sum by (namespace, pod, container, job_id, gpu_instance_id) (${select(gpu.gpu_attributed_memory_bytes, held)})`,
      },
      {
        heading: 'Computed',
        unit: 'ratio',
        expr: promql`sum by (namespace, pod, container, job_id, gpu_instance_id) (rate(${select(gpu.gpu_attributed_sm_seconds_total, held)}[$__rate_interval]))`,
      },
    ],
    sortBy: ['Memory', 'largest'],
    noValue: 'Nobody',
  },
  runs: {
    visual: 'table',
    metric: training.training_run_info,
    title: 'Which training run is on it?',
    description: 'Runs of the pod or of the batch job that has this GPU. The link leads to the run.',
    keys: [
      ['run', 'Run'],
      ['framework', 'Framework'],
      ['cluster', 'Cluster'],
    ],
    columns: [{ heading: 'Pods and jobs', unit: 'count', expr: promql`count by (run, framework, cluster) (${runs})` }],
    leadsTo: toRun,
    noValue: 'None is known',
  },
  past: {
    visual: 'table',
    metric: gpu.gpu_allocated_seconds_total,
    title: 'Who had it, and for how long?',
    description: 'Holders in the time range shown, those of the moment among them; the 64 longest.',
    keys: [
      ['namespace', 'Namespace'],
      ['pod', 'Pod'],
      ['container', 'Container'],
      ['job_id', 'Job'],
    ],
    columns: [
      {
        heading: 'Held for',
        unit: 'seconds',
        expr: promql`topk(64, sum by (namespace, pod, container, job_id) (increase(${select(gpu.gpu_allocated_seconds_total, onGpu)}[$__range])))`,
      },
    ],
    sortBy: ['Held for', 'largest'],
    noValue: 'Nobody',
  },
  memory: {
    visual: 'timeseries',
    metric: gpu.gpu_attributed_memory_bytes,
    title: 'Whose is its memory?',
    description: `${gpu.gpu_attributed_memory_bytes.help} Without a pod or job it is of other processes, or nobody knows.`,
    queries: [
      {
        expr: promql`sum by (owner, namespace, pod, job_id) (${select(gpu.gpu_attributed_memory_bytes, onGpu)})`,
        legend: '{{owner}} {{namespace}} {{pod}} {{job_id}}',
      },
    ],
    stacked: true,
    noValue: 'No attribution',
  },
  computing: {
    visual: 'timeseries',
    metric: gpu.gpu_attributed_sm_seconds_total,
    title: 'Who computes on it?',
    unit: 'ratio',
    queries: [
      {
        expr: promql`sum by (owner, namespace, pod, job_id) (rate(${select(gpu.gpu_attributed_sm_seconds_total, onGpu)}[$__rate_interval]))`,
        legend: '{{owner}} {{namespace}} {{pod}} {{job_id}}',
      },
    ],
    stacked: true,
    max: 1,
    noValue: 'No attribution',
  },
  processes: {
    visual: 'timeseries',
    metric: gpu.gpu_processes,
    title: 'How many processes are on it?',
    unit: 'count',
    queries: [{ expr: promql`sum by (owner) (${select(gpu.gpu_processes, onGpu)})`, legend: '{{owner}}' }],
    stacked: true,
    decimals: 0,
    noValue: 'No attribution',
  },
  instances: {
    visual: 'table',
    metric: gpu.gpu_mig_info,
    title: 'Into which MIG instances is it cut?',
    description: 'Instances of the GPU with their memory; none where MIG is off.',
    keys: [
      ['gpu_instance_id', 'Instance'],
      ['profile', 'Profile'],
    ],
    columns: [
      {
        heading: 'Devices',
        unit: 'count',
        expr: promql`count by (gpu_instance_id, profile) (${select(gpu.gpu_mig_info, onGpu)})`,
      },
      {
        heading: 'Memory used',
        unit: 'bytes',
        expr: promql`max by (gpu_instance_id) (${select(gpu.gpu_mig_memory_used_bytes, onGpu)})`,
      },
      {
        heading: 'Memory',
        unit: 'bytes',
        expr: promql`max by (gpu_instance_id) (${select(gpu.gpu_mig_memory_total_bytes, onGpu)})`,
      },
    ],
    noValue: 'MIG is off',
  },
});

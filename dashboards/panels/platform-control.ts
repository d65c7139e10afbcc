import { type Expr, promql, select } from '../../metrics/promql.ts';
import { apiServer } from '../../metrics/vendors/kube-apiserver.ts';
import { kubelet } from '../../metrics/vendors/kubelet.ts';
import { kueue } from '../../metrics/vendors/kueue.ts';
import { slurm } from '../../metrics/vendors/slurm-exporter.ts';
import { volcano } from '../../metrics/vendors/volcano.ts';
import { kubernetesGroup } from '../../rules/recording/kubernetes.ts';
import { definePanels } from '../panel.ts';
import { diskFullness, noneIsBetter, noRecording, onClusters } from './scope.ts';

const gpus = { resource: { re: '(nvidia|amd)[.]com/(gpu|mig-.+)' } } as const;
const noScheduler = 'No Kueue, Volcano or Slurm exporter';
const noApi = 'No API server is scraped';

const kueueWaiting = promql`sum by (cluster, cluster_queue) (max by (cluster, cluster_queue, status) (${select(kueue.kueue_pending_workloads, onClusters)}))`;
const volcanoWaiting = promql`max by (cluster, queue_name) (${select(volcano.volcano_queue_pod_group_pending_count, onClusters)} + ${select(volcano.volcano_queue_pod_group_inqueue_count, onClusters)})`;
const slurmWaiting = promql`max by (cluster, job) (${select(slurm.slurm_queue_pending, onClusters)})`;

function ofKueue(
  metric: typeof kueue.kueue_cluster_queue_nominal_quota | typeof kueue.kueue_cluster_queue_resource_reservation,
): Expr {
  return promql`sum by (cluster, cluster_queue) (max by (cluster, cluster_queue, flavor, resource) (${select(metric, { ...onClusters, ...gpus })}))`;
}

const volumeLeft = promql`min by (cluster, namespace, persistentvolumeclaim) (${select(kubelet.kubelet_volume_stats_available_bytes, onClusters)})`;
const volumeSize = promql`max by (cluster, namespace, persistentvolumeclaim) (${select(kubelet.kubelet_volume_stats_capacity_bytes, onClusters)})`;

/** Who decides what runs where, and where its data are: schedulers, API server and volumes. */
export const platformControlPanels = definePanels('platform-control', {
  waiting: {
    visual: 'timeseries',
    metric: kueue.kueue_pending_workloads,
    title: 'How many jobs wait in each queue?',
    description:
      'Workloads of Kueue, pod groups of Volcano and jobs of Slurm that wait, of the twelve queues with the most.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(12, ${kueueWaiting} or ${volcanoWaiting} or ${slurmWaiting})`,
        legend: '{{cluster_queue}}{{queue_name}}{{job}}',
      },
    ],
    noValue: noScheduler,
  },
  queues: {
    visual: 'table',
    metric: kueue.kueue_cluster_queue_nominal_quota,
    title: 'How are the queues of Kueue?',
    description:
      'GPUs that a queue may have and has reserved, and workloads that it let in within the time range shown.',
    keys: [
      ['cluster', 'Cluster'],
      ['cluster_queue', 'Queue'],
    ],
    columns: [
      { heading: 'Waiting', unit: 'count', expr: kueueWaiting, levels: noneIsBetter },
      {
        heading: 'Let in',
        unit: 'count',
        expr: promql`max by (cluster, cluster_queue) (increase(${select(kueue.kueue_admitted_workloads_total, onClusters)}[$__range]))`,
      },
      { heading: 'GPUs', unit: 'count', expr: ofKueue(kueue.kueue_cluster_queue_nominal_quota) },
      { heading: 'Reserved', unit: 'count', expr: ofKueue(kueue.kueue_cluster_queue_resource_reservation) },
      {
        heading: 'Active',
        unit: 'count',
        expr: promql`max by (cluster, cluster_queue) (${select(kueue.kueue_cluster_queue_status, { ...onClusters, status: 'active' })})`,
        levels: { base: 'warning', steps: [[1, 'ok']] },
      },
    ],
    sortBy: ['Waiting', 'largest'],
    noValue: 'No Kueue',
  },
  requests: {
    visual: 'timeseries',
    metric: apiServer.apiserver_request_total,
    title: 'What is the API server asked?',
    description: 'Requests to the Kubernetes API by verb.',
    unit: 'per_second',
    queries: [
      {
        expr: promql`sum by (verb) (rate(${select(apiServer.apiserver_request_total, onClusters)}[$__rate_interval]))`,
        legend: '{{verb}}',
      },
    ],
    stacked: true,
    noValue: noApi,
  },
  latency: {
    visual: 'timeseries',
    metric: apiServer.apiserver_request_sli_duration_seconds,
    title: 'How long does the API server take?',
    description: 'Time within which 99 % of the requests for single objects were answered, by verb.',
    unit: 'seconds',
    queries: [
      {
        expr: promql`max by (verb) (${select(kubernetesGroup.series['cluster_verb:apiserver_request_duration_seconds:p99'], onClusters)})`,
        legend: '{{verb}}',
      },
    ],
    noValue: noRecording,
  },
  failures: {
    visual: 'timeseries',
    metric: apiServer.apiserver_request_total,
    title: 'Does the API server fail?',
    description: 'Share of requests that the Kubernetes API answered with an error of its own, over five minutes.',
    unit: 'ratio',
    queries: [
      {
        expr: promql`max by (cluster) (${select(kubernetesGroup.series['cluster:apiserver_request_errors:ratio5m'], onClusters)})`,
        legend: '{{cluster}}',
      },
    ],
    noValue: noRecording,
  },
  volumes: {
    visual: 'table',
    metric: kubelet.kubelet_volume_stats_available_bytes,
    title: 'How full are the volumes of pods?',
    description: 'The thirty fullest volumes, as kubelets see them. Not every storage driver tells it.',
    keys: [
      ['cluster', 'Cluster'],
      ['namespace', 'Namespace'],
      ['persistentvolumeclaim', 'Volume'],
    ],
    columns: [
      {
        heading: 'Full',
        unit: 'ratio',
        expr: promql`topk(30, 1 - ${volumeLeft} / ${volumeSize})`,
        levels: diskFullness,
      },
      { heading: 'Left', unit: 'bytes', expr: promql`${volumeLeft} and topk(30, 1 - ${volumeLeft} / ${volumeSize})` },
    ],
    sortBy: ['Full', 'largest'],
    noValue: 'No kubelet is scraped, or none tells of volumes',
  },
});

import { promql, select } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { kubernetesGpuSumsGroup } from '../../rules/recording/kubernetes-gpu-sums.ts';
import { definePanels } from '../panel.ts';
import { allocatableGpus, anyGpu, capacityGpus, requestedGpus } from './platform-series.ts';
import { noneIsGood, onClusters, onNodes } from './scope.ts';

const { series: gpus } = kubernetesGpuSumsGroup;

const noGpus = 'Kubernetes knows no GPU';
const resource = ['cluster', 'resource'] as const;
const node = ['cluster', 'node'] as const;

/** GPUs as Kubernetes counts them. */
export const platformGpuPanels = definePanels('platform-gpus', {
  allocatable: {
    visual: 'stat',
    metric: kubeState.kube_node_status_allocatable,
    title: 'GPUs pods may have',
    description: 'How many GPUs may pods have? Whole GPUs that Kubernetes gives to pods, on the chosen nodes.',
    unit: 'count',
    queries: [{ expr: allocatableGpus([]), legend: 'allocatable' }],
    noValue: noGpus,
  },
  requested: {
    visual: 'stat',
    metric: kubeState.kube_pod_container_resource_requests,
    title: 'GPUs taken',
    description:
      'How many of them are taken? Whole GPUs that pods on the chosen nodes have, as a share of what pods may have.',
    unit: 'ratio',
    queries: [{ expr: promql`${requestedGpus([])} / ${allocatableGpus([])}`, legend: 'taken' }],
    decimals: 0,
    noValue: noGpus,
  },
  withdrawn: {
    visual: 'stat',
    metric: kubeState.kube_node_status_capacity,
    title: 'GPUs withdrawn',
    description:
      'How many GPUs are withdrawn? GPUs that nodes have and that the device plugin does not give to pods, because they are not healthy.',
    unit: 'count',
    queries: [{ expr: promql`${capacityGpus([])} - ${allocatableGpus([])}`, legend: 'withdrawn' }],
    levels: noneIsGood,
    noValue: noGpus,
  },
  history: {
    visual: 'timeseries',
    metric: kubeState.kube_node_status_capacity,
    title: 'Are all GPUs given out?',
    description: 'Whole GPUs of the chosen nodes: what there is, what pods may have, and what they have.',
    unit: 'count',
    queries: [
      { expr: promql`sum(${select(gpus['node:kube_node_status_capacity:gpus'], onNodes)})`, legend: 'there' },
      { expr: promql`sum(${select(gpus['node:kube_node_status_allocatable:gpus'], onNodes)})`, legend: 'for pods' },
      {
        expr: promql`sum(${select(gpus['node:kube_pod_container_resource_requests:gpus'], onNodes)})`,
        legend: 'taken',
      },
    ],
    noValue: noGpus,
  },
  byNamespace: {
    visual: 'timeseries',
    metric: kubeState.kube_pod_container_resource_requests,
    title: 'Which namespaces have the GPUs?',
    description: 'Whole GPUs that pods of the chosen clusters have, of the twelve namespaces with the most.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(12, ${select(gpus['cluster_namespace:kube_pod_container_resource_requests:gpus'], onClusters)})`,
        legend: '{{namespace}}',
      },
    ],
    stacked: true,
    noValue: noGpus,
  },
  kinds: {
    visual: 'table',
    metric: kubeState.kube_node_status_allocatable,
    title: 'Which kinds of GPU are free?',
    description: 'Whole GPUs, replicas of shared ones and MIG instances, as their resources are called.',
    keys: [
      ['cluster', 'Cluster'],
      ['resource', 'Resource'],
    ],
    columns: [
      { heading: 'There', unit: 'count', expr: capacityGpus(resource, anyGpu) },
      { heading: 'For pods', unit: 'count', expr: allocatableGpus(resource, anyGpu) },
      { heading: 'Taken', unit: 'count', expr: requestedGpus(resource, anyGpu) },
      {
        heading: 'Free',
        unit: 'count',
        expr: promql`${allocatableGpus(resource, anyGpu)} - (${requestedGpus(resource, anyGpu)} or 0 * ${allocatableGpus(resource, anyGpu)})`,
      },
    ],
    noValue: noGpus,
  },
  freeNodes: {
    visual: 'bars',
    metric: kubeState.kube_node_status_allocatable,
    title: 'Which nodes have the most free GPUs?',
    description:
      'Whole GPUs that no pod has, of the ten nodes with the most: what the next large job could have in one piece.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(10, ${allocatableGpus(node)} - (${requestedGpus(node)} or 0 * ${allocatableGpus(node)}))`,
        legend: '{{node}}',
      },
    ],
    noValue: noGpus,
  },
});

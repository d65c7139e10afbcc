import { promql, select } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { defineRecordings } from '../recording.ts';

/** Whole GPUs, as kube-state-metrics spells them. */
export const wholeGpus = { resource: { re: 'nvidia_com_gpu|amd_com_gpu' } } as const;

const capacity = select(kubeState.kube_node_status_capacity, wholeGpus);
const allocatable = select(kubeState.kube_node_status_allocatable, wholeGpus);
const requests = select(kubeState.kube_pod_container_resource_requests, wholeGpus);
const phases = select(kubeState.kube_pod_status_phase, { phase: { re: 'Pending|Running' } });
/** Pods that ended are listed for a while and hold nothing. */
const requested = promql`max by (cluster, namespace, pod, container, node, resource) (${requests})
and on (cluster, namespace, pod)
max by (cluster, namespace, pod) (${phases} == 1)`;

/** Curves of the board read these: kube-state-metrics has a series for each pod, and may have replicas. */
export const kubernetesGpuSumsGroup = defineRecordings(
  { group: 'kubernetes-gpu-sums', interval: '1m', profile: 'kubernetes' },
  {
    'node:kube_node_status_capacity:gpus': {
      help: 'Whole GPUs that a node has, as Kubernetes counts them.',
      unit: 'none',
      labels: ['cluster', 'node'],
      expr: promql`sum by (cluster, node) (max by (cluster, node, resource) (${capacity}))`,
    },
    'node:kube_node_status_allocatable:gpus': {
      help: 'Whole GPUs that a node gives to pods.',
      unit: 'none',
      labels: ['cluster', 'node'],
      expr: promql`sum by (cluster, node) (max by (cluster, node, resource) (${allocatable}))`,
    },
    'node:kube_pod_container_resource_requests:gpus': {
      help: 'Whole GPUs that pods on a node have or wait for.',
      unit: 'none',
      labels: ['cluster', 'node'],
      expr: promql`sum by (cluster, node) (
  ${requested}
)`,
    },
    'cluster_namespace:kube_pod_container_resource_requests:gpus': {
      help: 'Whole GPUs that pods of a namespace have or wait for.',
      unit: 'none',
      labels: ['cluster', 'namespace'],
      expr: promql`sum by (cluster, namespace) (
  ${requested}
)`,
    },
  },
);

import { promql, select } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { definePanels } from '../panel.ts';
import { anyGpu, livePods } from './platform-series.ts';
import { budgetFullness, noneIsBetter, noneIsGood, onClusters, onNodes, orZero, perNode } from './scope.ts';

const noKubernetes = 'No kube-state-metrics';

const ready = perNode(select(kubeState.kube_node_status_condition, { ...onNodes, condition: 'Ready', status: 'true' }));
const cordoned = perNode(select(kubeState.kube_node_spec_unschedulable, onNodes));
const conditions = promql`max by (cluster, node, condition, status) (${select(kubeState.kube_node_status_condition, onNodes)}) == 1`;
const phases = promql`max by (cluster, namespace, pod, phase) (${select(kubeState.kube_pod_status_phase, onClusters)})`;
const isPending = promql`max by (cluster, namespace, pod) (${select(kubeState.kube_pod_status_phase, { ...onClusters, phase: 'Pending' })}) == 1`;
const gpusOfPod = promql`sum by (cluster, namespace, pod) (max by (cluster, namespace, pod, container, resource) (${select(kubeState.kube_pod_container_resource_requests, { ...onClusters, ...anyGpu })}))`;
const restarts = promql`sum by (cluster, namespace, pod) (increase(${select(kubeState.kube_pod_container_status_restarts_total, onClusters)}[$__range]))`;

function quota(type: 'used' | 'hard') {
  return promql`max by (cluster, namespace, resourcequota, resource) (${select(kubeState.kube_resourcequota, { ...onClusters, type })})`;
}

function ofDaemonSet(
  metric: 'desired_number_scheduled' | 'current_number_scheduled' | 'number_ready' | 'number_unavailable',
) {
  const of = {
    desired_number_scheduled: kubeState.kube_daemonset_status_desired_number_scheduled,
    current_number_scheduled: kubeState.kube_daemonset_status_current_number_scheduled,
    number_ready: kubeState.kube_daemonset_status_number_ready,
    number_unavailable: kubeState.kube_daemonset_status_number_unavailable,
  }[metric];
  return promql`max by (cluster, namespace, daemonset) (${select(of, onClusters)})`;
}

const wanted = promql`max by (cluster, namespace, deployment) (${select(kubeState.kube_deployment_spec_replicas, onClusters)})`;
const available = promql`max by (cluster, namespace, deployment) (${select(kubeState.kube_deployment_status_replicas_available, onClusters)})`;

/** Nodes, pods and quotas as Kubernetes tells of them. */
export const platformPanels = definePanels('platform', {
  ready: {
    visual: 'stat',
    metric: kubeState.kube_node_status_condition,
    title: 'Nodes ready',
    description: 'How many nodes are ready? Nodes of Kubernetes that are ready for pods.',
    unit: 'count',
    queries: [{ expr: promql`sum(${ready})`, legend: 'ready' }],
    noValue: noKubernetes,
  },
  notReady: {
    visual: 'stat',
    metric: kubeState.kube_node_status_condition,
    title: 'Nodes not ready',
    description: 'How many nodes are not ready? Nodes of Kubernetes whose condition Ready is false or unknown.',
    unit: 'count',
    queries: [{ expr: promql`count(${ready}) - sum(${ready})`, legend: 'not ready' }],
    levels: noneIsGood,
    noValue: noKubernetes,
  },
  cordoned: {
    visual: 'stat',
    metric: kubeState.kube_node_spec_unschedulable,
    title: 'Nodes cordoned',
    description: 'How many nodes take no new pods? Nodes that somebody has cordoned.',
    unit: 'count',
    queries: [{ expr: promql`sum(${cordoned})`, legend: 'cordoned' }],
    levels: noneIsBetter,
    noValue: noKubernetes,
  },
  pendingGpuPods: {
    visual: 'stat',
    metric: kubeState.kube_pod_status_phase,
    title: 'Pods waiting',
    description: 'How many pods wait for GPUs? Pods that ask for GPUs and are pending.',
    unit: 'count',
    queries: [
      {
        expr: orZero(promql`count(${gpusOfPod} > 0 and on (cluster, namespace, pod) ${isPending})`, livePods),
        legend: 'waiting',
      },
    ],
    levels: noneIsBetter,
    noValue: noKubernetes,
  },
  conditions: {
    visual: 'table',
    metric: kubeState.kube_node_status_condition,
    title: 'What do nodes say of themselves?',
    description: 'Conditions of the nodes of Kubernetes and how many nodes have each status.',
    keys: [
      ['cluster', 'Cluster'],
      ['condition', 'Condition'],
      ['status', 'Status'],
    ],
    columns: [{ heading: 'Nodes', unit: 'count', expr: promql`count by (cluster, condition, status) (${conditions})` }],
    noValue: noKubernetes,
  },
  podsByPhase: {
    visual: 'timeseries',
    metric: kubeState.kube_pod_status_phase,
    title: 'What are pods doing?',
    description: 'Pods of the chosen clusters by phase. Those that have ended stay listed until somebody deletes them.',
    unit: 'count',
    queries: [{ expr: promql`sum by (phase) (${phases})`, legend: '{{phase}}' }],
    stacked: true,
    noValue: noKubernetes,
  },
  podsByNamespace: {
    visual: 'bars',
    metric: kubeState.kube_pod_info,
    title: 'Which namespaces have the most pods?',
    description: 'The ten namespaces with the most pods that run or wait.',
    unit: 'count',
    queries: [{ expr: promql`topk(10, count by (cluster, namespace) (${livePods}))`, legend: '{{namespace}}' }],
    noValue: noKubernetes,
  },
  waiting: {
    visual: 'table',
    metric: kubeState.kube_pod_container_resource_requests,
    title: 'What do namespaces wait for?',
    description:
      'Pods with GPUs that run and that are pending, and the GPUs that the pending ones ask for, by namespace.',
    keys: [
      ['cluster', 'Cluster'],
      ['namespace', 'Namespace'],
    ],
    columns: [
      {
        heading: 'Pods with GPUs',
        unit: 'count',
        expr: promql`count by (cluster, namespace) (${gpusOfPod} > 0 and on (cluster, namespace, pod) ${livePods})`,
      },
      {
        heading: 'Pods that wait',
        unit: 'count',
        expr: promql`sum by (cluster, namespace) ((${gpusOfPod} > bool 0) * on (cluster, namespace, pod) max by (cluster, namespace, pod) (${select(kubeState.kube_pod_status_phase, { ...onClusters, phase: 'Pending' })}))`,
        levels: noneIsBetter,
      },
      {
        heading: 'GPUs they ask for',
        unit: 'count',
        expr: promql`sum by (cluster, namespace) (${gpusOfPod} * on (cluster, namespace, pod) max by (cluster, namespace, pod) (${select(kubeState.kube_pod_status_phase, { ...onClusters, phase: 'Pending' })}))`,
      },
    ],
    sortBy: ['Pods that wait', 'largest'],
    noValue: noKubernetes,
  },
  restarts: {
    visual: 'bars',
    metric: kubeState.kube_pod_container_status_restarts_total,
    title: 'Which pods are started again and again?',
    description: 'The ten pods whose containers were started again most often in the time range shown.',
    unit: 'count',
    queries: [{ expr: promql`topk(10, ${restarts})`, legend: '{{namespace}} · {{pod}}' }],
    decimals: 0,
    noValue: noKubernetes,
  },
  quotas: {
    visual: 'table',
    metric: kubeState.kube_resourcequota,
    title: 'How much of their quotas is used?',
    description: 'Quotas of Kubernetes. Beyond its quota nobody can start a pod.',
    keys: [
      ['cluster', 'Cluster'],
      ['namespace', 'Namespace'],
      ['resourcequota', 'Quota'],
      ['resource', 'Resource'],
    ],
    columns: [
      { heading: 'Used', unit: 'count', expr: quota('used') },
      { heading: 'Limit', unit: 'count', expr: quota('hard') },
      {
        heading: 'Share',
        unit: 'ratio',
        expr: promql`${quota('used')} / (${quota('hard')} > 0)`,
        levels: budgetFullness,
      },
    ],
    sortBy: ['Share', 'largest'],
    noValue: 'No quotas',
  },
  daemonSets: {
    visual: 'table',
    metric: kubeState.kube_daemonset_status_number_ready,
    title: 'Do device plugins and agents run on every node?',
    description: 'DaemonSets and the nodes on which their pods should run, run, and are ready.',
    keys: [
      ['cluster', 'Cluster'],
      ['namespace', 'Namespace'],
      ['daemonset', 'DaemonSet'],
    ],
    columns: [
      { heading: 'Should run on', unit: 'count', expr: ofDaemonSet('desired_number_scheduled') },
      { heading: 'Placed on', unit: 'count', expr: ofDaemonSet('current_number_scheduled') },
      { heading: 'Ready on', unit: 'count', expr: ofDaemonSet('number_ready') },
      { heading: 'Missing on', unit: 'count', expr: ofDaemonSet('number_unavailable'), levels: noneIsGood },
    ],
    sortBy: ['Missing on', 'largest'],
    noValue: noKubernetes,
  },
  deployments: {
    visual: 'table',
    metric: kubeState.kube_deployment_status_replicas_available,
    title: 'Do services have all their pods?',
    description: 'Deployments, the pods that they should have, and those that are available.',
    keys: [
      ['cluster', 'Cluster'],
      ['namespace', 'Namespace'],
      ['deployment', 'Deployment'],
    ],
    columns: [
      { heading: 'Wanted', unit: 'count', expr: wanted },
      { heading: 'Available', unit: 'count', expr: available },
      { heading: 'Missing', unit: 'count', expr: promql`${wanted} - ${available}`, levels: noneIsBetter },
    ],
    sortBy: ['Missing', 'largest'],
    noValue: noKubernetes,
  },
});

import { defineMetrics } from '../define.ts';

/** Series of kube-state-metrics 2 about nodes, pods, quotas and DaemonSets. Characters that a label may not have are underscores there: the resource nvidia.com/gpu is nvidia_com_gpu on pods and nodes. */
export const kubeState = defineMetrics('external:kube-state-metrics', {
  kube_node_info: { kind: 'info', unit: 'none', help: 'Nodes of Kubernetes.', labels: ['node'] },
  kube_node_spec_unschedulable: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the node takes no new pods.',
    labels: ['node'],
  },
  kube_node_status_condition: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for the status that a condition of the node has.',
    labels: ['node', 'condition', 'status'],
  },
  kube_node_status_capacity: {
    kind: 'gauge',
    unit: 'none',
    help: 'What the node has of a resource.',
    labels: ['node', 'resource'],
  },
  kube_node_status_allocatable: {
    kind: 'gauge',
    unit: 'none',
    help: 'What pods may have of a resource of the node.',
    labels: ['node', 'resource'],
  },
  kube_pod_info: {
    kind: 'info',
    unit: 'none',
    help: 'Pods, where they run and what made them.',
    labels: ['namespace', 'pod', 'node', 'created_by_kind', 'created_by_name'],
  },
  kube_pod_status_phase: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for the phase of the pod.',
    labels: ['namespace', 'pod', 'phase'],
  },
  kube_pod_status_ready: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for the status of the condition Ready of the pod.',
    labels: ['namespace', 'pod', 'condition'],
  },
  kube_pod_container_resource_requests: {
    kind: 'gauge',
    unit: 'none',
    help: 'What a container asks for of a resource.',
    labels: ['namespace', 'pod', 'container', 'node', 'resource'],
  },
  kube_pod_container_status_restarts_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Restarts of a container.',
    labels: ['namespace', 'pod', 'container'],
  },
  kube_pod_container_status_waiting_reason: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for the reason that a container waits for.',
    labels: ['namespace', 'pod', 'container', 'reason'],
  },
  kube_pod_container_status_last_terminated_reason: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for the reason that a container ended for before it was started again.',
    labels: ['namespace', 'pod', 'container', 'reason'],
  },
  kube_pod_container_status_terminated_reason: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for the reason that a container ended for.',
    labels: ['namespace', 'pod', 'container', 'reason'],
  },
  kube_pod_spec_volumes_persistentvolumeclaims_info: {
    kind: 'info',
    unit: 'none',
    help: 'Volume claims that a pod uses.',
    labels: ['namespace', 'pod', 'persistentvolumeclaim'],
  },
  kube_daemonset_status_desired_number_scheduled: {
    kind: 'gauge',
    unit: 'none',
    help: 'Nodes that should run a pod of the DaemonSet.',
    labels: ['namespace', 'daemonset'],
  },
  kube_daemonset_status_current_number_scheduled: {
    kind: 'gauge',
    unit: 'none',
    help: 'Nodes that run at least one pod of the DaemonSet.',
    labels: ['namespace', 'daemonset'],
  },
  kube_daemonset_status_number_ready: {
    kind: 'gauge',
    unit: 'none',
    help: 'Nodes on which the pod of the DaemonSet is ready.',
    labels: ['namespace', 'daemonset'],
  },
  kube_daemonset_status_number_unavailable: {
    kind: 'gauge',
    unit: 'none',
    help: 'Nodes that should have an available pod of the DaemonSet and have none.',
    labels: ['namespace', 'daemonset'],
  },
  kube_deployment_spec_replicas: {
    kind: 'gauge',
    unit: 'none',
    help: 'Pods that a Deployment should have.',
    labels: ['namespace', 'deployment'],
  },
  kube_deployment_status_replicas_available: {
    kind: 'gauge',
    unit: 'none',
    help: 'Pods of a Deployment that are available.',
    labels: ['namespace', 'deployment'],
  },
  kube_resourcequota: {
    kind: 'gauge',
    unit: 'none',
    help: 'Limit and use of a quota, in units of the resource.',
    labels: ['namespace', 'resourcequota', 'resource', 'type'],
  },
});

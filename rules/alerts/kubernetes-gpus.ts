import { promql, select, series } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { defineAlerts } from '../alert.ts';
import { exampleKubeStateReplica, exampleKubeStateTarget, exampleNode } from '../examples.ts';
import { gpuDaemonSets, gpuResources, perPod } from '../kubernetes.ts';
import { recent } from '../vectors.ts';

const { kube_node_status_capacity: capacity, kube_node_status_allocatable: allocatable } = kubeState;
const { kube_pod_info: podInfo, kube_pod_status_ready: podReady } = kubeState;
const { kube_daemonset_status_desired_number_scheduled: desired } = kubeState;
const { kube_daemonset_status_current_number_scheduled: scheduled } = kubeState;

const gpus = { ...exampleKubeStateTarget, node: 'n1', resource: 'nvidia_com_gpu' } as const;
const plugin = { ...exampleKubeStateTarget, namespace: 'gpu-operator', pod: 'nvidia-device-plugin-x7k2p' } as const;
const pluginOnNode = {
  ...plugin,
  node: 'n1',
  created_by_kind: 'DaemonSet',
  created_by_name: 'nvidia-device-plugin-daemonset',
} as const;
const pluginReady = { ...plugin, condition: 'true' } as const;
const daemonSet = {
  ...exampleKubeStateTarget,
  namespace: 'gpu-operator',
  daemonset: 'nvidia-device-plugin-daemonset',
} as const;
const logOfPlugin =
  'What the pod says: `kubectl -n <namespace> get pods -o wide --field-selector spec.nodeName=<node>` and `kubectl -n <namespace> logs <pod> --tail=50`.';

export default defineAlerts({
  theme: 'kubernetes-gpus',
  profile: 'kubernetes',
  alerts: [
    {
      name: 'GpuAllocatableBelowCapacity',
      expr: promql`max by (cluster, node, resource) (${recent(select(capacity, { resource: gpuResources }))})
-
max by (cluster, node, resource) (${recent(select(allocatable, { resource: gpuResources }))})
> 0`,
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'GPUs of a node are withdrawn from Kubernetes.',
      description:
        'Node {{ $labels.node }} in {{ $labels.cluster }} has {{ $value | humanize }} of {{ $labels.resource }} that no pod may have. See what the device plugin says of its GPUs.',
      runbook: {
        meaning:
          'The device plugin takes these GPUs for unhealthy, mostly because of an XID, or it has gone and all of them are withdrawn. Pods that have them run on; new ones get the others.',
        firstLook: [
          "How many: `kubectl get node <node> -o json | jq '.status | {capacity, allocatable}'`.",
          logOfPlugin,
          'On the node: `nvidia-smi` and `dmesg -T | grep -i xid | tail`; with AMD GPUs `rocm-smi` and `dmesg -T | grep -i amdgpu | tail`.',
        ],
        remedy: [
          'A GPU with an XID: follow the alert about that XID, then restart the pod of the device plugin, which does not take a GPU back by itself.',
          'No device plugin on the node: see DevicePluginDown.',
        ],
      },
      fires: {
        when: 'The device plugin has withdrawn one of eight GPUs, seen by two replicas of kube-state-metrics',
        series: [
          [series(capacity, gpus), '8x9'],
          [series(capacity, { ...gpus, ...exampleKubeStateReplica }), '8x9'],
          [series(allocatable, gpus), '8 7x8'],
          [series(allocatable, { ...gpus, ...exampleKubeStateReplica }), '8 7x8'],
        ],
        at: '7m',
        alerts: [{ ...exampleNode, resource: 'nvidia_com_gpu' }],
      },
      quiet: {
        when: 'A device plugin was restarted, and a node keeps memory for itself',
        series: [
          [series(capacity, gpus), '8x9'],
          [series(allocatable, gpus), '8 0 0 0 0 8 8 8 8'],
          [series(capacity, { ...gpus, resource: 'memory' }), '2e12x9'],
          [series(allocatable, { ...gpus, resource: 'memory' }), '1.9e12x9'],
        ],
        at: '4m',
      },
    },
    {
      name: 'DevicePluginDown',
      expr: promql`max by (cluster, node, namespace, created_by_name) (
  max by (cluster, node, namespace, pod, created_by_name) (${recent(select(podInfo, { created_by_kind: 'DaemonSet', created_by_name: gpuDaemonSets, node: { not: '' } }))})
  unless on (cluster, namespace, pod)
  ${perPod(recent(select(podReady, { condition: 'true' })))} == 1
) == 1`,
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A device plugin or GPU exporter is not ready on a node.',
      description:
        'The pod of {{ $labels.created_by_name }} in namespace {{ $labels.namespace }} is not ready on {{ $labels.node }} in {{ $labels.cluster }}. Read its log before you restart it.',
      runbook: {
        meaning:
          'Without its device plugin a node offers no GPUs to new pods; without its exporter nobody sees what becomes of them. Pods that run go on.',
        firstLook: [
          logOfPlugin,
          'Why it does not start: `kubectl -n <namespace> describe pod <pod>`, section Events.',
          'Does the driver work: on the node `nvidia-smi` or `rocm-smi`.',
        ],
        remedy: [
          'The driver does not answer: the plugin is the first to notice. Drain the node and reboot it.',
          'The driver pod of an operator is being built or exchanged: wait for it, the others follow.',
          'The image cannot be pulled: mend the registry or its password.',
        ],
      },
      fires: {
        when: 'The device plugin of a node crashes for seven minutes, that of another one is ready',
        series: [
          [series(podInfo, { ...pluginOnNode, pod: 'nvidia-device-plugin-q2m9z', node: 'n2' }), '1x9'],
          [series(podReady, { ...pluginReady, pod: 'nvidia-device-plugin-q2m9z' }), '1x9'],
          [series(podInfo, pluginOnNode), '1x9'],
          [series(podReady, pluginReady), '1 0x8'],
          [series(podReady, { ...plugin, condition: 'false' }), '0 1x8'],
          [
            series(podInfo, {
              ...pluginOnNode,
              pod: 'device-plugin-test-0',
              created_by_kind: 'Job',
              created_by_name: 'device-plugin-test',
            }),
            '1x9',
          ],
          [series(podInfo, { ...pluginOnNode, pod: 'logs-1', created_by_name: 'log-shipper' }), '1x9'],
        ],
        at: '7m',
        alerts: [{ ...exampleNode, namespace: 'gpu-operator', created_by_name: 'nvidia-device-plugin-daemonset' }],
      },
      quiet: {
        when: 'A device plugin was exchanged within four minutes, and the pod of a job is not ready',
        series: [
          [series(podInfo, pluginOnNode), '1x9'],
          [series(podReady, pluginReady), '1 0 0 0 0 1 1 1 1'],
          [
            series(podInfo, {
              ...pluginOnNode,
              pod: 'device-plugin-test-0',
              created_by_kind: 'Job',
              created_by_name: 'device-plugin-test',
            }),
            '1x9',
          ],
        ],
        at: '4m',
      },
    },
    {
      name: 'DevicePluginNotScheduled',
      expr: promql`max by (cluster, namespace, daemonset) (${recent(select(desired, { daemonset: gpuDaemonSets }))})
-
max by (cluster, namespace, daemonset) (${recent(select(scheduled, { daemonset: gpuDaemonSets }))})
> 0`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Some nodes have no pod of a device plugin or GPU exporter.',
      description:
        '{{ $value | humanize }} nodes of {{ $labels.cluster }} lack a pod of {{ $labels.daemonset }} in namespace {{ $labels.namespace }}. Look for pods of it that are pending.',
      runbook: {
        meaning:
          'The GPUs of these nodes are not offered to pods, or not watched, and no other alert can tell of them.',
        firstLook: [
          'Which nodes: `kubectl -n <namespace> get pods -o wide | grep Pending`, and `kubectl -n <namespace> describe daemonset <daemonset>`.',
          'Taints that the DaemonSet does not tolerate: `kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints`.',
        ],
        remedy: [
          'Add the toleration to the DaemonSet, or to the values of the operator that makes it.',
          'No CPU or memory left for it: give it the priority class `system-node-critical`.',
        ],
      },
      fires: {
        when: 'One of ten nodes has no pod for twenty minutes',
        series: [
          [series(desired, daemonSet), '10x20'],
          [series(scheduled, daemonSet), '9x20'],
        ],
        at: '18m',
        alerts: [{ cluster: 'c1', namespace: 'gpu-operator', daemonset: 'nvidia-device-plugin-daemonset' }],
      },
      quiet: {
        when: 'Two new nodes got theirs after ten minutes, and a DaemonSet of somebody else waits',
        series: [
          [series(desired, daemonSet), '10x20'],
          [series(scheduled, daemonSet), '8x10 10x10'],
          [series(desired, { ...daemonSet, daemonset: 'log-shipper' }), '10x20'],
          [series(scheduled, { ...daemonSet, daemonset: 'log-shipper' }), '8x20'],
        ],
        at: '10m',
      },
    },
  ],
});

import { promql, select, series } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { defineAlerts } from '../alert.ts';
import { exampleKubeStateReplica, exampleKubeStateTarget, exampleNode } from '../examples.ts';
import { cordonedNodes, gpuNodes } from '../kubernetes.ts';
import { thresholds } from '../thresholds.ts';
import { perNode, recent } from '../vectors.ts';

const condition = kubeState.kube_node_status_condition;
const node = { ...exampleKubeStateTarget, node: 'n1' } as const;
const ready = { ...node, condition: 'Ready', status: 'true' } as const;
const pressure = { ...node, condition: 'DiskPressure', status: 'true' } as const;
const capacity = series(kubeState.kube_node_status_capacity, { ...node, resource: 'nvidia_com_gpu' });

const describeNode = 'What Kubernetes says: `kubectl describe node <node>`, sections Conditions and Events.';

export default defineAlerts({
  theme: 'kubernetes-nodes',
  profile: 'kubernetes',
  alerts: [
    {
      name: 'NodeNotReady',
      expr: promql`${perNode(recent(select(condition, { condition: 'Ready', status: 'true' })))} == 0
unless
${cordonedNodes}`,
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A node of Kubernetes is not ready, so its pods are moved or lost.',
      description:
        'Node {{ $labels.node }} in {{ $labels.cluster }} is not ready and nobody has cordoned it. See whether the machine answers, then look at its kubelet.',
      runbook: {
        meaning:
          'The kubelet does not report, or reports that it cannot run pods. After five minutes its pods are started elsewhere; a training run that has ranks there stops. A node that was cordoned is not told of: somebody works on it.',
        firstLook: [
          describeNode,
          'Does the machine answer: `ping <node>`, `ssh <node> uptime`, or its management controller: `ipmitool -H <bmc> chassis status`.',
          'On the node: `systemctl status kubelet containerd` and `journalctl -u kubelet -n 50`.',
          'A GPU that hangs takes the kubelet with it: `dmesg -T | grep -i xid | tail`.',
        ],
        remedy: [
          'The kubelet or containerd is stopped: `systemctl restart containerd kubelet`.',
          'A full disk or a certificate that has expired stands in the log of the kubelet; mend that first.',
          'The machine does not answer: `kubectl cordon <node>`, then switch it off and on by its management controller.',
        ],
      },
      fires: {
        when: 'A node is not ready for six minutes, seen by two replicas of kube-state-metrics, and one of its name in another cluster is cordoned',
        series: [
          [series(condition, ready), '1 0x8'],
          [series(condition, { ...ready, ...exampleKubeStateReplica }), '1 0x8'],
          [series(condition, { ...ready, status: 'false' }), '0 1x8'],
          [series(condition, pressure), '1x9'],
          [series(kubeState.kube_node_spec_unschedulable, node), '0x8'],
          [series(kubeState.kube_node_spec_unschedulable, { ...node, cluster: 'c2' }), '1x8'],
        ],
        at: '7m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'One node was not ready for four minutes, and another one is cordoned',
        series: [
          [series(condition, ready), '1 0 0 0 0 1 1 1 1'],
          [series(condition, { ...ready, node: 'n2' }), '0x8'],
          [series(kubeState.kube_node_spec_unschedulable, node), '0x8'],
          [series(kubeState.kube_node_spec_unschedulable, { ...node, node: 'n2' }), '1x8'],
        ],
        at: '4m',
      },
    },
    {
      name: 'NodeReadinessFlapping',
      expr: promql`${perNode(promql`changes(${select(condition, { condition: 'Ready', status: 'true' })}[30m])`)} > ${thresholds.nodeReadinessChangesCount}`,
      thresholds: ['nodeReadinessChangesCount'],
      for: '0s',
      keepFiringFor: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A node of Kubernetes is ready and not ready by turns.',
      description:
        'Node {{ $labels.node }} in {{ $labels.cluster }} has changed its readiness {{ $value | humanize }} times within half an hour. Look at the load of the machine and at its way to the API server.',
      runbook: {
        meaning:
          'Pods are evicted and placed again each time the node is away for longer than its grace. Jobs with many ranks start again and again.',
        firstLook: [
          describeNode,
          'On the node: `journalctl -u kubelet --since -1h | grep -iE "PLEG|node status|lease"`.',
          'Load and memory: `uptime`, `cat /proc/pressure/cpu /proc/pressure/io /proc/pressure/memory`.',
        ],
        remedy: [
          'With "PLEG is not healthy" the container runtime is slow. Look for thousands of dead containers and for a full disk.',
          'Lease or status updates time out: mend the network to the API server, or the API server.',
          'No memory left for the kubelet: set `kubeReserved` and `systemReserved`.',
        ],
      },
      fires: {
        when: 'A node goes away three times in ten minutes, the last time for good',
        series: [[series(condition, ready), '1 1 0 1 0 1 0 0 0 0 0']],
        at: '10m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'A node was rebooted twice, and its disk was full now and then',
        series: [
          [series(condition, ready), '1 1 0 0 1 1 1 0 0 1 1'],
          [series(condition, pressure), '0 1 0 1 0 1 0 1 0 1 0'],
        ],
        at: '10m',
      },
    },
    {
      name: 'GpuNodeDiskPressure',
      expr: promql`max by (cluster, node, condition) (${recent(select(condition, { condition: { re: 'DiskPressure|MemoryPressure|PIDPressure' }, status: 'true' }))}) == 1
and on (cluster, node)
${gpuNodes}`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A node with GPUs runs out of disk, memory or process numbers and evicts pods.',
      description:
        'Node {{ $labels.node }} in {{ $labels.cluster }} reports {{ $labels.condition }}: it takes no new pods and evicts some. Look for what grows there.',
      runbook: {
        meaning:
          'The kubelet protects the machine by throwing out pods, those that exceed their requests first. The GPUs of evicted pods stand idle.',
        firstLook: [
          describeNode,
          'Disk: `df -h /var/lib/kubelet /var/lib/containerd` and `crictl images | sort -k4 -h | tail`.',
          'Memory: `ps aux --sort=-rss | head`. Process numbers: `ls /proc | grep -c ^[0-9]` against `cat /proc/sys/kernel/pid_max`.',
        ],
        remedy: [
          'Images fill the disk: `crictl rmi --prune`, then lower `imageGCHighThresholdPercent` of the kubelet.',
          'Logs or data of a pod in `emptyDir`: give it a limit for `ephemeral-storage`, or a volume.',
          'Data loaders with more workers than memory: ask the owner of the pod for fewer, and for requests that are true.',
        ],
      },
      fires: {
        when: 'A node with a GPU reports that its disk is full',
        series: [
          [series(condition, pressure), '0 1x8'],
          [capacity, '1x9'],
        ],
        at: '7m',
        alerts: [{ ...exampleNode, condition: 'DiskPressure' }],
      },
      quiet: {
        when: 'The pressure lasted four minutes, and nodes without GPUs have it all the time, one of them of the same name in another cluster',
        series: [
          [series(condition, pressure), '0 1 1 1 1 0 0 0 0'],
          [series(condition, { ...pressure, node: 'n2' }), '1x8'],
          [series(condition, { ...pressure, cluster: 'c2' }), '1x8'],
          [series(kubeState.kube_node_status_capacity, { ...node, cluster: 'c2', resource: 'nvidia_com_gpu' }), '0x9'],
          [series(condition, { ...pressure, node: 'n3', status: 'false' }), '1x8'],
          [series(condition, { ...ready, node: 'n3' }), '1x8'],
          [series(kubeState.kube_node_status_capacity, { ...node, node: 'n3', resource: 'nvidia_com_gpu' }), '8x9'],
          [series(kubeState.kube_node_status_capacity, { ...node, node: 'n2', resource: 'memory' }), '8x9'],
          [capacity, '8x9'],
        ],
        at: '7m',
      },
    },
  ],
});

import type { Expr } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { defineAlerts } from '../alert.ts';
import { exampleKubeStateReplica, exampleKubeStateTarget, examplePod } from '../examples.ts';
import { gpuPods, perContainer, perPod } from '../kubernetes.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const { kube_pod_status_phase: phase, kube_resourcequota: quota } = kubeState;
const { kube_pod_container_status_waiting_reason: waiting } = kubeState;
const { kube_pod_container_status_terminated_reason: terminated } = kubeState;
const { kube_pod_container_status_last_terminated_reason: lastTerminated } = kubeState;
const { kube_pod_container_status_restarts_total: restarts } = kubeState;

const pending = perPod(select(phase, { phase: 'Pending' }));
const oomKilled = perContainer(recent(select(terminated, { reason: 'OOMKilled' })));
const oomKilledAnHourAgo = perContainer(
  promql`last_over_time(${select(terminated, { reason: 'OOMKilled' })}[3m] offset 1h)`,
);
const oomKilledBefore = perContainer(recent(select(lastTerminated, { reason: 'OOMKilled' })));

const pod = { ...exampleKubeStateTarget, ...examplePod } as const;
const container = { ...pod, container: 'trainer' } as const;
const ofContainer = { ...examplePod, container: 'trainer' } as const;
const onGpus = askingFor('nvidia_com_gpu');
const onOneGpu = askingFor('nvidia_com_gpu', '1x90');
const onNoGpus = askingFor('nvidia_com_gpu', '0x90', { pod: 'web-1' });
/** What differs from the container with GPUs: the pod, the namespace or the cluster. */
const withoutGpus = [{ pod: 'web-0' }, { pod: 'web-1' }, { namespace: 'web' }, { cluster: 'c2' }] as const;
const quotaOfGpus = {
  ...exampleKubeStateTarget,
  namespace: 'vision',
  resourcequota: 'gpus',
  resource: 'requests.nvidia.com/gpu',
} as const;

function askingFor(
  resource: string,
  values = '8x90',
  labels: { readonly pod: string; readonly namespace?: string } = pod,
): readonly [Expr, string] {
  const asked = { ...container, ...labels, node: 'n1', resource };
  return [series(kubeState.kube_pod_container_resource_requests, asked), values];
}

const describePod = 'Why: `kubectl -n <namespace> describe pod <pod>`, section Events.';
const readLog =
  'The last words of the container: `kubectl -n <namespace> logs <pod> -c <container> --previous --tail=50`.';

export default defineAlerts({
  theme: 'kubernetes-pods',
  profile: 'kubernetes',
  alerts: [
    {
      name: 'GpuPodsPending',
      expr: promql`count by (cluster, namespace) (
  ${pending} == 1
  and
  ${perPod(promql`${select(phase, { phase: 'Pending' })} offset 15m`)} == 1
  and
  ${gpuPods}
) > ${thresholds.gpuPodsPendingCount}`,
      thresholds: ['gpuPodsPendingCount'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Pods that ask for GPUs have been waiting for a node.',
      description:
        '{{ $value | humanize }} pods of namespace {{ $labels.namespace }} in {{ $labels.cluster }} have asked for GPUs for more than a quarter of an hour. See what the scheduler says of one of them.',
      runbook: {
        meaning:
          'No node fits: all GPUs are taken, the free ones are scattered over nodes, or the pods ask for something that no node has. Jobs that a queue holds back have no pods yet and do not count.',
        firstLook: [
          'Which pods: `kubectl -n <namespace> get pods --field-selector status.phase=Pending`.',
          describePod,
          'What is free: `kubectl describe nodes | grep -A 12 "Allocated resources"`.',
        ],
        remedy: [
          'Events say "Insufficient nvidia.com/gpu" while GPUs are free on many nodes: the job needs whole nodes. Have the scheduler fill nodes up (`MostAllocated`), or move small jobs.',
          'A node selector, a taint or a volume that fits nowhere: tell the owner of the pods.',
          'The cluster is full: raise gpuPodsPendingCount where people are meant to wait, or use a queue such as Kueue.',
        ],
      },
      fires: {
        when: 'A pod that asks for a GPU has been waiting for 22 minutes, and one without GPUs too; a third one runs',
        series: [
          onOneGpu,
          [series(phase, { ...pod, phase: 'Pending' }), '1x30'],
          [series(phase, { ...pod, ...exampleKubeStateReplica, phase: 'Pending' }), '1x30'],
          [series(phase, { ...pod, namespace: 'web', pod: 'web-0', phase: 'Pending' }), '1x30'],
          askingFor('cpu', '4x90', { namespace: 'web', pod: 'web-0' }),
          [series(phase, { ...pod, namespace: 'serving', pod: 'llm-0', phase: 'Running' }), '1x30'],
          askingFor('nvidia_com_gpu', '8x90', { namespace: 'serving', pod: 'llm-0' }),
        ],
        at: '22m',
        alerts: [{ cluster: 'c1', namespace: 'vision' }],
      },
      quiet: {
        when: 'Two pods have waited for twelve minutes each, and a third one for eighteen; one that asks for no GPU waits all the time',
        series: [
          onNoGpus,
          [series(phase, { ...pod, pod: 'web-1', phase: 'Pending' }), '1x30'],
          onGpus,
          askingFor('nvidia_com_gpu', '8x90', { pod: 'train-1' }),
          [series(phase, { ...pod, phase: 'Pending' }), '1x12 0x18'],
          [series(phase, { ...pod, pod: 'train-1', phase: 'Pending' }), '0x12 1x12 0x6'],
          askingFor('nvidia_com_gpu', '8x90', { pod: 'train-2' }),
          [series(phase, { ...pod, pod: 'train-2', phase: 'Pending' }), '1x18 0x12'],
        ],
        at: '22m',
      },
    },
    {
      name: 'GpuPodCrashLooping',
      expr: promql`${perContainer(promql`max_over_time(${select(waiting, { reason: 'CrashLoopBackOff' })}[10m])`)} == 1
and on (cluster, namespace, pod)
${gpuPods}`,
      for: '15m',
      severity: 'warning',
      action: 'restart_app',
      domain: 'platform',
      team: 'workload',
      summary: 'A container of a pod with GPUs ends again and again.',
      description:
        'Container {{ $labels.container }} of pod {{ $labels.pod }} in namespace {{ $labels.namespace }} of {{ $labels.cluster }} crashes each time it is started. Read its log from before the last restart.',
      runbook: {
        meaning: 'The pod keeps its GPUs and does no work on them.',
        firstLook: [
          readLog,
          describePod,
          'One pod or all of its job: `kubectl -n <namespace> get pods -o wide`. Only on one node: look at the alerts of that node.',
        ],
        remedy: [
          'Mend the image, the arguments or the data that the log names, and roll it out.',
          'Until then give the GPUs back: `kubectl -n <namespace> scale deployment <name> --replicas=0`, or suspend the job.',
        ],
      },
      fires: {
        when: 'A container with a GPU is started every few minutes and crashes',
        series: [
          onOneGpu,
          [series(waiting, { ...container, container: 'sidecar', reason: 'ImagePullBackOff' }), '1x30'],
          [series(waiting, { ...container, pod: 'web-0', reason: 'CrashLoopBackOff' }), '1x30'],
          askingFor('cpu', '4x90', { pod: 'web-0' }),
          [
            series(waiting, { ...container, reason: 'CrashLoopBackOff' }),
            '0 0 1 1 0 1 1 1 1 0 1 1 1 1 1 0 1 1 1 1 1 1 1 1',
          ],
        ],
        at: '20m',
        alerts: [ofContainer],
      },
      quiet: {
        when: 'A container waited once for its database; those without GPUs crash all the time, also where they are called as one with GPUs is elsewhere',
        series: [
          onGpus,
          onNoGpus,
          [series(waiting, { ...container, reason: 'CrashLoopBackOff' }), '0 0 1 1 0x30'],
          ...withoutGpus.map(
            (labels) => [series(waiting, { ...container, ...labels, reason: 'CrashLoopBackOff' }), '1x30'] as const,
          ),
        ],
        at: '20m',
      },
    },
    {
      name: 'GpuPodOomKilled',
      expr: promql`(
  (${oomKilled} == 1 unless ${oomKilledAnHourAgo} == 1)
  or
  (${oomKilledBefore} == 1 and ${perContainer(promql`increase(${restarts}[1h])`)} > 0)
)
and on (cluster, namespace, pod)
${gpuPods}`,
      for: '0s',
      severity: 'warning',
      action: 'restart_app',
      domain: 'platform',
      team: 'workload',
      summary: 'A container with GPUs was killed because it used more memory than its limit.',
      description:
        'Container {{ $labels.container }} of pod {{ $labels.pod }} in namespace {{ $labels.namespace }} of {{ $labels.cluster }} was killed for lack of main memory. Compare its use with its limit.',
      runbook: {
        meaning:
          'It is main memory and not that of the GPU: data loaders, caches and checkpoints on their way to disk. What was not saved is lost.',
        firstLook: [
          "Limit and reason: `kubectl -n <namespace> get pod <pod> -o json | jq '.spec.containers[].resources, .status.containerStatuses[].lastState'`.",
          'How it grew: `container_memory_working_set_bytes{namespace="<namespace>", pod="<pod>"}`.',
        ],
        remedy: [
          'It grows all the time: fewer workers of the data loader, `persistent_workers=False`, or look for what keeps references.',
          'It peaks when a checkpoint is saved: raise the limit by the size of the checkpoint, or save in shards.',
        ],
      },
      fires: {
        when: 'One container was killed and stays down, another one was started again',
        series: [
          onGpus,
          [series(terminated, { ...container, container: 'init', reason: 'Error' }), '_x10 1x50'],
          [series(terminated, { ...container, pod: 'web-0', reason: 'OOMKilled' }), '_x10 1x50'],
          askingFor('cpu', '4x90', { pod: 'web-0' }),
          [series(lastTerminated, { ...container, container: 'sidecar', reason: 'Error' }), '_x5 1x55'],
          [series(restarts, { ...container, container: 'sidecar' }), '0x5 1x55'],
          askingFor('amd_com_gpu', '1x90', { pod: 'serve-0' }),
          [series(terminated, { ...container, reason: 'OOMKilled' }), '_x10 1x50'],
          [series(lastTerminated, { ...container, pod: 'serve-0', reason: 'OOMKilled' }), '_x5 1x55'],
          [series(restarts, { ...container, pod: 'serve-0' }), '0x5 1x55'],
        ],
        at: '30m',
        alerts: [ofContainer, { ...ofContainer, pod: 'serve-0' }],
      },
      quiet: {
        when: 'Both were killed more than an hour ago; those without GPUs are killed now, also where they are called as one with GPUs is elsewhere',
        series: [
          onGpus,
          onNoGpus,
          ...withoutGpus.map(
            (labels) => [series(terminated, { ...container, ...labels, reason: 'OOMKilled' }), '_x60 1x30'] as const,
          ),
          askingFor('amd_com_gpu', '1x90', { pod: 'serve-0' }),
          [series(terminated, { ...container, reason: 'OOMKilled' }), '1x90'],
          [series(lastTerminated, { ...container, pod: 'serve-0', reason: 'OOMKilled' }), '1x90'],
          [series(restarts, { ...container, pod: 'serve-0' }), '0 1x90'],
        ],
        at: '70m',
      },
    },
    {
      name: 'QuotaNearLimit',
      expr: promql`max by (cluster, namespace, resourcequota, resource) (${recent(select(quota, { type: 'used' }))})
/
(max by (cluster, namespace, resourcequota, resource) (${recent(select(quota, { type: 'hard' }))}) > 0)
> ${thresholds.quotaNearlyUsedRatio}`,
      thresholds: ['quotaNearlyUsedRatio'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'workload',
      summary: 'A quota of a namespace is nearly used up.',
      description:
        'Namespace {{ $labels.namespace }} in {{ $labels.cluster }} uses {{ $value | humanizePercentage }} of {{ $labels.resource }} in quota {{ $labels.resourcequota }}. See what it is used for before the next job is refused.',
      runbook: {
        meaning: 'Kubernetes refuses pods and volumes beyond the quota. What runs goes on.',
        firstLook: [
          'All quotas of the namespace: `kubectl -n <namespace> describe quota`.',
          'Who has the GPUs: `kubectl -n <namespace> get pods -o json | jq -r \'.items[] | [.metadata.name, (.spec.containers[].resources.requests["nvidia.com/gpu"] // "0")] | @tsv\'`.',
        ],
        remedy: [
          'Remove what nobody uses, such as notebooks that are idle: the alert GpuIdleAllocated names them.',
          'Ask the owner of the platform for a larger quota, or raise quotaNearlyUsedRatio where quotas are meant to be used to the full.',
        ],
      },
      fires: {
        when: 'Fifteen of sixteen GPUs are used, seen by two replicas of kube-state-metrics; and the only one of another namespace',
        series: [
          [series(quota, { ...quotaOfGpus, type: 'used' }), '15x20'],
          [series(quota, { ...quotaOfGpus, ...exampleKubeStateReplica, type: 'used' }), '15x20'],
          [series(quota, { ...quotaOfGpus, type: 'hard' }), '16x20'],
          [series(quota, { ...quotaOfGpus, ...exampleKubeStateReplica, type: 'hard' }), '16x20'],
          [series(quota, { ...quotaOfGpus, namespace: 'web', type: 'used' }), '1x20'],
          [series(quota, { ...quotaOfGpus, namespace: 'web', type: 'hard' }), '1x20'],
        ],
        at: '18m',
        alerts: [
          { cluster: 'c1', namespace: 'vision', resourcequota: 'gpus', resource: 'requests.nvidia.com/gpu' },
          { cluster: 'c1', namespace: 'web', resourcequota: 'gpus', resource: 'requests.nvidia.com/gpu' },
        ],
      },
      quiet: {
        when: 'Nine of ten GPUs are used, for a moment all, and a namespace that may have none any more still has one',
        series: [
          [series(quota, { ...quotaOfGpus, type: 'used' }), '9x15 10x5'],
          [series(quota, { ...quotaOfGpus, type: 'hard' }), '10x20'],
          [series(quota, { ...quotaOfGpus, namespace: 'batch', type: 'used' }), '1x20'],
          [series(quota, { ...quotaOfGpus, namespace: 'batch', type: 'hard' }), '0x20'],
        ],
        at: '18m',
      },
    },
  ],
});

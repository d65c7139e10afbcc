import type { Span } from '../../../exporters/billing/span.ts';
import { cpusOf, machine } from '../machine.ts';
import type { Month, MonthPod } from './month.ts';
import { headsOf, type MakeHead, type ScrapeTarget, type SeriesHead } from './series.ts';
import { quotaUses, simulatedVolumes } from './simulated-quotas.ts';
import { subtract } from './spans.ts';

/** A series with one value for some time. */
interface Constant {
  readonly head: SeriesHead;
  readonly value: number;
  readonly span: Span;
}

/**
 * kube-state-metrics of the cluster. Pods that ended are listed, with what they asked for, until somebody deletes them. What is over before
 * `fromMs` is left out: pods of a past are many.
 */
export function kubeStateTarget(
  month: Month,
  replicas: readonly string[],
  fromMs = month.key.span.startMs,
): ScrapeTarget {
  const instance = 'kube-state-metrics:8080';
  const job = 'kube-state-metrics';
  const head = headsOf({ cluster: month.cluster, job, instance }, replicas);
  const waiting = constantsOf(month, head, fromMs).toSorted((a, b) => a.span.startMs - b.span.startMs);
  let next = 0;
  let listed: Constant[] = [];
  return {
    job,
    instance,
    up: head('up', {}),
    scrape: (atMs, emit) => {
      for (let one = waiting[next]; one !== undefined && one.span.startMs <= atMs; one = waiting[++next])
        listed.push(one);
      listed = listed.filter(({ span }) => atMs < span.endMs);
      for (const { head: each, value } of listed) emit(each, value);
      return true;
    },
  };
}

function constantsOf(month: Month, head: MakeHead, fromMs: number): readonly Constant[] {
  const { span } = month.key;
  return [
    ...month.pods.filter(({ listedUntilMs }) => listedUntilMs > fromMs).flatMap((pod) => podSeries(pod, head)),
    ...month.nodes.flatMap(({ name }) => podSeries(daemonOn(name, span), head)),
    ...nodeSeries(month, head),
    ...quotaSeries(month, head, fromMs),
    ...volumeSeries(month, head),
  ];
}

/** What any pod is, with a GPU or without. */
export interface ListedPod
  extends Pick<MonthPod, 'node' | 'namespace' | 'name' | 'uid' | 'container' | 'span' | 'ended' | 'listedUntilMs'> {
  readonly requests: Readonly<Record<string, number>>;
  readonly ownerKind: string;
}

/** As the simulated Kubernetes has them: 4 cores and 16 GiB for each pod. */
function requestsOf(pod: MonthPod | ListedPod): Readonly<Record<string, number>> {
  if ('requests' in pod) return pod.requests;
  const resource = pod.resource.replaceAll(/[^a-zA-Z0-9_]/g, '_');
  return { [resource]: pod.resource === 'nvidia.com/gpu' ? pod.slots.length : 1, cpu: 4, memory: 16 * 1024 ** 3 };
}

export const devicePlugin = { namespace: 'gpu-operator', daemonset: 'nvidia-device-plugin' } as const;

export function daemonOn(node: string, span: Span): ListedPod {
  const { namespace, daemonset } = devicePlugin;
  const name = `${daemonset}-${node}`;
  const pod = { node, namespace, name, uid: `uid-of-${name}`, container: daemonset };
  const requests = { cpu: 0.1, memory: 128 * 1024 ** 2 };
  return { ...pod, span, ended: undefined, listedUntilMs: span.endMs, requests, ownerKind: 'DaemonSet' };
}

const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;
export const units: Readonly<Record<string, string>> = { cpu: 'core', memory: 'byte' };

function podSeries(pod: MonthPod | ListedPod, head: MakeHead): readonly Constant[] {
  const { node, namespace, name, uid, container, span, ended, listedUntilMs } = pod;
  const of = { namespace, pod: name, uid };
  const listed = { startMs: span.startMs, endMs: listedUntilMs };
  const after = { startMs: span.endMs, endMs: listedUntilMs };
  const info = head('kube_pod_info', { ...of, node, host_network: 'false', ...ownerOf(pod) });
  const running = head('kube_pod_container_status_running', { ...of, container });
  return [
    { head: info, value: 1, span: listed },
    { head: head('kube_pod_start_time', of), value: Math.floor(span.startMs / 1000), span: listed },
    { head: running, value: 1, span },
    ...phases.flatMap((phase) => {
      const phaseHead = head('kube_pod_status_phase', { ...of, phase });
      return [
        { head: phaseHead, value: phase === 'Running' ? 1 : 0, span },
        { head: phaseHead, value: phase === ended ? 1 : 0, span: after },
      ];
    }),
    { head: running, value: 0, span: after },
    { head: head('kube_pod_completion_time', of), value: Math.floor(span.endMs / 1000), span: after },
    ...Object.entries(requestsOf(pod)).map(([resource, value]) => {
      const labels = { ...of, container, node, resource, unit: units[resource] ?? 'integer' };
      return { head: head('kube_pod_container_resource_requests', labels), value, span: listed };
    }),
  ].filter((one) => one.span.endMs > one.span.startMs);
}

function ownerOf(pod: MonthPod | ListedPod) {
  if ('ownerKind' in pod) return { created_by_kind: pod.ownerKind, created_by_name: devicePlugin.daemonset };
  const { kind, name } = pod;
  const withoutEnd = appOf(name);
  switch (kind) {
    case 'training':
      return { created_by_kind: 'Job', created_by_name: name };
    case 'inference':
      return { created_by_kind: 'ReplicaSet', created_by_name: `${withoutEnd}-7d9c6b5f48` };
    case 'notebook':
      return { created_by_kind: 'StatefulSet', created_by_name: withoutEnd };
  }
}

/** Name of a pod without what its maker puts behind it. */
export function appOf(name: string): string {
  return name.replace(/-[^-]+$/, '');
}

function nodeSeries({ key, nodes, gpus }: Month, head: MakeHead): readonly Constant[] {
  const byNode = gpusByNode(gpus);
  return nodes.flatMap(({ name: node, notReady, cordoned }) => {
    const ready = subtract([key.span], notReady);
    const condition = (status: string): SeriesHead =>
      head('kube_node_status_condition', { node, condition: 'Ready', status });
    const flag = (each: SeriesHead, on: readonly Span[], off: readonly Span[]): readonly Constant[] => [
      ...on.map((span) => ({ head: each, value: 1, span })),
      ...off.map((span) => ({ head: each, value: 0, span })),
    ];
    const capacity = {
      cpu: cpusOf(key),
      memory: machine.memoryBytes,
      nvidia_com_gpu: (byNode.get(node) ?? noGpus).whole,
    };
    return [
      ...flag(condition('true'), ready, notReady),
      ...flag(condition('unknown'), notReady, ready),
      ...flag(condition('false'), [], [key.span]),
      ...flag(head('kube_node_spec_unschedulable', { node }), cordoned, subtract([key.span], cordoned)),
      { head: head('kube_node_info', { node, kubelet_version: 'v1.33.4' }), value: 1, span: key.span },
      ...Object.entries(capacity).map(([resource, value]) => ({
        head: head('kube_node_status_capacity', { node, resource, unit: units[resource] ?? 'integer' }),
        value,
        span: key.span,
      })),
    ];
  });
}

/** What a node has of GPUs at the end of the month: whole ones, and replicas of those that are shared. */
export interface NodeGpus {
  readonly whole: number;
  readonly replicas: number;
}

export function gpusByNode(gpus: Month['gpus']): ReadonlyMap<string, NodeGpus> {
  const byNode = new Map<string, NodeGpus>();
  for (const { installed, replicas } of gpus) {
    const node = installed.at(-1)?.node ?? '';
    const before = byNode.get(node) ?? noGpus;
    const more = replicas === undefined ? { whole: 1, replicas: 0 } : { whole: 0, replicas };
    byNode.set(node, { whole: before.whole + more.whole, replicas: before.replicas + more.replicas });
  }
  return byNode;
}

export const noGpus: NodeGpus = { whole: 0, replicas: 0 };

/** `used` changes with each pod that starts or ends. */
function quotaSeries(month: Month, head: MakeHead, fromMs: number): readonly Constant[] {
  return quotaUses(month).flatMap(({ namespace, name, resource, hard, used }) => {
    const of = { namespace, resourcequota: name, resource: `requests.${resource}` };
    const usedHead = head('kube_resourcequota', { ...of, type: 'used' });
    return [
      { head: head('kube_resourcequota', { ...of, type: 'hard' }), value: hard, span: month.key.span },
      ...used.filter(({ span }) => span.endMs > fromMs).map(({ value, span }) => ({ head: usedHead, value, span })),
    ];
  });
}

function volumeSeries({ key }: Month, head: MakeHead): readonly Constant[] {
  return simulatedVolumes.flatMap(({ namespace, claim, storageClass, bytes }) => {
    const of = { namespace, persistentvolumeclaim: claim };
    const info = { ...of, storageclass: storageClass, volumename: `pvc-${namespace}-${claim}` };
    return [
      { head: head('kube_persistentvolumeclaim_info', info), value: 1, span: key.span },
      { head: head('kube_persistentvolumeclaim_resource_requests_storage_bytes', of), value: bytes, span: key.span },
    ];
  });
}

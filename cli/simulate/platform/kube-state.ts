import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import {
  appOf,
  daemonOn,
  devicePlugin,
  gpusByNode,
  type ListedPod,
  noGpus,
  units,
} from '../billing/kube-state-target.ts';
import type { Month, MonthPod } from '../billing/month.ts';
import { simulatedVolumes } from '../billing/simulated-quotas.ts';
import { cpusOf, machine } from '../machine.ts';
import { columnsOf, familyOf, type PageFamily, type PageSample } from './page.ts';

/** What kube-state-metrics shows of the cluster as it is at the end of the month, beside what stands in its history. */
export function kubeStateFamilies(month: Month): readonly PageFamily[] {
  const pods = podsNow(month);
  return [...nodeFamilies(month), ...podFamilies(pods), ...daemonSetFamilies(month), ...deploymentFamilies(pods)];
}

type AnyPod = MonthPod | ListedPod;

function podsNow({ key, nodes, pods }: Month): readonly AnyPod[] {
  const nowMs = key.span.endMs - 1;
  const isListed = ({ span, listedUntilMs }: AnyPod): boolean => span.startMs <= nowMs && nowMs < listedUntilMs;
  return [...pods, ...nodes.map(({ name }) => daemonOn(name, key.span))].filter(isListed);
}

/** Nothing is kept back for the system and no GPU is withdrawn, so pods may have all that a node has. */
function nodeFamilies({ key, nodes, gpus }: Month): readonly PageFamily[] {
  const byNode = gpusByNode(gpus);
  const resourcesOf = (node: string) => {
    const { whole, replicas } = byNode.get(node) ?? noGpus;
    const inHistory = { cpu: cpusOf(key), memory: machine.memoryBytes, nvidia_com_gpu: whole };
    return { inHistory, others: { pods: 110, ...(replicas > 0 ? { nvidia_com_gpu_shared: replicas } : {}) } };
  };
  const samples = (node: string, resources: Readonly<Record<string, number>>): readonly PageSample[] =>
    Object.entries(resources).map(([resource, value]) => [
      { node, resource, unit: units[resource] ?? 'integer' },
      value,
    ]);
  const statuses = ['true', 'false', 'unknown'] as const;
  return [
    familyOf(
      'kube_node_status_capacity',
      'gauge',
      nodes.flatMap(({ name }) => samples(name, resourcesOf(name).others)),
    ),
    familyOf(
      'kube_node_status_allocatable',
      'gauge',
      nodes.flatMap(({ name }) => samples(name, { ...resourcesOf(name).inHistory, ...resourcesOf(name).others })),
    ),
    familyOf(
      'kube_node_status_condition',
      'gauge',
      nodes.flatMap(({ name: node }) =>
        ['DiskPressure', 'MemoryPressure', 'PIDPressure'].flatMap((condition) =>
          statuses.map((status) => [{ node, condition, status }, status === 'false' ? 1 : 0] as const),
        ),
      ),
    ),
  ];
}

function podFamilies(pods: readonly AnyPod[]): readonly PageFamily[] {
  const of = ({ namespace, name, uid }: AnyPod) => ({ namespace, pod: name, uid });
  return [
    familyOf(
      'kube_pod_status_ready',
      'gauge',
      pods.flatMap((pod) =>
        ['true', 'false', 'unknown'].map(
          (condition) => [{ ...of(pod), condition }, condition === String(isRunning(pod)) ? 1 : 0] as const,
        ),
      ),
    ),
    familyOf(
      'kube_pod_container_status_restarts_total',
      'counter',
      pods.map((pod) => [{ ...of(pod), container: pod.container }, restartsOf(pod)]),
    ),
    familyOf(
      'kube_pod_spec_volumes_persistentvolumeclaims_info',
      'gauge',
      pods.flatMap((pod) =>
        claimsOf(pod).map((persistentvolumeclaim) => [
          { ...of(pod), volume: persistentvolumeclaim, persistentvolumeclaim },
          1,
        ]),
      ),
    ),
  ];
}

function isRunning({ ended, span, listedUntilMs }: AnyPod): boolean {
  return ended === undefined || span.endMs >= listedUntilMs;
}

/** Some pods have been started again once, long ago. */
function restartsOf({ uid }: AnyPod): number {
  const number = [...uid].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
  return noise(number, 95) < 0.12 ? 1 : 0;
}

/** Every pod of a namespace uses all its volumes. */
export function claimsOf({ namespace }: Pick<AnyPod, 'namespace'>): readonly string[] {
  return simulatedVolumes.filter((volume) => volume.namespace === namespace).map(({ claim }) => claim);
}

function daemonSetFamilies({ nodes }: Month): readonly PageFamily[] {
  const rows = [[devicePlugin, nodes.length]] as const;
  const all = (count: number): number => count;
  return columnsOf(rows, [
    ['kube_daemonset_status_desired_number_scheduled', 'gauge', all],
    ['kube_daemonset_status_current_number_scheduled', 'gauge', all],
    ['kube_daemonset_status_number_ready', 'gauge', all],
    ['kube_daemonset_status_number_unavailable', 'gauge', () => 0],
  ]);
}

/** One for each name under which pods serve; each has the pods that it should have. */
function deploymentFamilies(pods: readonly AnyPod[]): readonly PageFamily[] {
  const replicas = new Map<string, number>();
  for (const pod of pods.filter((each) => 'kind' in each && each.kind === 'inference' && isRunning(each))) {
    const key = `${pod.namespace}/${appOf(pod.name)}`;
    replicas.set(key, (replicas.get(key) ?? 0) + 1);
  }
  const rows = [...replicas].map(([key, count]) => {
    const [namespace = '', deployment = ''] = key.split('/');
    return [{ namespace, deployment }, count] as const;
  });
  return columnsOf(rows, [
    ['kube_deployment_spec_replicas', 'gauge', (count) => count],
    ['kube_deployment_status_replicas_available', 'gauge', (count) => count],
  ]);
}

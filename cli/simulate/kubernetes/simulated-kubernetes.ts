import { simulatedPods } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { simulatedCluster } from '../cluster.ts';
import { type SimulatedServingKey, simulatedEngines } from '../inference/simulated-engines.ts';
import { type FakeKubernetes, type FakeKubernetesSettings, startFakeKubernetes } from './fake-kubernetes.ts';
import { simulatedNodeObject } from './simulated-nodes.ts';
import {
  type PlacedObject,
  simulatedCpuPodObjects,
  simulatedDaemonObjects,
  simulatedPodObjects,
} from './simulated-workloads.ts';

/** Namespaces of the simulated cluster that belong to nobody who pays. */
const systemNamespaces = new Set(['default', 'kube-system', 'gpu-operator']);
export const simulatedTenantLabel = 'fleetlens.io/tenant';

/** What Kubernetes would know of the simulated cluster: its nodes, the pods that have its GPUs, what made them, and their namespaces, each of which is a tenant. The same key gives the same objects. */
export function simulatedKubernetes(key: SimulatedServingKey): readonly PlacedObject[] {
  const { seed, nodes, gpus } = key;
  const onNodes = simulatedCluster(nodes).nodes.flatMap((node, number) => [
    { resource: 'nodes' as const, object: simulatedNodeObject(node, { seed, node: number, gpus }) },
    ...simulatedDaemonObjects(node.name),
    ...simulatedPods({ seed, node: number, gpus }).flatMap((pod) => simulatedPodObjects(pod, node.name)),
  ]);
  const objects = distinct([...onNodes, ...enginesWithoutGpu(key, onNodes)]);
  const namespaces = new Set([
    ...systemNamespaces,
    ...objects.flatMap(({ object }) => object.metadata.namespace ?? []),
  ]);
  return [...[...namespaces].sort().map(namespaceObject), ...objects];
}

/** An API server that serves the simulated cluster. */
export async function startSimulatedKubernetes(
  key: SimulatedServingKey,
  settings?: FakeKubernetesSettings,
): Promise<FakeKubernetes> {
  const fake = await startFakeKubernetes(settings);
  for (const { resource, object } of simulatedKubernetes(key)) fake.store.put(resource, object);
  return fake;
}

function enginesWithoutGpu(key: SimulatedServingKey, placed: readonly PlacedObject[]): readonly PlacedObject[] {
  const pods = new Set(placed.filter(({ resource }) => resource === 'pods').map(({ object }) => pathOf(object)));
  return simulatedEngines(key)
    .filter(({ namespace, podName }) => !pods.has(`${namespace}/${podName}`))
    .flatMap(({ namespace, podName, nodeName }) => simulatedCpuPodObjects(namespace, podName, nodeName));
}

/** A Deployment has many pods, and comes once. */
function distinct(objects: readonly PlacedObject[]): readonly PlacedObject[] {
  return [...new Map(objects.map((each) => [`${each.resource} ${pathOf(each.object)}`, each])).values()];
}

function pathOf({ metadata: { namespace = '', name } }: PlacedObject['object']): string {
  return `${namespace}/${name}`;
}

function namespaceObject(name: string): PlacedObject {
  const labels = {
    'kubernetes.io/metadata.name': name,
    ...(systemNamespaces.has(name) ? {} : { [simulatedTenantLabel]: name }),
  };
  return { resource: 'namespaces', object: { metadata: { name, labels }, status: { phase: 'Active' } } };
}

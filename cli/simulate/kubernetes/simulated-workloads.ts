import { createHash } from 'node:crypto';
import type { SimulatedPod } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import type { OwnerReference } from './fake/kubernetes-object.ts';
import type { NewObject } from './fake/object-store.ts';
import { apiVersionOf, type Resource, servedKinds } from './fake/served-kinds.ts';

/** An object and the resource that it belongs to. */
export interface PlacedObject {
  readonly resource: Resource;
  readonly object: NewObject;
}

/** A pod, and what made it: a Job for each training pod, a Deployment for what serves, nothing for a notebook. */
export function simulatedPodObjects(pod: SimulatedPod, nodeName: string): readonly PlacedObject[] {
  const app = pod.labels['app.kubernetes.io/name'] ?? pod.kind;
  const owners =
    pod.kind === 'training' ? jobOf(pod) : pod.kind === 'inference' ? deploymentOf(pod.namespace, app) : [];
  const resource = pod.replica === undefined ? 'nvidia.com/gpu' : 'nvidia.com/gpu.shared';
  const count = pod.replica === undefined ? String(pod.gpus.length) : '1';
  const { namespace, name, uid, labels, container } = pod;
  const object = podObject({
    namespace,
    name,
    uid,
    labels,
    container,
    nodeName,
    owner: ownerIn(owners),
    gpus: { [resource]: count },
  });
  return [...owners, object];
}

/** An engine that computes on the processor. */
export function simulatedCpuPodObjects(namespace: string, name: string, nodeName: string): readonly PlacedObject[] {
  const owners = deploymentOf(namespace, 'chat-api-cpu');
  const labels = { 'app.kubernetes.io/name': 'chat-api-cpu', team: namespace };
  const uid = uidOf('Pod', namespace, name);
  return [
    ...owners,
    podObject({ namespace, name, uid, labels, container: 'server', nodeName, owner: ownerIn(owners), gpus: {} }),
  ];
}

/** The device plugin, which runs on each node. */
export function simulatedDaemonObjects(nodeName: string): readonly PlacedObject[] {
  const [namespace, app] = ['gpu-operator', 'nvidia-device-plugin'];
  const daemonSet = made('daemonsets', namespace, app);
  const name = `${app}-${nodeName}`;
  const uid = uidOf('Pod', namespace, name);
  const labels = { 'app.kubernetes.io/name': app };
  return [
    daemonSet,
    podObject({ namespace, name, uid, labels, container: app, nodeName, owner: ownerIn([daemonSet]), gpus: {} }),
  ];
}

/** Training operators name the pod as its job where there is only one. */
function jobOf({ namespace, name }: SimulatedPod): readonly PlacedObject[] {
  return [made('jobs', namespace, name)];
}

function deploymentOf(namespace: string, app: string): readonly PlacedObject[] {
  const deployment = made('deployments', namespace, app);
  const owner = referenceTo(deployment);
  return [deployment, made('replicasets', namespace, `${app}-7d9c6b5f48`, owner)];
}

function made(resource: Resource, namespace: string, name: string, owner?: OwnerReference): PlacedObject {
  const uid = uidOf(servedKinds[resource].kind, namespace, name);
  return { resource, object: { metadata: { namespace, name, uid, ...ownedBy(owner) } } };
}

function ownerIn(owners: readonly PlacedObject[]): OwnerReference | undefined {
  const last = owners.at(-1);
  return last === undefined ? undefined : referenceTo(last);
}

function referenceTo({ resource, object: { metadata } }: PlacedObject): OwnerReference {
  const { kind } = servedKinds[resource];
  const apiVersion = apiVersionOf(resource);
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true };
}

function ownedBy(owner: OwnerReference | undefined) {
  return owner === undefined ? {} : { ownerReferences: [owner] };
}

interface PodParts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly container: string;
  readonly nodeName: string;
  readonly owner: OwnerReference | undefined;
  readonly gpus: Readonly<Record<string, string>>;
}

function podObject({ namespace, name, uid, labels, container, nodeName, owner, gpus }: PodParts): PlacedObject {
  const resources = { limits: gpus, requests: { ...gpus, cpu: '4', memory: '16Gi' } };
  return {
    resource: 'pods',
    object: {
      metadata: { namespace, name, uid, labels, ...ownedBy(owner) },
      spec: { nodeName, containers: [{ name: container, image: 'registry.example.com/simulated:1', resources }] },
      status: { phase: 'Running' },
    },
  };
}

/** The same for the same object in every run. */
function uidOf(...path: readonly string[]): string {
  const digits = createHash('sha256').update(path.join('/')).digest('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-');
}

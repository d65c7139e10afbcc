import type { OwnerReference } from '../../cli/simulate/kubernetes/fake/kubernetes-object.ts';
import type { NewObject } from '../../cli/simulate/kubernetes/fake/object-store.ts';
import type { FakeKubernetes } from '../../cli/simulate/kubernetes/fake-kubernetes.ts';
import type { Observation, ObservedItem } from '../../exporters/cmdb/observation.ts';
import type { KubernetesConfig } from '../../exporters/cmdb/sources/kubernetes/kubernetes-config.ts';
import {
  createKubernetesSource,
  type KubernetesDeps,
} from '../../exporters/cmdb/sources/kubernetes/kubernetes-source.ts';
import { readKubernetesConfig } from '../../exporters/cmdb/sources/kubernetes/read-config.ts';
import { systemClock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';

export { type FakeKubernetes, startFakeKubernetes } from '../../cli/simulate/kubernetes/fake-kubernetes.ts';
export { itemOf } from './observe.ts';

interface NodeParts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly uuid?: string;
  readonly ip?: string;
  readonly gpus?: number;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** A node as an API server gives it. */
export function nodeObject(name: string, { labels = {}, uuid, ip, gpus = 8, spec = {} }: NodeParts = {}): NewObject {
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec,
    status: {
      capacity: {
        cpu: '192',
        memory: '2113424Ki',
        pods: '110',
        ...(gpus === 0 ? {} : { 'nvidia.com/gpu': `${gpus}` }),
      },
      addresses: [
        ...(ip === undefined ? [] : [{ type: 'InternalIP', address: ip }]),
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        ...(uuid === undefined ? {} : { systemUUID: uuid }),
        kernelVersion: '6.8.0-60-generic',
        osImage: 'Ubuntu 24.04.2 LTS',
        architecture: 'amd64',
        kubeletVersion: 'v1.33.4',
      },
    },
  };
}

interface PodParts {
  readonly node?: string;
  readonly phase?: string;
  readonly gpus?: number;
  readonly resource?: string;
  readonly owner?: OwnerReference;
  readonly labels?: Readonly<Record<string, string>>;
}

export function podObject(namespace: string, name: string, parts: PodParts = {}): NewObject {
  const { node, phase = 'Running', gpus = 0, resource = 'nvidia.com/gpu', owner, labels = {} } = parts;
  const asked = gpus === 0 ? {} : { [resource]: String(gpus) };
  return {
    metadata: { namespace, name, labels, ...(owner === undefined ? {} : { ownerReferences: [owner] }) },
    spec: {
      ...(node === undefined ? {} : { nodeName: node }),
      containers: [{ name: 'main', image: 'registry.example.com/a:1', resources: { limits: asked, requests: asked } }],
    },
    status: { phase },
  };
}

export function namespaceObject(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  annotations: Readonly<Record<string, string>> = {},
): NewObject {
  return { metadata: { name, labels, annotations }, status: { phase: 'Active' } };
}

export function ownerReference(kind: string, name: string, uid = `${kind}-${name}`.toLowerCase()): OwnerReference {
  return { apiVersion: 'apps/v1', kind, name, uid, controller: true };
}

/** An object of which only the name, and who made it, counts. */
export function ownedObject(namespace: string, name: string, uid: string, owner?: OwnerReference): NewObject {
  return { metadata: { namespace, name, uid, ...(owner === undefined ? {} : { ownerReferences: [owner] }) } };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {} };

/** The configuration of a source as its entry in the file gives it. */
export function kubernetesConfig(
  values: Readonly<Record<string, unknown>>,
  readFile: (path: string) => string = () => '',
  env: Readonly<Record<string, string>> = {},
): KubernetesConfig {
  const field = (key: string) => ({ value: values[key], where: `cmdb.yaml: sources[0].${key}` });
  return readKubernetesConfig(field, { readFile, env });
}

/** A source that looks at the fake, and does not wait where nobody waits for it. */
export function sourceOf(
  fake: Pick<FakeKubernetes, 'url'>,
  values: Readonly<Record<string, unknown>> = {},
  deps: Partial<KubernetesDeps> = {},
) {
  const { readFile = () => '' } = deps;
  const config = kubernetesConfig({ url: fake.url, cluster: 'gpu-1', ...values }, readFile);
  const source = createKubernetesSource('k8s', config, {
    clock: systemClock,
    log: silentLog,
    readFile,
    random: () => 0.001,
    ...deps,
  });
  return {
    observe: (
      signal = new AbortController().signal,
      onProgress: (done: number, total: number) => void = () => {},
    ): Promise<Observation> => source.observe({ signal, onProgress }),
    stop: async () => source.stop?.(),
  };
}

/** What relations lead to, by type. */
export function relationsOf(item: ObservedItem): Readonly<Record<string, readonly string[]>> {
  const byType: Record<string, string[]> = {};
  for (const { type, to } of item.relations) byType[type] = [...(byType[type] ?? []), to];
  return byType;
}

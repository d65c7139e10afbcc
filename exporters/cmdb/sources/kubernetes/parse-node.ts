import { cleanText } from '../clean-text.ts';
import { fieldsIn, listIn, ownField, textIn } from '../json-value.ts';
import { keysAt, parseMeta, textsAt } from './object-meta.ts';
import { parseQuantity } from './quantity.ts';

/** A node, as far as the inventory needs it. */
export interface ClusterNode {
  readonly uid: string;
  readonly name: string;
  /** The wanted ones. */
  readonly labels: ReadonlyMap<string, string>;
  readonly roles: readonly string[];
  readonly hostnames: readonly string[];
  readonly internalIps: readonly string[];
  readonly externalIps: readonly string[];
  readonly systemUuid: string | undefined;
  readonly kernel: string | undefined;
  readonly os: string | undefined;
  readonly architecture: string | undefined;
  readonly kubelet: string | undefined;
  readonly cpus: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly gpus: number | undefined;
  readonly isUnschedulable: boolean;
  readonly taints: readonly string[];
}

const maxAddresses = 50;
const maxTaints = 50;
const rolePrefix = 'node-role.kubernetes.io/';
const hostnameLabel = 'kubernetes.io/hostname';
/** Set and taken away by Kubernetes itself as the node comes and goes. */
const passingTaints = /^node\.(kubernetes\.io|cloudprovider\.kubernetes\.io)\//;
const wholeGpus = ['nvidia.com/gpu', 'amd.com/gpu', 'gpu.intel.com/i915', 'gpu.intel.com/xe'];

export function parseNode(object: unknown, wantedLabels: readonly string[]): ClusterNode | undefined {
  const meta = parseMeta(object);
  if (meta === undefined) return undefined;
  const label = textsAt(object, 'labels');
  const status = ownField(object, 'status');
  const info = (key: string): string | undefined => textIn(status, 'nodeInfo', key);
  const capacity = fieldsIn(ownField(status, 'capacity'));
  const addresses = addressesIn(ownField(status, 'addresses'));
  const spec = ownField(object, 'spec');
  return {
    uid: meta.uid,
    name: meta.name,
    labels: new Map(wantedLabels.flatMap((key) => pairOf(key, cleanText(label(key))))),
    roles: rolesOf(keysAt(object, 'labels')),
    hostnames: [...new Set([label(hostnameLabel) ?? '', ...addresses('Hostname')])].filter((name) => name !== ''),
    internalIps: addresses('InternalIP'),
    externalIps: addresses('ExternalIP'),
    systemUuid: info('systemUUID'),
    kernel: info('kernelVersion'),
    os: info('osImage'),
    architecture: info('architecture'),
    kubelet: info('kubeletVersion'),
    cpus: parseQuantity(capacity['cpu']),
    memoryBytes: parseQuantity(capacity['memory']),
    gpus: sumOf(wholeGpus.map((resource) => parseQuantity(capacity[resource]))),
    isUnschedulable: ownField(spec, 'unschedulable') === true,
    taints: taintsIn(ownField(spec, 'taints')),
  };
}

function pairOf(key: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[key, value]];
}

function rolesOf(labels: readonly string[]): readonly string[] {
  return labels
    .filter((key) => key.startsWith(rolePrefix) && key.length > rolePrefix.length)
    .map((key) => key.slice(rolePrefix.length, rolePrefix.length + 63))
    .sort();
}

function addressesIn(value: unknown): (type: string) => readonly string[] {
  const addresses = listIn(value).slice(0, maxAddresses);
  return (type) =>
    addresses
      .filter((address) => ownField(address, 'type') === type)
      .flatMap((address) => textIn(address, 'address') ?? []);
}

function taintsIn(value: unknown): readonly string[] {
  return listIn(value)
    .slice(0, maxTaints)
    .flatMap((taint) => {
      const key = textIn(taint, 'key');
      if (key === undefined || passingTaints.test(key)) return [];
      const text = textIn(taint, 'value');
      return `${key}${text === undefined ? '' : `=${text}`}:${textIn(taint, 'effect') ?? ''}`;
    })
    .sort();
}

/** Undefined if there is none to add. */
function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

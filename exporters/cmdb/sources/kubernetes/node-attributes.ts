import type { AttributeValue } from '../../model/item.ts';
import type { MappingConfig } from './kubernetes-config.ts';
import type { ClusterNode } from './parse-node.ts';

/** Labels that tell of GPUs; GPU feature discovery sets them. */
const gpuLabels = {
  product: 'nvidia.com/gpu.product',
  count: 'nvidia.com/gpu.count',
  driver: 'nvidia.com/cuda.driver-version.full',
  driverParts: ['nvidia.com/cuda.driver.major', 'nvidia.com/cuda.driver.minor', 'nvidia.com/cuda.driver.rev'],
} as const;

const plainLabels = {
  zone: 'topology.kubernetes.io/zone',
  region: 'topology.kubernetes.io/region',
  instance_type: 'node.kubernetes.io/instance-type',
} as const;

/** All labels of nodes that are read. */
export function wantedLabelsOf({ placeLabels, nodeLabels }: MappingConfig): readonly string[] {
  const { site, room, rack } = placeLabels;
  return [
    ...Object.values(gpuLabels).flat(),
    ...Object.values(plainLabels),
    ...[site, room, rack].filter((label) => label !== undefined),
    ...nodeLabels.map(([, label]) => label),
  ];
}

export function nodeAttributes(
  node: ClusterNode,
  { cluster, nodeLabels }: MappingConfig,
): Readonly<Record<string, AttributeValue | undefined>> {
  const gpus = gpuCountOf(node);
  const label = (key: string): string | undefined => node.labels.get(key);
  return {
    ...Object.fromEntries(nodeLabels.map(([attribute, key]) => [attribute, label(key)])),
    ...Object.fromEntries(Object.entries(plainLabels).map(([attribute, key]) => [attribute, label(key)])),
    node: node.name,
    kubernetes_node: node.name,
    cluster,
    address: node.internalIps[0],
    external_ips: listed(node.externalIps),
    role: gpus === undefined || gpus === 0 ? undefined : 'gpu',
    kubernetes_roles: listed(node.roles),
    architecture: machineOf(node.architecture),
    kernel: node.kernel,
    os: node.os,
    kubelet_version: node.kubelet,
    driver_version: driverOf(node),
    gpu_model: label(gpuLabels.product)?.replace(/(?:-MIG-[0-9a-z.]+)?(?:-SHARED)?$/, ''),
    gpu_count: gpus,
    cpu_count: node.cpus,
    memory_bytes: node.memoryBytes,
    unschedulable: node.isUnschedulable ? true : undefined,
    taints: listed(node.taints),
  };
}

/** As the kernel calls it, so that all sources say the same. */
function machineOf(architecture: string | undefined): string | undefined {
  const machines: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };
  return architecture === undefined ? undefined : (machines[architecture] ?? architecture);
}

/** The label counts boards. The capacity counts replicas of time-sliced GPUs too, and no GPU that is cut into MIG instances. */
function gpuCountOf({ labels, gpus }: ClusterNode): number | undefined {
  const told = labels.get(gpuLabels.count);
  return told !== undefined && /^\d{1,4}$/.test(told) ? Number(told) : gpus;
}

export function driverOf({ labels }: ClusterNode): string | undefined {
  const full = labels.get(gpuLabels.driver);
  if (full !== undefined) return full;
  const parts = gpuLabels.driverParts.map((key) => labels.get(key)).filter((part) => part !== undefined);
  return parts.length < 2 ? undefined : parts.join('.');
}

function listed(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values;
}

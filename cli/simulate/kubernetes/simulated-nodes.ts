import { board } from '../../../exporters/gpu/sources/simulated/board.ts';
import { replicasOfSharedGpu, sharedGpuOf } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { simulatedUuid } from '../../../exporters/gpu/sources/simulated/simulated-uuid.ts';
import type { SimulatedNode } from '../cluster.ts';
import { cpusOf, machine } from '../machine.ts';
import { simulatedSystemUuid } from '../system-uuid.ts';
import type { NewObject } from './fake/object-store.ts';

interface NodeKey {
  readonly seed: number;
  /** Number of the node in its fleet, from 0. */
  readonly node: number;
  readonly gpus: number;
}

/** As the simulated GPUs tell it. */
export const simulatedDriver = ['580', '65', '06'] as const;

/** A node as the kubelet and GPU feature discovery describe it. */
export function simulatedNodeObject({ name, rack }: SimulatedNode, key: NodeKey): NewObject {
  const { seed, node } = key;
  return {
    metadata: { name, uid: simulatedUuid(seed, node, nodePart), labels: labelsOf(name, rack, key) },
    spec: { podCIDR: `10.${100 + (node >> 8)}.${node & 255}.0/24` },
    status: {
      capacity: capacityOf(key),
      allocatable: capacityOf(key),
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      addresses: [
        { type: 'InternalIP', address: simulatedNodeAddress(node) },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        systemUUID: simulatedSystemUuid({ seed, node }),
        machineID: simulatedUuid(seed, node, nodePart, 1).replaceAll('-', ''),
        kernelVersion: machine.kernel,
        osImage: machine.os.prettyName,
        operatingSystem: 'linux',
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://2.0.5',
        kubeletVersion: 'v1.33.4',
      },
    },
  };
}

const nodePart = 10_001;

/** Address of a simulated node in the network of its cluster. */
export function simulatedNodeAddress(node: number): string {
  return `10.20.${(node >> 8) & 255}.${node & 255}`;
}

function labelsOf(name: string, rack: string, { gpus }: NodeKey): Readonly<Record<string, string>> {
  const [major, minor, revision] = simulatedDriver;
  return {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'node-role.kubernetes.io/gpu': '',
    'topology.kubernetes.io/rack': rack,
    'nvidia.com/gpu.present': 'true',
    'nvidia.com/gpu.product': board.model.replaceAll(' ', '-'),
    'nvidia.com/gpu.count': String(gpus),
    'nvidia.com/cuda.driver.major': major,
    'nvidia.com/cuda.driver.minor': minor,
    'nvidia.com/cuda.driver.rev': revision,
    'nvidia.com/cuda.driver-version.full': simulatedDriver.join('.'),
  };
}

function capacityOf(key: NodeKey): Readonly<Record<string, string>> {
  const isShared = sharedGpuOf(key) !== undefined;
  return {
    cpu: String(cpusOf(key)),
    memory: `${machine.memoryBytes / 1024}Ki`,
    pods: '110',
    'nvidia.com/gpu': String(key.gpus - (isShared ? 1 : 0)),
    ...(isShared ? { 'nvidia.com/gpu.shared': String(replicasOfSharedGpu) } : {}),
  };
}

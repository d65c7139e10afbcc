import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import { type SimulatedPod, simulatedPods } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { cpusOf, machine } from '../machine.ts';
import { createFlow, type Flow } from './flow.ts';

export interface NodeKey {
  readonly seed: number;
  /** Number of the node in its fleet, from 0. */
  readonly node: number;
  readonly gpus: number;
}

/** What the pods of a simulated server ask of the machine: more of them, more of everything. */
export interface NodeWork {
  readonly key: NodeKey;
  readonly cpus: number;
  /** CPUs that are not idle. */
  readonly busyCpus: Flow;
  /** Memory that processes have, which swings by less than a hundredth. */
  readonly memoryUsed: Flow;
  readonly cachedBytes: number;
  /** Bytes to and from each adapter. */
  readonly adapters: readonly Direction[];
  readonly disks: readonly Disk[];
  readonly nfsCalls: Flow;
  readonly bootSeconds: number;
}

/** In for what is received or read, out for what is sent or written. */
export interface Direction {
  readonly in: Flow;
  readonly out: Flow;
}

export interface Disk extends Direction {
  /** Time that all reads and all writes take together. */
  readonly readTime: Flow;
  readonly writeTime: Flow;
}

/** Size of a usual request to a disk, and how long it takes on average. */
export const diskRequest = { bytes: 512 * 1024, readSeconds: 0.00042, writeSeconds: 0.00009 } as const;

const gib = 1024 ** 3;

/** CPUs and memory for each GPU of a pod, or for each pod that shares one; bytes a second of network and disks. */
const demands = {
  training: { cpus: 3.4, memory: 96 * gib, network: 5.5e9, disk: 260e6 },
  inference: { cpus: 2.2, memory: 24 * gib, network: 90e6, disk: 8e6 },
  notebook: { cpus: 0.6, memory: 20 * gib, network: 12e6, disk: 15e6 },
} as const;
/** What the system itself and the daemons need. */
const base = { cpus: 2.3, memory: 28 * gib, network: 6e6, disk: 11e6 } as const;

/** `nowSeconds` is when somebody began to look; the machine was up for days by then. */
export function nodeWork(key: NodeKey, nowSeconds: number): NodeWork {
  const { seed, node } = key;
  const pods = simulatedPods(key);
  const total = (of: keyof typeof base): number =>
    pods.reduce((sum, pod) => sum + demands[pod.kind][of] * partsOf(pod), base[of]);
  const flow = (mean: number, swing: number, ...keys: readonly number[]): Flow =>
    createFlow({ mean, swing, keys: [seed, node, ...keys] });
  const parts = (count: number, mean: number, part: number): readonly Part[] =>
    Array.from({ length: count }, (_, number) => {
      const own = (mean / count) * (0.92 + 0.16 * noise(seed, node, part, number));
      return { number, inMean: own, outMean: 0.9 * own };
    });
  const direction = ({ number, inMean, outMean }: Part, part: number): Direction => ({
    in: flow(inMean, 0.3, part, number, 0),
    out: flow(outMean, 0.3, part, number, 1),
  });
  const timeOf = (mean: number, seconds: number, ...keys: readonly number[]): Flow =>
    flow((mean / diskRequest.bytes) * seconds, 0.25, 78, ...keys);
  return {
    key,
    cpus: cpusOf(key),
    busyCpus: flow(total('cpus'), 0.14, 71),
    memoryUsed: flow(total('memory'), 0.008, 72),
    cachedBytes: Math.round((280 + 160 * noise(seed, node, 73)) * gib),
    adapters: parts(machine.adapters, total('network'), 74).map((part) => direction(part, 74)),
    disks: parts(machine.disks, total('disk'), 75).map((part) => ({
      ...direction(part, 75),
      readTime: timeOf(part.inMean, diskRequest.readSeconds, part.number, 0),
      writeTime: timeOf(part.outMean, diskRequest.writeSeconds, part.number, 1),
    })),
    nfsCalls: flow(20 + total('disk') / 1e6, 0.25, 76),
    bootSeconds: Math.floor(nowSeconds - 86_400 * (4 + 50 * noise(seed, node, 77))),
  };
}

interface Part {
  readonly number: number;
  readonly inMean: number;
  readonly outMean: number;
}

/** GPUs of a pod; one that shares a GPU counts as one, too. */
function partsOf({ gpus, replica }: SimulatedPod): number {
  return replica === undefined ? gpus.length : 1;
}

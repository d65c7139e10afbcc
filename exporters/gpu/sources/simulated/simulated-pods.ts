import { noise } from './random.ts';
import { simulatedUuid } from './simulated-uuid.ts';
import type { PodKind } from './workload.ts';

/** A pod of the made-up cluster that has GPUs, with one container. */
export interface SimulatedPod {
  /** Number of the pod on its node, from 0. */
  readonly number: number;
  readonly kind: PodKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly container: string;
  readonly containerId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Indices of its GPUs; on each of them runs one process. */
  readonly gpus: readonly number[];
  /** Its replica of a time-sliced GPU; undefined if its GPUs are its own. */
  readonly replica?: number | undefined;
}

export interface SimulatedPodsKey {
  readonly seed: number;
  /** Number of the node in its fleet, from 0. */
  readonly node: number;
  /** Number of GPUs of the node. */
  readonly gpus: number;
}

/** Into how many replicas a time-sliced GPU is cut; one of them is free. */
export const replicasOfSharedGpu = 4;
const sharingPods = 3;

/**
 * Who has which GPU of a node; the same key gives the same pods. A training pod has the first four GPUs or more, so that scenarios strike
 * GPUs in use, and the last GPU is never free for the same reason. Of the others some are free. The last GPU of every second node is
 * time-sliced among inference pods.
 */
export function simulatedPods(key: SimulatedPodsKey): readonly SimulatedPod[] {
  return placesOn(key).map(({ kind, ...place }, number) => ({ ...identityOf(key, number, kind), ...place }));
}

type Place = Pick<SimulatedPod, 'kind' | 'gpus' | 'replica'>;

function placesOn(key: SimulatedPodsKey): readonly Place[] {
  const shared = sharedGpuOf(key);
  const places: Place[] = [];
  const whole = shared ?? key.gpus;
  let next = 0;
  while (next < whole) {
    const { kind, size } = takenFrom(key, next);
    const gpus = Array.from({ length: Math.min(size, whole - next) }, (_, offset) => next + offset);
    if (kind !== 'free') places.push({ kind, gpus });
    next += gpus.length;
  }
  if (shared === undefined) return places;
  const sharing = Array.from(
    { length: sharingPods },
    (_, replica): Place => ({ kind: 'inference', gpus: [shared], replica }),
  );
  return [...places, ...sharing];
}

/** What becomes of a GPU and how many after it. */
function takenFrom({ seed, node, gpus }: SimulatedPodsKey, gpu: number) {
  if (gpu === 0) return { kind: 'training', size: noise(seed, node, 20) < 0.75 ? 4 : 8 } as const;
  const isPair = noise(seed, node, gpu, 21) < 0.4;
  const kind = gpu + (isPair ? 2 : 1) >= gpus ? 'training' : kindOf(noise(seed, node, gpu, 22));
  return { kind, size: kind === 'training' && isPair ? 2 : 1 } as const;
}

/** The GPU of the node that is time-sliced, if there is one. */
export function sharedGpuOf({ node, gpus }: SimulatedPodsKey): number | undefined {
  return node % 2 === 1 ? gpus - 1 : undefined;
}

/** The process of a pod on one of its GPUs, in the process namespace of the node. */
export function pidOf({ number }: SimulatedPod, gpu: number): number {
  return 20_000 + number * 100 + gpu;
}

function kindOf(chance: number): 'training' | 'notebook' | 'free' {
  if (chance < 0.5) return 'training';
  return chance < 0.7 ? 'notebook' : 'free';
}

const tenants = {
  training: ['team-a', 'team-b', 'research'],
  inference: ['inference'],
  notebook: ['research'],
} as const satisfies Record<PodKind, readonly string[]>;

const apps = {
  training: ['llm-pretrain', 'llm-finetune', 'vision-train', 'speech-train'],
  inference: ['chat-api', 'embeddings', 'rerank'],
  notebook: ['notebook'],
} as const satisfies Record<PodKind, readonly string[]>;

const containers = { training: 'trainer', inference: 'server', notebook: 'notebook' } as const satisfies Record<
  PodKind,
  string
>;

function identityOf({ seed, node }: SimulatedPodsKey, number: number, kind: PodKind) {
  const namespace = pick(tenants[kind], noise(seed, node, number, 23));
  const app = pick(apps[kind], noise(seed, node, number, 24));
  return {
    number,
    kind,
    namespace,
    name: `${app}-${suffixOf(seed, node, number)}`,
    uid: simulatedUuid(seed, node, number, 25),
    container: containers[kind],
    containerId: [26, 27].map((part) => simulatedUuid(seed, node, number, part).replaceAll('-', '')).join(''),
    labels: { 'app.kubernetes.io/name': app, team: namespace },
  };
}

function pick<T extends string>(list: readonly [T, ...T[]], chance: number): T {
  return list[Math.floor(chance * list.length)] ?? list[0];
}

/** Kubernetes leaves out vowels and what looks like one. */
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Never the same for two pods of a fleet: the first three letters are those of the node, the fourth is that of the pod. */
function suffixOf(seed: number, node: number, number: number): string {
  const nodes = letters.length ** 3;
  const mixed = (node * 7_919 + Math.floor(noise(seed, 28) * nodes)) % nodes;
  const digits = [
    mixed,
    mixed / letters.length,
    mixed / letters.length ** 2,
    number,
    noise(seed, node, number, 29) * 27,
  ];
  return digits.map((digit) => letters[Math.floor(digit) % letters.length]).join('');
}

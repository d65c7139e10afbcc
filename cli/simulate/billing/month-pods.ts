import { type SimulatedPod, simulatedPods } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { simulatedUuid } from '../../../exporters/gpu/sources/simulated/simulated-uuid.ts';
import type { PodKind } from '../../../exporters/gpu/sources/simulated/workload.ts';
import { type Chances, chancesOf } from './chances.ts';
import type { Month, MonthKey, MonthNode, MonthPod, Slot } from './month.ts';
import { momentOf } from './month-hardware.ts';
import { spanAt } from './spans.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const resources = { whole: 'nvidia.com/gpu', shared: 'nvidia.com/gpu.shared' } as const;

interface Parts {
  readonly key: MonthKey;
  readonly nodes: Month['nodes'];
  readonly slots: readonly Slot[];
}

/**
 * Who had what: pods come at any second, ask for some GPUs and get them if they are free, and end after seconds to days, or with their node
 * or GPU. Those that run at the end are those of the simulated fleet.
 */
export function monthPods(parts: Parts): readonly MonthPod[] {
  return parts.nodes.flatMap((node, number) => podsOn(node, number, parts));
}

function podsOn(node: MonthNode, number: number, { key, slots }: Parts): readonly MonthPod[] {
  const own = slots.filter((slot) => slot.node === node.name);
  const last = simulatedPods({ ...key, node: number }).map((pod, index) => lastPod(pod, index, { key, own, number }));
  const freeFrom = new Map(own.map((slot) => [slot, key.span.startMs]));
  const reserved = new Map(last.flatMap((pod) => pod.slots.map((slot) => [slot, pod.span.startMs])));
  const chances = chancesOf(key.seed, number, 3);
  const pods: MonthPod[] = [];
  const names = createNames(key.seed, number, chances);
  const meanGap = meanGapOf(key, own.length);
  const begin = key.span.startMs + chances.between(0, meanGap);
  for (let at = begin; at < momentOf(key, 0.99); at += chances.after(meanGap)) {
    const startMs = Math.round(at / second) * second;
    if (spanAt(node.cordoned, startMs) !== undefined) continue;
    const free = own.filter(
      (slot) => (freeFrom.get(slot) ?? 0) <= startMs && spanAt(slot.spans, startMs) !== undefined,
    );
    const taken = choose(free, chances);
    if (taken.length === 0) continue;
    const wanted = startMs + durationOf(chances, key);
    const limits = taken.map((slot) =>
      Math.min(spanAt(slot.spans, startMs)?.endMs ?? 0, reserved.get(slot) ?? Infinity),
    );
    const limit = Math.min(...limits, momentOf(key, 0.995));
    const endMs = Math.min(wanted, limit);
    if (endMs <= startMs) continue;
    for (const slot of taken) freeFrom.set(slot, endMs);
    pods.push(namedPod({ taken, startMs, endMs, isCut: wanted > limit, key }, names, chances));
  }
  return [...pods, ...last];
}

/** Enough pods for the GPUs to be taken about two thirds of the time. */
function meanGapOf(key: MonthKey, slots: number): number {
  return (2.5 * hour) / paceOf(key) / Math.max(1, slots / 2);
}

function paceOf({ span, pace }: MonthKey): number {
  return pace ?? Math.max(1, (7 * 24 * hour) / (span.endMs - span.startMs));
}

/** One of the simulated fleet that runs at the end of the month, and since when. */
function lastPod(
  pod: SimulatedPod,
  index: number,
  { key, own, number }: { readonly key: MonthKey; readonly own: readonly Slot[]; readonly number: number },
): MonthPod {
  const chances = chancesOf(key.seed, number, 4, index);
  const { kind, namespace, name, uid, container, replica } = pod;
  const startMs = Math.round(momentOf(key, chances.between(0.92, 0.99)) / second) * second;
  const slots = own.filter(
    (slot) =>
      pod.gpus.includes(slot.index) &&
      slot.replica === replica &&
      spanAt(slot.spans, startMs)?.endMs === key.span.endMs,
  );
  const resource = replica === undefined ? resources.whole : resources.shared;
  const span = { startMs, endMs: key.span.endMs };
  const node = own[0]?.node ?? '';
  const held = { resource, slots, span, ended: undefined, listedUntilMs: key.span.endMs };
  return { node, kind, namespace, name, uid, container, ...held };
}

/** Pods ask for one GPU, two, or four, of those that are whole. */
function choose(free: readonly Slot[], chances: Chances): readonly Slot[] {
  const [any] = free.toSorted((a, b) => a.index - b.index);
  if (any === undefined) return [];
  const one = free[Math.floor(chances.next() * free.length)] ?? any;
  if (one.replica !== undefined || one.profile !== '') return [one];
  const whole = free.filter(({ replica, profile }) => replica === undefined && profile === '');
  const size = chances.pick([1, 1, 1, 2, 2, 4]);
  return size === 1 ? [one] : whole.slice(0, size);
}

/** Most take some hours; some are there for seconds only. */
function durationOf(chances: Chances, key: MonthKey): number {
  const short = chances.isTrue(0.12);
  const ms = short ? chances.between(2 * second, 100 * second) : 2 * minute + chances.after(4 * hour) / paceOf(key);
  return Math.max(1, Math.round(ms / second)) * second;
}

interface Taken {
  readonly taken: readonly Slot[];
  readonly startMs: number;
  readonly endMs: number;
  readonly isCut: boolean;
  readonly key: MonthKey;
}

function namedPod({ taken, startMs, endMs, isCut, key }: Taken, names: Names, chances: Chances): MonthPod {
  const [first] = taken;
  const kind = kindOf(taken, chances);
  const keeps = kind === 'training' && !isCut && chances.isTrue(0.5);
  const listed = keeps ? endMs + Math.round(chances.after(6 * hour) / second) * second : endMs;
  return {
    node: first?.node ?? '',
    kind,
    ...names.next(kind, startMs, endMs),
    resource: resourceOf(first),
    slots: taken,
    span: { startMs, endMs },
    ended: isCut || chances.isTrue(0.1) ? 'Failed' : 'Succeeded',
    listedUntilMs: Math.min(listed, key.span.endMs),
  };
}

function kindOf(taken: readonly Slot[], chances: Chances): PodKind {
  if (taken[0]?.replica !== undefined) return 'inference';
  return taken.length === 1 && chances.isTrue(0.35) ? 'notebook' : 'training';
}

function resourceOf(slot: Slot | undefined): string {
  if (slot?.replica !== undefined) return resources.shared;
  return slot === undefined || slot.profile === '' ? resources.whole : `nvidia.com/mig-${slot.profile}`;
}

interface Names {
  readonly next: (
    kind: PodKind,
    startMs: number,
    endMs: number,
  ) => Pick<MonthPod, 'namespace' | 'name' | 'uid' | 'container'>;
}

const tenants = {
  training: ['team-a', 'team-b', 'research'],
  inference: ['inference'],
  notebook: ['research'],
} as const;
const apps = {
  training: ['llm-pretrain', 'llm-finetune', 'vision-train', 'speech-train'],
  inference: ['chat-api', 'embeddings', 'rerank'],
} as const;
const containers = { training: 'trainer', inference: 'server', notebook: 'notebook' } as const;

/** Notebooks are named as a StatefulSet names them: the next one that runs has the name of one that ended, and another UID. */
function createNames(seed: number, node: number, chances: Chances): Names {
  const busyUntil: number[] = [];
  let made = 0;
  return {
    next: (kind, startMs, endMs) => {
      const number = made++;
      const uid = simulatedUuid(seed, node, number, 31);
      const namespace = chances.pick(tenants[kind]);
      const container = containers[kind];
      if (kind !== 'notebook') {
        const name = `${chances.pick(apps[kind])}-${suffixOf(node, number)}`;
        return { namespace, name, uid, container };
      }
      const free = busyUntil.findIndex((until) => until <= startMs);
      const place = free < 0 ? busyUntil.length : free;
      busyUntil[place] = endMs;
      return { namespace, name: `notebook-${node + 1}-${place}`, uid, container };
    },
  };
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Of five letters, others than those of the simulated fleet, which never begin so. */
function suffixOf(node: number, number: number): string {
  const digits = [number, number / letters.length, number / letters.length ** 2, node, node / letters.length];
  return `h${digits.map((digit) => letters[Math.floor(digit) % letters.length]).join('')}`;
}

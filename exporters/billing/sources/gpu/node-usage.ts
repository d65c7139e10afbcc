import { mergeUsages } from '../../metering/canonical.ts';
import type { GpuWindow } from '../../metering/meter-gpus.ts';
import type { Span } from '../../span.ts';
import { type Holder, type Share, type Usage, wholeShare } from '../../usage.ts';
import { clipped } from '../timeline.ts';

/** GPUs of a node of which only the number is known. */
export interface NodeGpus {
  readonly cluster: string;
  readonly node: string;
  readonly model: string;
  /** Of a GPU that one of the resource stands for: 1/replicas where GPUs are shared. */
  readonly replicas: number;
  /** How many there are. */
  readonly capacity: readonly { readonly span: Span; readonly count: number }[];
  readonly seen: readonly Span[];
  readonly unavailable: readonly { readonly span: Span; readonly reason: string }[];
  readonly held: readonly { readonly holder: Holder; readonly count: number; readonly spans: readonly Span[] }[];
}

/** Each ms of each GPU of the nodes, by how many of them are whose. What is held beyond what there is, is the error of conservation. */
export function meterNodes(nodes: readonly NodeGpus[], span: Span, systemNamespaces: readonly string[]): GpuWindow {
  const usages: Usage[] = [];
  const errors: { readonly resource: string; readonly excess: bigint; readonly replicas: number }[] = [];
  let devices = 0;
  let installedMs = 0;
  for (const node of nodes) {
    const counts = countsOf(node, span, systemNamespaces);
    usages.push(...counts.usages);
    const capacity = Math.max(
      0,
      ...node.capacity.filter((each) => clipped([each.span], span).length > 0).map(({ count }) => count),
    );
    devices += Math.floor(capacity / node.replicas);
    installedMs += Number(counts.installed) / node.replicas;
    if (counts.excess > 0n) errors.push({ resource: node.node, excess: counts.excess, replicas: node.replicas });
  }
  return {
    span,
    usages: mergeUsages(usages),
    conservation: {
      devices,
      installedMs: Math.round(installedMs),
      error: errors.reduce((sum, { excess, replicas }) => added(sum, { num: excess, den: BigInt(replicas) }), {
        num: 0n,
        den: 1n,
      }),
      worst: errors
        .toSorted(
          (a, b) => Number(b.excess) / b.replicas - Number(a.excess) / a.replicas || (a.resource < b.resource ? -1 : 1),
        )
        .slice(0, 20)
        .map(({ resource, excess, replicas }) => ({
          resource,
          error: added({ num: 0n, den: 1n }, { num: excess, den: BigInt(replicas) }),
        })),
    },
  };
}

interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

function added(a: Fraction, b: Fraction): Fraction {
  const num = a.num * b.den + b.num * a.den;
  const den = a.den * b.den;
  let [left, right] = [num, den];
  while (right !== 0n) [left, right] = [right, left % right];
  return { num: num / left, den: den / left };
}

interface Counts {
  readonly usages: readonly Usage[];
  readonly installed: bigint;
  readonly excess: bigint;
}

function countsOf(node: NodeGpus, span: Span, systemNamespaces: readonly string[]): Counts {
  const share: Share = node.replicas === 1 ? wholeShare : { num: 1, den: node.replicas };
  const usages: Usage[] = [];
  const row = (state: Usage['state'], reason: string, holder: Holder, quantity: bigint): void => {
    const { cluster, model } = node;
    if (quantity > 0n)
      usages.push({
        meter: 'gpu_time',
        cluster,
        node: node.node,
        resource: node.node,
        sku: model,
        state,
        reason,
        holder,
        share,
        quantity,
      });
  };
  let installed = 0n;
  let excess = 0n;
  for (const part of partsOf(node, span)) {
    const lengthMs = BigInt(part.endMs - part.startMs);
    const covers = (spans: readonly Span[]): boolean =>
      spans.some((each) => each.startMs <= part.startMs && each.endMs >= part.endMs);
    const capacity = Math.max(0, ...node.capacity.filter((each) => covers([each.span])).map(({ count }) => count));
    let held = 0;
    for (const each of node.held) {
      if (!covers(each.spans)) continue;
      held += each.count;
      const isSystem = systemNamespaces.includes(each.holder['namespace'] ?? '');
      row(isSystem ? 'system' : 'used', '', each.holder, lengthMs * BigInt(each.count));
    }
    const free = Math.max(0, capacity - held);
    installed += lengthMs * BigInt(capacity);
    excess += lengthMs * BigInt(Math.max(0, held - capacity));
    const trouble = node.unavailable.find((each) => covers([each.span]));
    const reason = covers(node.seen) ? trouble?.reason : 'no_data';
    const unused = node.replicas === 1 ? 'unassigned' : 'unused_replica';
    row(reason === undefined ? 'idle' : 'unavailable', reason ?? unused, {}, lengthMs * BigInt(free));
  }
  return { usages, installed, excess };
}

/** Stretches in which nothing changes. */
function partsOf({ capacity, seen, unavailable, held }: NodeGpus, span: Span): readonly Span[] {
  const spans = [
    ...capacity.map((each) => each.span),
    ...seen,
    ...unavailable.map((each) => each.span),
    ...held.flatMap((each) => each.spans),
  ];
  const inside = clipped(spans, span);
  const cuts = [
    ...new Set([span.startMs, span.endMs, ...inside.flatMap(({ startMs, endMs }) => [startMs, endMs])]),
  ].sort((a, b) => a - b);
  return cuts.slice(1).map((endMs, index) => ({ startMs: cuts[index] ?? endMs, endMs }));
}

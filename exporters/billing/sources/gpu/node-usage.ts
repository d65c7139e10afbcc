import { exact, nothing, plus } from '../../exact.ts';
import { mergeUsages } from '../../metering/canonical.ts';
import { conservationOf } from '../../metering/conserve.ts';
import type { GpuWindow } from '../../metering/meter-gpus.ts';
import type { Span } from '../../span.ts';
import { type ExactQuantity, type Holder, type Share, type Usage, wholeShare } from '../../usage.ts';
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
  const errors = new Map<string, ExactQuantity>();
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
    const before = errors.get(node.node) ?? nothing;
    errors.set(node.node, plus(before, exact(counts.excess, BigInt(node.replicas))));
  }
  return {
    span,
    usages: mergeUsages(usages),
    conservation: conservationOf(devices, Math.round(installedMs), errors),
  };
}

interface Counts {
  readonly usages: readonly Usage[];
  readonly installed: bigint;
  readonly excess: bigint;
}

function countsOf(node: NodeGpus, span: Span, systemNamespaces: readonly string[]): Counts {
  const parts = partsOf(node, span).map((part) => {
    const lengthMs = BigInt(part.endMs - part.startMs);
    const count = countsAt(node, part, systemNamespaces);
    const rows = count.rows.filter((row) => row.count > 0);
    return {
      usages: rows.map((row): Usage => usageOf(node, row, lengthMs * BigInt(row.count))),
      installed: lengthMs * BigInt(count.capacity),
      excess: lengthMs * BigInt(count.excess),
    };
  });
  return {
    usages: parts.flatMap(({ usages }) => usages),
    installed: parts.reduce((sum, { installed }) => sum + installed, 0n),
    excess: parts.reduce((sum, { excess }) => sum + excess, 0n),
  };
}

interface Row extends Pick<Usage, 'state' | 'reason' | 'holder'> {
  /** GPUs, or replicas of them. */
  readonly count: number;
}

/** Who has how many in a stretch in which nothing changes; `excess` is what is held beyond what there is. */
function countsAt(
  node: NodeGpus,
  part: Span,
  systemNamespaces: readonly string[],
): { readonly rows: readonly Row[]; readonly capacity: number; readonly excess: number } {
  const covers = (spans: readonly Span[]): boolean =>
    spans.some((each) => each.startMs <= part.startMs && each.endMs >= part.endMs);
  const capacity = Math.max(0, ...node.capacity.filter((each) => covers([each.span])).map(({ count }) => count));
  const holders = node.held.filter(({ spans }) => covers(spans));
  const held = holders.reduce((sum, { count }) => sum + count, 0);
  const trouble = node.unavailable.find((each) => covers([each.span]));
  const reason = covers(node.seen) ? trouble?.reason : 'no_data';
  const unused = node.replicas === 1 ? 'unassigned' : 'unused_replica';
  const stateOf = (holder: Holder): Usage['state'] =>
    systemNamespaces.includes(holder['namespace'] ?? '') ? 'system' : 'used';
  return {
    rows: [
      ...holders.map(({ holder, count }): Row => ({ state: stateOf(holder), reason: '', holder, count })),
      {
        state: reason === undefined ? 'idle' : 'unavailable',
        reason: reason ?? unused,
        holder: {},
        count: Math.max(0, capacity - held),
      },
    ],
    capacity,
    excess: Math.max(0, held - capacity),
  };
}

function usageOf(
  { cluster, node, model, replicas }: NodeGpus,
  { state, reason, holder }: Row,
  quantity: bigint,
): Usage {
  const share: Share = replicas === 1 ? wholeShare : { num: 1, den: replicas };
  return { meter: 'gpu_time', cluster, node, resource: node, sku: model, state, reason, holder, share, quantity };
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

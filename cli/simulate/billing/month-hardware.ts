import type { Span } from '../../../exporters/billing/span.ts';
import { board } from '../../../exporters/gpu/sources/simulated/board.ts';
import { serialOf, uuidOf } from '../../../exporters/gpu/sources/simulated/gpu-model.ts';
import { replicasOfSharedGpu, sharedGpuOf } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { type SimulatedCluster, simulatedCluster } from '../cluster.ts';
import { chancesOf } from './chances.ts';
import type { ExporterLife, Month, MonthGpu, MonthKey, MonthNode } from './month.ts';
import { subtract, union } from './spans.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Nodes and GPUs, and what befell them. */
export function monthHardware(key: MonthKey): Pick<Month, 'cluster' | 'nodes' | 'gpus'> {
  const cluster = simulatedCluster(key.nodes);
  const swap = swapOf(key);
  return { cluster: cluster.name, nodes: nodesOf(key, cluster, swap), gpus: gpusOf(key, cluster, swap) };
}

/** Moment in whole seconds after that part of the month. */
export function momentOf({ span }: Pick<MonthKey, 'span'>, part: number): number {
  return span.startMs + Math.round(((span.endMs - span.startMs) * part) / second) * second;
}

/** GPU 0 of the first two nodes change places while both are switched off. */
function swapOf(key: MonthKey): Span | undefined {
  if (key.nodes < 2 || key.gpus < 2) return undefined;
  const startMs = momentOf(key, 0.6) + 7 * second;
  const lasts = Math.min(40 * minute, momentOf(key, 0.61) - momentOf(key, 0.6));
  return { startMs, endMs: startMs + Math.round(lasts / second) * second };
}

function nodesOf(key: MonthKey, { nodes }: SimulatedCluster, swap: Span | undefined): readonly MonthNode[] {
  return nodes.map(({ name, rack }, node) => {
    const failures = failuresOf(key, node);
    const notReady = union([...failures, ...(swap !== undefined && node < 2 ? [swap] : [])]);
    const from = momentOf(key, 0.75 + 0.01 * (node % 5)) + 11 * second;
    const cordoned = node % 2 === 0 ? [] : [{ startMs: from, endMs: from + momentOf(key, 0.02) - momentOf(key, 0) }];
    return { name, rack, notReady, cordoned, exporters: exportersOf(key, node, notReady) };
  });
}

/** Three in ten days, and one for sure on the second node. Nothing fails in the last tenth, so that what runs at the end has run for a while. */
function failuresOf(key: MonthKey, node: number): readonly Span[] {
  const chances = chancesOf(key.seed, node, 1);
  const last = momentOf(key, 0.9);
  const longest = Math.max(2 * minute, Math.min(4 * hour, (key.span.endMs - key.span.startMs) / 30));
  const spans: Span[] = [];
  const add = (atMs: number): void => {
    const startMs = Math.round(atMs / second) * second;
    const lasts = Math.round(chances.between(longest / 8, longest) / second) * second;
    spans.push({ startMs, endMs: Math.min(startMs + lasts, last) });
  };
  if (node === Math.min(1, key.nodes - 1)) add(momentOf(key, 0.52));
  for (let at = key.span.startMs + chances.after(3 * day); at < last; at += longest + chances.after(3 * day)) add(at);
  return union(spans);
}

/** A process ends with its node. Apart from that the exporter is started anew now and then, with or without what it had saved. */
function exportersOf(key: MonthKey, node: number, notReady: readonly Span[]): readonly ExporterLife[] {
  const chances = chancesOf(key.seed, node, 2);
  const { startMs, endMs } = key.span;
  const mean = Math.min(4 * day, (endMs - startMs) / 4);
  return subtract([key.span], notReady).flatMap((ready) => {
    const lives: ExporterLife[] = [];
    let life = { span: ready, isRestored: false };
    for (let at = ready.startMs + chances.after(mean); at < ready.endMs - minute; at += minute + chances.after(mean)) {
      const endsMs = Math.round(at / second) * second;
      const startsMs = endsMs + Math.round(chances.between(3, 45)) * second;
      lives.push({ ...life, span: { startMs: life.span.startMs, endMs: endsMs } });
      life = { span: { startMs: startsMs, endMs: ready.endMs }, isRestored: chances.isTrue(0.5) };
    }
    return [...lives, life];
  });
}

function gpusOf(key: MonthKey, { nodes }: SimulatedCluster, swap: Span | undefined): readonly MonthGpu[] {
  return nodes.flatMap(({ name }, node) =>
    Array.from({ length: key.gpus }, (_, gpu): MonthGpu => {
      const other = swap !== undefined && gpu === 0 && node < 2 ? nodes[1 - node]?.name : undefined;
      return {
        uuid: uuidOf({ seed: key.seed, node, gpu }),
        serial: serialOf({ seed: key.seed, node, gpu }),
        model: board.model,
        installed: installedOf(key.span, { node: name, index: gpu }, other, swap),
        lost: lostOf(key, node, gpu),
        instances: instancesOf(key, node, gpu),
        replicas: sharedGpuOf({ ...key, node }) === gpu ? replicasOfSharedGpu : undefined,
      };
    }),
  );
}

/** Up to the middle of the time in which both nodes are off it is on the other one. */
function installedOf(
  span: Span,
  place: { readonly node: string; readonly index: number },
  other: string | undefined,
  swap: Span | undefined,
): MonthGpu['installed'] {
  if (other === undefined || swap === undefined) return [{ ...place, span }];
  const turn = Math.round((swap.startMs + swap.endMs) / 2 / second) * second;
  return [
    { node: other, index: place.index, span: { startMs: span.startMs, endMs: turn } },
    { ...place, span: { startMs: turn, endMs: span.endMs } },
  ];
}

/** GPU 2 of the last node fell off the bus for some time. */
function lostOf(key: MonthKey, node: number, gpu: number): readonly Span[] {
  if (node !== key.nodes - 1 || gpu !== Math.min(2, key.gpus - 1)) return [];
  return [{ startMs: momentOf(key, 0.3) + 13 * second, endMs: momentOf(key, 0.34) + 29 * second }];
}

const layouts = [
  { from: 0.1, to: 0.2, profiles: ['1g.10gb', '1g.10gb', '1g.10gb', '1g.10gb', '1g.10gb', '1g.10gb', '1g.10gb'] },
  { from: 0.2, to: 0.32, profiles: ['4g.40gb', '3g.40gb'] },
  { from: 0.32, to: 0.45, profiles: ['3g.40gb', '2g.20gb', '1g.20gb'] },
] as const;

/** The last GPU of every fourth node is cut into instances for a while, and cut anew twice, which takes a minute. */
function instancesOf(key: MonthKey, node: number, gpu: number): MonthGpu['instances'] {
  if (node % 4 !== 0 || gpu !== key.gpus - 1) return [];
  return layouts.flatMap(({ from, to, profiles }, layout) =>
    profiles.map((profile, number) => ({
      gpuInstanceId: String(layout === 0 ? 7 + number : 1 + number),
      profile,
      span: { startMs: momentOf(key, from) + minute, endMs: momentOf(key, to) },
    })),
  );
}

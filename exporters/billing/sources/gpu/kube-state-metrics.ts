import type { RawSeries } from '../../metering/accrual.ts';
import type { Span } from '../../span.ts';
import { equals, oneOfValues } from '../config/fields.ts';
import type { BillingSource } from '../config/source.ts';
import { type Facts, readFacts } from '../facts.ts';
import { grouped } from '../grouped.ts';
import { accrualOfSpans, splitByFacts } from '../pieces.ts';
import { keyOfTarget, outerOf, type Scrapes } from '../scrapes.ts';
import type { Store } from '../store.ts';
import { clipped, mergedSamples, presence, union } from '../timeline.ts';
import { fillGaps } from './fill-gaps.ts';
import { fillingsOf } from './gpu-context.ts';
import type { GpuReading, GpuRequest } from './gpu-request.ts';
import { holderOf } from './holders.ts';
import { readNodeFacts } from './node-facts.ts';
import { meterNodes, type NodeGpus } from './node-usage.ts';
import { type PodEnd, readPodEnds } from './pod-times.ts';

const namespacesPerRequest = 50;

export function capacitySelector({ gpus }: BillingSource): string {
  return `kube_node_status_capacity{${equals('resource', gpus.resource)}}`;
}

/**
 * GPU time from what pods ask for while they run. It knows how many GPUs a pod has, not which, so the resource is the node. A pod that has ended asks on
 * until it is deleted, so only running ones count.
 */
export async function meterKubeStateMetrics(store: Store, request: GpuRequest): Promise<GpuReading> {
  const { scrapes, gaps, spans, systemNamespaces } = request;
  const outer = outerOf(scrapes);
  const holdMs = Math.round(2.5 * scrapes.intervalMs);
  const { resource } = store.source.gpus;
  const capacity = await store.columns(capacitySelector(store.source), outer);
  const requests = await store.columns(`kube_pod_container_resource_requests{${equals('resource', resource)}}`, outer);
  const context: Context = {
    store,
    request,
    outer,
    holdMs,
    running: await readRunning(store, requests, { outer, holdMs, scrapes }),
    facts: await Promise.all(
      store.source.joins
        .filter(({ take }) => take['pod_uid'] === undefined)
        .map((join) => readFacts(store, join, outer, holdMs)),
    ),
    podEnd: gaps.policy === 'kubernetes' ? await readPodEnds(store, outer) : undefined,
  };
  const nodeFacts = await readNodeFacts(store, outer, holdMs);
  const models = await readFacts(
    store,
    {
      series: 'kube_node_labels{label_nvidia_com_gpu_product!=""}',
      on: { node: 'node' },
      take: { model: 'label_nvidia_com_gpu_product' },
    },
    outer,
    holdMs,
  );
  const byNode = grouped(requests, ({ labels }) => labels['node'] ?? '');
  const nodes = [...grouped(capacity, ({ labels }) => labels['node'] ?? '')].map(([node, some]): NodeGpus => {
    const merged = mergedSamples(some);
    return {
      cluster: store.cluster,
      node,
      model: models.of({ node })[0]?.values['model'] ?? '',
      replicas: nodeFacts.replicasOf(node)[0]?.replicas ?? 1,
      capacity: capacityOf(merged, okTimes(some, scrapes), outer),
      seen: presence(merged, okTimes(some, scrapes), holdMs),
      unavailable: nodeFacts.troublesOf(node),
      held: heldOn(byNode.get(node) ?? [], context),
    };
  });
  return { windows: spans.map((span) => meterNodes(nodes, span, systemNamespaces)), problems: [], bridged: new Set() };
}

interface Context {
  readonly store: Store;
  readonly request: GpuRequest;
  readonly outer: Span;
  readonly holdMs: number;
  readonly running: (labels: RawSeries['labels']) => readonly Span[];
  readonly facts: readonly Facts[];
  readonly podEnd: PodEnd | undefined;
}

/** A number holds until the next scrape, also one that is late: a node does not lose GPUs because nobody looks. */
function capacityOf(series: RawSeries, okMs: Float64Array, { endMs }: Span): NodeGpus['capacity'] {
  const spans: { span: Span; count: number }[] = [];
  for (const count of new Set(series.values)) {
    if (count <= 0) continue;
    const there = presence(series, okMs, endMs - (series.timesMs[0] ?? endMs), (value) => value === count);
    spans.push(...there.map((span) => ({ span, count: Math.round(count) })));
  }
  return spans;
}

function heldOn(
  requests: readonly RawSeries[],
  { store, request, outer, holdMs, running, facts, podEnd }: Context,
): NodeGpus['held'] {
  const containers = grouped(requests, ({ labels }) => JSON.stringify(identity.map((name) => labels[name] ?? '')));
  return [...containers.values()].flatMap((same) => {
    const series = mergedSamples(same);
    const { labels } = series;
    const who = {
      namespace: labels['namespace'] ?? '',
      pod: labels['pod'] ?? '',
      pod_uid: labels['uid'] ?? '',
      container: labels['container'] ?? '',
    };
    const context = { store, request, outer, podEnd, bridged: new Set<string>() };
    return [...new Set(series.values)]
      .filter((count) => count > 0)
      .flatMap((count) => {
        const there = presence(series, okTimes(same, request.scrapes), holdMs, (value) => value === count);
        const known = accrualOfSpans(there.flatMap((span) => clipped(running(labels), span)));
        const held = fillGaps(known, fillingsOf(context, keyOfTarget(labels), who), holdMs);
        const spans = Array.from(held.fromMs, (startMs, index) => ({ startMs, endMs: held.toMs[index] ?? startMs }));
        return splitByFacts(who, facts).map((part) => ({
          holder: holderOf(part.labels),
          count: Math.round(count),
          spans: union(clipped(spans, part)),
        }));
      });
  });
}

const identity = ['namespace', 'pod', 'uid', 'container', 'node'];

async function readRunning(
  store: Store,
  requests: readonly RawSeries[],
  { outer, holdMs, scrapes }: { readonly outer: Span; readonly holdMs: number; readonly scrapes: Scrapes },
): Promise<Context['running']> {
  const keyOf = (labels: RawSeries['labels']): string =>
    JSON.stringify([labels['namespace'], labels['pod'], labels['uid']]);
  const namespaces = [...new Set(requests.flatMap(({ labels }) => labels['namespace'] ?? []))].sort();
  const spans = new Map<string, readonly Span[]>();
  for (let at = 0; at < namespaces.length; at += namespacesPerRequest) {
    const some = [oneOfValues('namespace', namespaces.slice(at, at + namespacesPerRequest))];
    const phases = await store.columns('kube_pod_status_phase{phase="Running"}', outer, some);
    for (const [key, same] of grouped(phases, ({ labels }) => keyOf(labels)))
      spans.set(
        key,
        presence(mergedSamples(same), okTimes(same, scrapes), holdMs, (value) => value > 0),
      );
  }
  return (labels) => spans.get(keyOf(labels)) ?? [];
}

/** Scrapes of those who told the series. */
function okTimes(same: readonly RawSeries[], { targets }: Scrapes): Float64Array {
  const keys = new Set(same.map(({ labels }) => keyOfTarget(labels)));
  const times = new Set([...keys].flatMap((key) => [...(targets.get(key)?.okMs ?? [])]));
  return Float64Array.from(times).sort();
}

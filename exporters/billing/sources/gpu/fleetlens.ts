import { gpu } from '../../../../metrics/gpu.ts';
import type { Accrual, DeviceInput, Holding, RawSeries } from '../../metering/accrual.ts';
import { accrualOfCounter, type CounterProblems } from '../../metering/counter.ts';
import { meterGpus } from '../../metering/meter-gpus.ts';
import type { Span } from '../../span.ts';
import { bridgedGaps, startsOf } from '../bridged.ts';
import { oneOfValues } from '../config/fields.ts';
import { grouped } from '../grouped.ts';
import { keyOfTarget, outerOf, type TargetScrapes } from '../scrapes.ts';
import type { Store } from '../store.ts';
import { clipped, difference, presence, union } from '../timeline.ts';
import { fillGaps } from './fill-gaps.ts';
import { fillingsOf, type GpuContext, installedAt, openGpuContext, unseenDevices } from './gpu-context.ts';
import type { GpuReading, GpuRequest } from './gpu-request.ts';
import { joinGpuWindows } from './gpu-windows.ts';
import { withFacts } from './holders.ts';
import type { Sighting } from './installed.ts';
import { type Shard, shardsOf } from './shards.ts';

/** Series of ours that every GPU has in every scrape. */
export const fleetlensSelector = gpu.gpu_up.name;

/** GPU time from the counters of `fleetlens gpu`. */
export async function meterFleetlens(store: Store, request: GpuRequest): Promise<GpuReading> {
  const context: Context = {
    ...(await openGpuContext(store, request, {
      selector: gpu.gpu_up.name,
      facts: gpu.gpu_info.name,
      labels: { uuid: 'uuid', model: 'model' },
    })),
    mig: await uuidsOf(store, gpu.gpu_mig_info.name, outerOf(request.scrapes)),
    absurd: new Map(),
  };
  const settings = { systemNamespaces: request.systemNamespaces, migShares: store.source.gpus.migShares };
  const parts = [meterGpus(unseenDevices(context), request.spans, settings)];
  for (const shard of shardsOf(request.scrapes, context.inventory.gpusOf, store.source.limits.targetsPerRequest)) {
    store.signal?.throwIfAborted();
    parts.push(meterGpus(await devicesOf(shard, context), request.spans, settings));
  }
  const { windows, problems } = joinGpuWindows(parts);
  return { windows, problems: [...problems, ...context.absurd.values()], bridged: context.bridged };
}

interface Context extends GpuContext {
  /** UUIDs of GPUs with MIG instances. */
  readonly mig: ReadonlySet<string>;
  /** What was counted and cannot be, by GPU and holder. */
  readonly absurd: Map<string, string>;
}

async function uuidsOf(store: Store, selector: string, span: Span): Promise<ReadonlySet<string>> {
  const samples = await store.instant(
    (select) => `group by (uuid) (last_over_time(${select(selector)}[${span.endMs - span.startMs}ms]))`,
    span.endMs - 1,
  );
  return new Set(samples.flatMap(({ labels }) => labels['uuid'] ?? []));
}

async function devicesOf(shard: Shard, context: Context): Promise<readonly DeviceInput[]> {
  const { store, inventory, mig } = context;
  const read = (selector: string, more: readonly string[] = []) =>
    store.columns(selector, shard.range, [...shard.matchers, ...more]);
  const up = await read(gpu.gpu_up.name);
  const held = byTarget(await read(gpu.gpu_allocated_seconds_total.name));
  const starts = byTarget(await read('process_start_time_seconds'));
  const hasMig = shard.targets.some((key) => [...(inventory.gpusOf.get(key) ?? [])].some((uuid) => mig.has(uuid)));
  const instances = hasMig ? await read(gpu.gpu_mig_info.name) : [];

  for (const key of shard.targets) {
    const series = { starts: starts.get(key) ?? [], counters: held.get(key) ?? [] };
    for (const gap of bridgedGaps(key, context.request.scrapes, series)) context.bridged.add(gap);
  }

  const devices: Draft[] = [];
  for (const [uuid, series] of grouped(up, ({ labels }) => labels['uuid'] ?? '')) {
    for (const [node, all] of grouped(series, ({ labels }) => inventory.nodeOf(labels))) {
      const best = all.reduce((a, b) => (b.timesMs.length > a.timesMs.length ? b : a));
      devices.push(draftOf({ uuid, node, up: best }, { shard, context, held, starts }));
    }
  }
  const shared = [...new Set(devices.filter(isShared).map(({ uuid }) => uuid))].sort();
  const shares =
    shared.length === 0 ? [] : await read(gpu.gpu_allocated_share_seconds_total.name, [oneOfValues('uuid', shared)]);
  const sharesByTarget = byTarget(shares);
  return devices.map((draft) =>
    deviceOf(draft, { context, devices, instances, shares: sharesByTarget.get(draft.target) ?? [] }),
  );
}

/** A GPU on a node, with what its exporter counted. */
interface Draft {
  readonly uuid: string;
  readonly node: string;
  readonly target: string;
  readonly scrapes: TargetScrapes | undefined;
  readonly seen: readonly Span[];
  readonly lost: readonly Span[];
  readonly holders: readonly { readonly series: RawSeries; readonly held: Accrual }[];
  readonly counter: (series: RawSeries) => Accrual;
}

interface ShardData {
  readonly shard: Shard;
  readonly context: Context;
  readonly held: ReadonlyMap<string, readonly RawSeries[]>;
  readonly starts: ReadonlyMap<string, readonly RawSeries[]>;
}

function draftOf(
  { uuid, node, up }: { readonly uuid: string; readonly node: string; readonly up: RawSeries },
  { shard, context, held, starts }: ShardData,
): Draft {
  const target = keyOfTarget(up.labels);
  const scrapes = context.request.scrapes.targets.get(target);
  const okMs = scrapes?.okMs.filter((ms) => ms >= shard.range.startMs && ms < shard.range.endMs) ?? new Float64Array(0);
  const seen = presence(up, okMs, context.holdMs);
  const answers = presence(up, okMs, context.holdMs, (value) => value !== 0);
  const watched = presence({ timesMs: okMs, values: okMs }, okMs, context.holdMs);
  const startedAt = startsOf(starts.get(target) ?? []);
  const options = { scale: 1000, fromMs: shard.range.startMs, scrapedAt: okMs, startedAt, growsWithTime: true };
  const counter = (series: RawSeries): Accrual => {
    const { accrual, problems } = accrualOfCounter(series, options);
    const problem = absurdityOf(problems, series.labels, node, context.store);
    if (problem !== undefined) context.absurd.set(JSON.stringify(series.labels), problem);
    return accrual;
  };
  const own = (held.get(target) ?? []).filter(({ labels }) => labels['uuid'] === uuid);
  return {
    uuid,
    node,
    target,
    scrapes,
    seen,
    lost: difference(watched, answers),
    holders: own
      .map((series) => ({ series, held: counter(series) }))
      .filter(({ held }) => held.amounts.some((amount) => amount > 0)),
    counter,
  };
}

/** A few seconds more than have passed are jitter of scrapes. */
const jitterMs = 60_000;

function absurdityOf(
  { clampedAmount, tooLarge, unusable }: CounterProblems,
  { namespace = '', pod = '', uuid = '' }: RawSeries['labels'],
  node: string,
  { shown }: Store,
): string | undefined {
  const who = `${shown}: the time for which ${namespace}/${pod} had the GPU ${uuid} of ${node}`;
  if (clampedAmount > jitterMs)
    return `${who} grew by ${Math.round(clampedAmount / 1000)} s more than passed; that is not billed`;
  const bad = tooLarge + unusable;
  return bad > 0 ? `${who} has ${bad} values that cannot be; they are left out` : undefined;
}

function isShared({ holders }: Draft): boolean {
  return [...grouped(holders, ({ series }) => series.labels['gpu_instance_id'] ?? '').values()].some((some) => {
    const pieces = some.flatMap(({ held }, holder) =>
      [...held.fromMs].flatMap((from, index) =>
        (held.amounts[index] ?? 0) > 0 ? [{ from, to: held.toMs[index] ?? 0, holder }] : [],
      ),
    );
    pieces.sort((a, b) => a.from - b.from);
    return pieces.some(
      (piece, index) =>
        index > 0 &&
        piece.from < Math.max(...pieces.slice(Math.max(0, index - some.length), index).map(({ to }) => to)),
    );
  });
}

interface ShardDevices {
  readonly context: Context;
  readonly devices: readonly Draft[];
  readonly instances: readonly RawSeries[];
  readonly shares: readonly RawSeries[];
}

function deviceOf(draft: Draft, { context, devices, instances, shares }: ShardDevices): DeviceInput {
  const { store, inventory, nodes, holdMs, outer } = context;
  const { uuid, node, seen } = draft;
  const known = inventory.known.get(uuid);
  const sightings: readonly Sighting[] = devices.filter((each) => each.uuid === uuid);
  const installed = installedAt(context, uuid, sightings, node);
  const lost = clipped(draft.lost, outer).map((span) => ({ span, reason: 'lost' }));
  const mig = instances.filter(({ labels }) => labels['uuid'] === uuid && keyOfTarget(labels) === draft.target);
  return {
    cluster: store.cluster,
    node,
    uuid,
    model: known?.model ?? '',
    installed,
    seen,
    unavailable: [...lost, ...nodes.troublesOf(node)],
    instances: [...grouped(mig, ({ labels }) => `${labels['gpu_instance_id']}\n${labels['profile']}`).values()].map(
      (all) => ({
        gpuInstanceId: all[0]?.labels['gpu_instance_id'] ?? '',
        profile: all[0]?.labels['profile'] ?? '',
        spans: union(all.flatMap((series) => presence(series, draft.scrapes?.okMs ?? new Float64Array(0), holdMs))),
      }),
    ),
    replicas: nodes.replicasOf(node),
    holdings: draft.holders.flatMap(({ series, held }) => holdingsOf(draft, { series, held, shares, context })),
  };
}

function holdingsOf(
  draft: Draft,
  {
    series,
    held,
    shares,
    context,
  }: {
    readonly series: RawSeries;
    readonly held: Accrual;
    readonly shares: readonly RawSeries[];
    readonly context: Context;
  },
): readonly Holding[] {
  const { labels } = series;
  const [divided] = shares.filter((share) => holderLabels.every((name) => share.labels[name] === labels[name]));
  const fillings = fillingsOf(context, draft.target, {
    namespace: labels['namespace'] ?? '',
    pod: labels['pod'] ?? '',
  });
  return withFacts(
    {
      gpuInstanceId: labels['gpu_instance_id'] ?? '',
      profile: labels['profile'] ?? '',
      labels: Object.fromEntries(whoLabels.map((name) => [name, labels[name] ?? ''])),
      held: fillGaps(held, fillings, context.holdMs),
      divided: divided === undefined ? undefined : draft.counter(divided),
    },
    context.facts,
  );
}

const whoLabels = ['namespace', 'pod', 'container', 'job_id'];
const holderLabels = ['uuid', 'gpu_instance_id', 'profile', ...whoLabels];

function byTarget(series: readonly RawSeries[]): ReadonlyMap<string, readonly RawSeries[]> {
  return grouped(series, ({ labels }) => keyOfTarget(labels));
}

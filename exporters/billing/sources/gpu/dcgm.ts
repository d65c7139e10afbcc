import type { DeviceInput, RawSeries } from '../../metering/accrual.ts';
import { meterGpus } from '../../metering/meter-gpus.ts';
import type { Span } from '../../span.ts';
import type { BillingSource } from '../config/source.ts';
import { grouped } from '../grouped.ts';
import { accrualOfSpans } from '../pieces.ts';
import { keyOfTarget } from '../scrapes.ts';
import type { Store } from '../store.ts';
import { clipped, difference, presence, union } from '../timeline.ts';
import { fillGaps } from './fill-gaps.ts';
import { fillingsOf, type GpuContext, installedAt, openGpuContext, unseenDevices } from './gpu-context.ts';
import type { GpuReading, GpuRequest } from './gpu-request.ts';
import { joinGpuWindows } from './gpu-windows.ts';
import { withFacts } from './holders.ts';
import type { Sighting } from './installed.ts';
import { type Shard, shardsOf } from './shards.ts';

export function dcgmSelector({ gpus }: BillingSource): string {
  return `{__name__=~"${gpus.dcgmSeries.join('|')}", UUID!=""}`;
}

/** GPU time from the labels of dcgm-exporter: a pod has the GPU from the first scrape that shows it until the first one that does not. */
export async function meterDcgm(store: Store, request: GpuRequest): Promise<GpuReading> {
  const selector = dcgmSelector(store.source);
  const labels = { uuid: 'UUID', model: 'modelName' };
  const context = await openGpuContext(store, request, { selector, facts: selector, labels });
  const settings = { systemNamespaces: request.systemNamespaces, migShares: store.source.gpus.migShares };
  const parts = [meterGpus(unseenDevices(context), request.spans, settings)];
  for (const shard of shardsOf(request.scrapes, context.inventory.gpusOf, store.source.limits.targetsPerRequest)) {
    store.signal?.throwIfAborted();
    parts.push(meterGpus(await devicesOf(shard, selector, context), request.spans, settings));
  }
  return { ...joinGpuWindows(parts), bridged: context.bridged };
}

interface Draft extends Sighting {
  readonly uuid: string;
  readonly target: string;
  readonly series: readonly RawSeries[];
  readonly okMs: Float64Array;
}

async function devicesOf(shard: Shard, selector: string, context: GpuContext): Promise<readonly DeviceInput[]> {
  const { store, inventory, request, holdMs } = context;
  const series = await store.columns(selector, shard.range, shard.matchers);
  const whose = holdersOf(series);
  const drafts: Draft[] = [];
  for (const [uuid, ofGpu] of grouped(series, ({ labels }) => labels['UUID'] ?? '')) {
    for (const [node, ofNode] of grouped(ofGpu, ({ labels }) => inventory.nodeOf(labels))) {
      const targets = [...grouped(ofNode, ({ labels }) => keyOfTarget(labels))];
      // Two jobs that scrape the same exporter say the same; the one that says more is taken.
      const [target, own] = targets.reduce((a, b) => (samplesOf(b[1]) > samplesOf(a[1]) ? b : a));
      const all = request.scrapes.targets.get(target)?.okMs ?? new Float64Array(0);
      const okMs = all.filter((ms) => ms >= shard.range.startMs && ms < shard.range.endMs);
      const seen = union(own.flatMap((each) => presence(each, okMs, holdMs)));
      drafts.push({ uuid, node, target, series: own, okMs, seen });
    }
  }
  return drafts.map((draft) => deviceOf(draft, { drafts, whose, context }));
}

interface DeviceParts {
  readonly drafts: readonly Draft[];
  readonly whose: (labels: RawSeries['labels']) => Who;
  readonly context: GpuContext;
}

function deviceOf(draft: Draft, { drafts, whose, context }: DeviceParts): DeviceInput {
  const { store, inventory, nodes, holdMs, outer, facts } = context;
  const { uuid, node, target, series, okMs, seen } = draft;
  const sightings = drafts.filter((each) => each.uuid === uuid);
  const spansOf = (some: readonly RawSeries[]): readonly Span[] =>
    union(some.flatMap((each) => presence(each, okMs, holdMs)));
  const lost = clipped(difference(presence({ timesMs: okMs, values: okMs }, okMs, holdMs), seen), outer);
  const ofInstances = grouped(series, ({ labels }) => `${instanceOf(labels)}\n${labels['GPU_I_PROFILE'] ?? ''}`);
  const holdings = grouped(series, ({ labels }) =>
    JSON.stringify([instanceOf(labels), labels['GPU_I_PROFILE'] ?? '', whose(labels)]),
  );
  return {
    cluster: store.cluster,
    node,
    uuid,
    model: inventory.known.get(uuid)?.model ?? '',
    installed: installedAt(context, uuid, sightings, node),
    seen,
    unavailable: [...lost.map((span) => ({ span, reason: 'lost' })), ...nodes.troublesOf(node)],
    instances: [...ofInstances].flatMap(([key, some]) => {
      const [gpuInstanceId = '', profile = ''] = key.split('\n');
      return gpuInstanceId === '' ? [] : [{ gpuInstanceId, profile, spans: spansOf(some) }];
    }),
    replicas: nodes.replicasOf(node),
    holdings: [...holdings.values()].flatMap((some) => {
      const labels = some[0]?.labels ?? {};
      const who = whose(labels);
      if (who.pod === '' && who.job_id === '') return [];
      const held = fillGaps(accrualOfSpans(spansOf(some)), fillingsOf(context, target, who), holdMs);
      const gpuInstanceId = instanceOf(labels);
      return withFacts(
        { gpuInstanceId, profile: labels['GPU_I_PROFILE'] ?? '', labels: { ...who }, held, divided: undefined },
        facts,
      );
    }),
  };
}

function instanceOf(labels: RawSeries['labels']): string {
  return labels['GPU_I_ID'] ?? '';
}

function samplesOf(series: readonly RawSeries[]): number {
  return series.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
}

interface Who {
  readonly namespace: string;
  readonly pod: string;
  readonly pod_uid: string;
  readonly container: string;
  readonly job_id: string;
}

/**
 * Whose the GPU of a series is. Without honor_labels Prometheus keeps what dcgm-exporter says as exported_pod and puts the pod of dcgm-exporter itself in
 * its place, also where a GPU is nobody's.
 */
function holdersOf(series: readonly RawSeries[]): (labels: RawSeries['labels']) => Who {
  const renaming = new Set(
    series.filter(({ labels }) => (labels['exported_pod'] ?? '') !== '').map(({ labels }) => keyOfTarget(labels)),
  );
  return (labels) => {
    const isRenamed = renaming.has(keyOfTarget(labels)) || /dcgm-exporter/.test(labels['container'] ?? '');
    const told = (name: string): string => (isRenamed ? labels[`exported_${name}`] : labels[name]) ?? '';
    return {
      namespace: told('pod') === '' ? '' : told('namespace'),
      pod: told('pod'),
      pod_uid: labels['pod_uid'] ?? '',
      container: told('pod') === '' ? '' : told('container'),
      job_id: labels['hpc_job'] ?? '',
    };
  };
}

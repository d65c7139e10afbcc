import { gpu } from '../../../../metrics/gpu.ts';
import type { DeviceInput } from '../../metering/accrual.ts';
import type { Span } from '../../span.ts';
import { keyOfGap } from '../bridged.ts';
import { gapsOf } from '../coverage.ts';
import { type Facts, readFacts } from '../facts.ts';
import { outerOf } from '../scrapes.ts';
import type { Store } from '../store.ts';
import type { Filling } from './fill-gaps.ts';
import type { GpuRequest } from './gpu-request.ts';
import { installedOn, type Sighting } from './installed.ts';
import { type Inventory, type InventoryRequest, readInventory } from './inventory.ts';
import { type NodeFacts, readNodeFacts } from './node-facts.ts';
import { type PodEnd, readPodEnds } from './pod-times.ts';

/** What sources that know each GPU need beside its own series. */
export interface GpuContext {
  readonly request: GpuRequest;
  readonly store: Store;
  /** In which anything is read. */
  readonly outer: Span;
  /** How long a sample stands for what is there. */
  readonly holdMs: number;
  readonly inventory: Inventory;
  readonly nodes: NodeFacts;
  readonly facts: readonly Facts[];
  readonly podEnd: PodEnd | undefined;
  /** Filled as targets are read, by `keyOfGap`. */
  readonly bridged: Set<string>;
}

export async function openGpuContext(
  store: Store,
  request: GpuRequest,
  series: Pick<InventoryRequest, 'selector' | 'facts' | 'labels'>,
): Promise<GpuContext> {
  const { scrapes, gaps, hull } = request;
  const outer = outerOf(scrapes);
  const holdMs = Math.round(2.5 * scrapes.intervalMs);
  return {
    request,
    store,
    outer,
    holdMs,
    inventory: await readInventory(store, { ...series, hull, range: scrapes.range, outer, holdMs }),
    nodes: await readNodeFacts(store, outer, holdMs),
    facts: await readJoins(store, outer, holdMs),
    podEnd: gaps.policy === 'kubernetes' ? await readPodEnds(store, outer) : undefined,
    bridged: new Set(),
  };
}

async function readJoins(store: Store, span: Span, holdMs: number): Promise<readonly Facts[]> {
  const user = {
    series: `${gpu.gpu_job_info.name}{user_id!=""}`,
    on: { job_id: 'job_id' },
    take: { user_id: 'user_id' },
  };
  const facts: Facts[] = [];
  for (const join of [user, ...store.source.joins]) facts.push(await readFacts(store, join, span, holdMs));
  return facts;
}

/** When the GPU counts as installed on that node. */
export function installedAt(
  { inventory, store, outer }: GpuContext,
  uuid: string,
  sightings: readonly Sighting[],
  node: string,
): readonly Span[] {
  const spans = installedOn({
    sightings,
    lastSeenMs: inventory.lastSeen.get(uuid),
    forgetAfterMs: store.source.gpus.forgetAfterMs,
    span: outer,
    states: inventory.statesOf(uuid),
  });
  return spans[sightings.findIndex((each) => each.node === node)] ?? [];
}

/** Installed GPUs of which there is no sample at all. */
export function unseenDevices(context: GpuContext): readonly DeviceInput[] {
  return context.inventory.unseen.map(({ uuid, node, model }) => ({
    cluster: context.store.cluster,
    node,
    uuid,
    model,
    installed: installedAt(context, uuid, [{ node, seen: [] }], node),
    seen: [],
    unavailable: [],
    instances: [],
    replicas: [],
    holdings: [],
  }));
}

/** What the policy lets a holder have in gaps of which nobody knows. */
export function fillingsOf(
  { request, podEnd, bridged }: Pick<GpuContext, 'request' | 'podEnd' | 'bridged'>,
  target: string,
  { namespace, pod }: { readonly namespace: string; readonly pod: string },
): readonly Filling[] {
  const { policy, lastKnownForMs } = request.gaps;
  const scrapes = request.scrapes.targets.get(target);
  if (scrapes === undefined || (policy !== 'last_known' && policy !== 'kubernetes')) return [];
  const unknown = gapsOf(scrapes, request.scrapes.dark).filter((gap) => !bridged.has(keyOfGap(target, gap)));
  return unknown.map((gap) => {
    if (policy === 'last_known') return { gap, untilMs: gap.startMs + lastKnownForMs };
    // A holder that is no pod is unknown to Kubernetes.
    return { gap, untilMs: pod === '' ? gap.startMs : (podEnd?.(namespace, pod, gap.startMs) ?? gap.endMs) };
  });
}

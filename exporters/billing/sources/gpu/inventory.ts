import type { Labels } from '../../../../kit/prometheus-api.ts';
import type { Span } from '../../span.ts';
import { type FactStretch, readFacts } from '../facts.ts';
import { grouped } from '../grouped.ts';
import { keyOfTarget } from '../scrapes.ts';
import type { Store } from '../store.ts';
import { lastSeenBefore } from './installed.ts';

export interface KnownGpu {
  readonly uuid: string;
  readonly node: string;
  readonly model: string;
}

/** Which GPUs there are, by what was seen and by what the inventory says. */
export interface Inventory {
  readonly known: ReadonlyMap<string, KnownGpu>;
  /** Of which there is no sample in the time that is read. */
  readonly unseen: readonly KnownGpu[];
  /** UUIDs by target. */
  readonly gpusOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** When it was seen last before the windows, if it was not seen right before them. */
  readonly lastSeen: ReadonlyMap<string, number>;
  /** Its state by cmdb_ci_info; empty where that does not know it. */
  readonly statesOf: (uuid: string) => readonly FactStretch[];
  readonly nodeOf: (labels: Labels) => string;
}

export interface InventoryRequest {
  /** A series that each GPU has in each scrape. */
  readonly selector: string;
  /** A series that tells the model. */
  readonly facts: string;
  readonly labels: { readonly uuid: string; readonly model: string };
  readonly hull: Span;
  readonly range: Span;
  readonly outer: Span;
  readonly holdMs: number;
}

export async function readInventory(store: Store, request: InventoryRequest): Promise<Inventory> {
  const { selector, labels, hull, range, outer } = request;
  const { nodeLabel, gpus } = store.source;
  const nodeOf = (of: Labels): string => of[nodeLabel] ?? of['Hostname'] ?? of['hostname'] ?? hostOf(of['instance']);
  const uuidOf = (of: Labels): string => of[labels.uuid] ?? '';

  const seen = await groupsOf(store, selector, ['job', 'instance', labels.uuid], outer);
  const inRange = new Set(seen.map(uuidOf));
  const past = { startMs: hull.startMs - gpus.forgetAfterMs, endMs: hull.startMs };
  const history = await store.labelSets(request.facts, past);
  const told = [...history, ...(await groupsOf(store, request.facts, factLabels(store, labels), outer))];
  const known = new Map<string, KnownGpu>();
  for (const of of told) {
    const uuid = uuidOf(of);
    const model = of[labels.model] ?? known.get(uuid)?.model ?? '';
    if (uuid !== '') known.set(uuid, { uuid, node: nodeOf(of), model });
  }

  const before = { startMs: range.startMs, endMs: hull.startMs + 1 };
  const justBefore = new Set((await groupsOf(store, selector, [labels.uuid], before)).map(uuidOf));
  const unsure = [...new Set(history.map(uuidOf))].filter((uuid) => uuid !== '' && !justBefore.has(uuid)).sort();
  const lastSeen = await lastSeenBefore(store, selector, labels.uuid, unsure, hull.startMs);

  const cmdb = gpus.cmdb ? await readCmdb(store, outer, request.holdMs) : noCmdb;
  for (const gpu of cmdb.gpus) if (!known.has(gpu.uuid)) known.set(gpu.uuid, gpu);
  const isKnownBefore = (uuid: string): boolean => lastSeen.has(uuid) || cmdb.statesOf(uuid).length > 0;
  const unseen = [...known.values()].filter(({ uuid }) => !inRange.has(uuid) && isKnownBefore(uuid));
  return { known, unseen, gpusOf: gpusByTarget(seen, uuidOf), lastSeen, statesOf: cmdb.statesOf, nodeOf };
}

/** What there is of some labels in a span. */
async function groupsOf(
  store: Store,
  selector: string,
  names: readonly string[],
  { startMs, endMs }: Span,
): Promise<readonly Labels[]> {
  const samples = await store.instant(
    (select) => `group by (${names.join(', ')}) (last_over_time(${select(selector)}[${endMs - startMs}ms]))`,
    endMs - 1,
  );
  return samples.map(({ labels }) => labels);
}

function gpusByTarget(seen: readonly Labels[], uuidOf: (of: Labels) => string): Inventory['gpusOf'] {
  const targets = [...grouped(seen, keyOfTarget)];
  return new Map(targets.map(([key, all]) => [key, new Set(all.map(uuidOf))] as const));
}

interface Cmdb {
  readonly gpus: readonly KnownGpu[];
  readonly statesOf: Inventory['statesOf'];
}

const noCmdb: Cmdb = { gpus: [], statesOf: () => [] };

async function readCmdb(store: Store, span: Span, holdMs: number): Promise<Cmdb> {
  const states = await readFacts(store, cmdbJoin, span, holdMs);
  const items = await groupsOf(store, cmdbJoin.series, ['uuid', 'node', 'model'], span);
  const gpus = items.map((of) => ({ uuid: of['uuid'] ?? '', node: of['node'] ?? '', model: of['model'] ?? '' }));
  return { gpus: gpus.filter(({ uuid }) => uuid !== ''), statesOf: (uuid) => states.of({ uuid }) };
}

const cmdbJoin = {
  series: 'cmdb_ci_info{class="gpu", uuid!=""}',
  on: { uuid: 'uuid' },
  take: { state: 'state' },
};

function factLabels({ source }: Store, labels: InventoryRequest['labels']): readonly string[] {
  return [...new Set([labels.uuid, labels.model, source.nodeLabel, 'Hostname', 'hostname', 'instance'])];
}

/** `gpu-01:9400`, `[fe00::1]:9400` without the port. */
export function hostOf(instance: string | undefined): string {
  return (instance ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

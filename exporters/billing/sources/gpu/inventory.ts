import type { Labels } from '../../../../kit/prometheus-api.ts';
import type { Span } from '../../span.ts';
import { type FactStretch, readFacts } from '../facts.ts';
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
  const group = (what: string, names: readonly string[], span: Span) =>
    store.instant(
      (select) => `group by (${names.join(', ')}) (last_over_time(${select(what)}[${span.endMs - span.startMs}ms]))`,
      span.endMs - 1,
    );

  const seen = await group(selector, ['job', 'instance', labels.uuid], outer);
  const gpusOf = new Map<string, Set<string>>();
  const inRange = new Set<string>();
  for (const { labels: of } of seen) {
    const uuid = of[labels.uuid] ?? '';
    inRange.add(uuid);
    const key = keyOfTarget(of);
    gpusOf.set(key, (gpusOf.get(key) ?? new Set()).add(uuid));
  }
  const known = new Map<string, KnownGpu>();
  const learn = (of: Labels): void => {
    const uuid = of[labels.uuid] ?? '';
    if (uuid === '') return;
    const before = known.get(uuid);
    known.set(uuid, { uuid, node: nodeOf(of), model: of[labels.model] ?? before?.model ?? '' });
  };
  const past = { startMs: hull.startMs - gpus.forgetAfterMs, endMs: hull.startMs };
  const history = await store.labelSets(request.facts, past);
  for (const of of history) learn(of);
  for (const { labels: of } of await group(request.facts, factLabels(store, labels), outer)) learn(of);

  const justBefore = new Set<string>();
  for (const { labels: of } of await group(selector, [labels.uuid], {
    startMs: range.startMs,
    endMs: hull.startMs + 1,
  }))
    justBefore.add(of[labels.uuid] ?? '');
  const unsure = [...new Set(history.flatMap((of) => of[labels.uuid] ?? []))]
    .filter((uuid) => !justBefore.has(uuid))
    .sort();
  const lastSeen = await lastSeenBefore(store, selector, labels.uuid, unsure, hull.startMs);

  const states = gpus.cmdb ? await readFacts(store, cmdbJoin, outer, request.holdMs) : undefined;
  const inCmdb = states === undefined ? [] : await group(cmdbJoin.series, ['uuid', 'node', 'model'], outer);
  const statesOf = (uuid: string): readonly FactStretch[] => states?.of({ uuid }) ?? [];
  for (const { labels: of } of inCmdb) {
    const uuid = of['uuid'] ?? '';
    if (uuid !== '' && !known.has(uuid)) known.set(uuid, { uuid, node: of['node'] ?? '', model: of['model'] ?? '' });
  }
  const unseen = [...known.values()].filter(
    ({ uuid }) => !inRange.has(uuid) && (lastSeen.has(uuid) || statesOf(uuid).length > 0),
  );
  return { known, unseen, gpusOf, lastSeen, statesOf, nodeOf };
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

import type { ColumnSeries, Labels } from '../../../../kit/prometheus-api.ts';
import { cmdb } from '../../../../metrics/cmdb.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import type { Life } from '../../features/fleet-samples.ts';
import type { HistoryApi } from './history-api.ts';
import { selectorOf } from './matchers.ts';
import { gpuOf, type LabelNames, nodeEntityOf } from './series-labels.ts';

/** An entity came into a state of its life cycle, by the names of the inventory; at the end of the step in which it was seen first. */
export interface StateRecord {
  readonly entity: Entity;
  readonly atMs: number;
  readonly state: string;
}

export interface InventoryHistory {
  /** Ascending by time. */
  readonly states: readonly StateRecord[];
  /** By key of the entity. */
  readonly lives: ReadonlyMap<string, Life>;
  /** Racks by key of the entity, each from when on. */
  readonly racks: ReadonlyMap<string, { readonly timesMs: readonly number[]; readonly values: readonly string[] }>;
}

export interface InventoryRequest {
  readonly labels: LabelNames;
  readonly matchers: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** From these to `in_service` is a repair. */
const broken = new Set(['failed', 'rma', 'repair', 'maintenance']);

/**
 * What the inventory told at the end of each step. An entity that was there at the first may be of any age; one that came later was installed then. Nothing at
 * all where the inventory was not scraped.
 */
export async function readInventory(
  api: HistoryApi,
  request: InventoryRequest,
  signal: AbortSignal,
): Promise<InventoryHistory> {
  const { labels, matchers } = request;
  const by = [...new Set([labels.cluster, 'class', 'uuid', 'name', 'node', 'state', 'rack'])];
  const selector = selectorOf(cmdb.cmdb_ci_info.name, ['class=~"gpu|server"', ...matchers]);
  const series = await api.range(`group by (${by.join(', ')}) (${selector})`, request, signal);
  const firstMs = series.reduce((first, { timesMs }) => Math.min(first, timesMs[0] ?? first), Number.POSITIVE_INFINITY);
  const histories = [...itemsOf(series, labels)].map(([key, items]) => [key, historyOf(items)] as const);
  return {
    states: histories.flatMap(([, { states }]) => states).sort((a, b) => a.atMs - b.atMs),
    lives: new Map(histories.map(([key, history]) => [key, lifeOf(history, firstMs)])),
    racks: new Map(histories.map(([key, { racks }]) => [key, racks])),
  };
}

/** A series of an entity: what was told of it, and when. */
interface Item {
  readonly entity: Entity;
  readonly labels: Labels;
  readonly timesMs: Float64Array;
}

function itemsOf(series: readonly ColumnSeries[], names: LabelNames): ReadonlyMap<string, readonly Item[]> {
  const items = new Map<string, Item[]>();
  for (const { labels, timesMs } of series) {
    const entity = itemOf(labels, names);
    if (entity === undefined) continue;
    const key = keyOfEntity(entity);
    items.set(key, [...(items.get(key) ?? []), { entity, labels, timesMs }]);
  }
  return items;
}

/** For some minutes after a change a server may still give the old series beside the new one, so of two the one that says something new counts. */
function historyOf(items: readonly Item[]): History {
  const told = items
    .flatMap((item) => Array.from(item.timesMs, (atMs) => ({ atMs, item })))
    .sort((a, b) => a.atMs - b.atMs);
  const history: History = {
    states: [],
    nodes: { timesMs: [], values: [] },
    racks: { timesMs: [], values: [] },
    seenFromMs: told[0]?.atMs ?? Number.POSITIVE_INFINITY,
  };
  let last: Item | undefined;
  let changedMs = Number.NaN;
  for (const { atMs, item } of told) {
    if (item === last || atMs === changedMs) continue;
    last = item;
    changedMs = atMs;
    noteItem(history, item, atMs);
  }
  return history;
}

interface History {
  readonly states: StateRecord[];
  readonly nodes: { readonly timesMs: number[]; readonly values: string[] };
  readonly racks: { readonly timesMs: number[]; readonly values: string[] };
  readonly seenFromMs: number;
}

function itemOf(labels: Labels, names: LabelNames): Entity | undefined {
  if (labels['class'] === 'gpu') return gpuOf(labels, names);
  return nodeEntityOf({ ...labels, [names.node]: labels['node'] ?? labels['name'] ?? '' }, names);
}

function noteItem({ states, nodes, racks }: History, { entity, labels }: Item, atMs: number): void {
  const state = labels['state'] ?? '';
  if (state !== '' && states.at(-1)?.state !== state) states.push({ entity, atMs, state });
  noteChange(nodes, entity.node, atMs);
  noteChange(racks, labels['rack'] ?? '', atMs);
}

function noteChange(history: History['nodes'], value: string, atMs: number): void {
  if (value === '' || history.values.at(-1) === value) return;
  history.timesMs.push(atMs);
  history.values.push(value);
}

function lifeOf({ states, nodes, seenFromMs }: History, firstMs: number): Life {
  return {
    installedMs: seenFromMs > firstMs ? seenFromMs : undefined,
    repairedMs: states
      .filter(({ state }, at) => state === 'in_service' && broken.has(states[at - 1]?.state ?? ''))
      .map(({ atMs }) => atMs),
    movedMs: nodes.timesMs.slice(1),
  };
}

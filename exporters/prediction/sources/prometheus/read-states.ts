import type { Labels } from '../../../../kit/prometheus-api.ts';
import { cmdb } from '../../../../metrics/cmdb.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import type { Life } from '../../features/fleet-samples.ts';
import type { HistoryApi } from './history-api.ts';
import { selectorOf } from './matchers.ts';
import { gpuOf, type LabelNames, nodeEntityOf } from './series-labels.ts';
import { rangeOf } from './signal-queries.ts';

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
 * What the inventory told over time. An entity that was there in the first step may be of any age; one that came later was installed then. Nothing at all
 * where the inventory was not scraped.
 */
export async function readInventory(
  api: HistoryApi,
  request: InventoryRequest,
  signal: AbortSignal,
): Promise<InventoryHistory> {
  const { labels, matchers, stepMs } = request;
  const by = [labels.cluster, 'class', 'uuid', 'name', 'node', 'state', 'rack'].filter(
    (each, at, all) => all.indexOf(each) === at,
  );
  const selector = selectorOf(cmdb.cmdb_ci_info.name, ['class=~"gpu|server"', ...matchers]);
  const expr = `group by (${by.join(', ')}) (last_over_time(${selector}[${rangeOf(stepMs)}]))`;
  const series = await api.range(expr, request, signal);
  const histories = new Map<string, History>();
  let firstMs = Number.POSITIVE_INFINITY;
  const told = series
    .flatMap(({ labels: own, timesMs }) => Array.from(timesMs, (atMs) => ({ atMs, own })))
    .sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, own } of told) {
    firstMs = Math.min(firstMs, atMs);
    const entity = itemOf(own, labels);
    if (entity !== undefined) noteItem(histories, entity, own, atMs);
  }
  return {
    states: [...histories.values()].flatMap(({ states }) => states).sort((a, b) => a.atMs - b.atMs),
    lives: new Map([...histories].map(([key, history]) => [key, lifeOf(history, firstMs)])),
    racks: new Map([...histories].map(([key, { racks }]) => [key, racks])),
  };
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

function noteItem(histories: Map<string, History>, entity: Entity, labels: Labels, atMs: number): void {
  const key = keyOfEntity(entity);
  const history = histories.get(key) ?? {
    states: [],
    nodes: { timesMs: [], values: [] },
    racks: { timesMs: [], values: [] },
    seenFromMs: atMs,
  };
  histories.set(key, history);
  const state = labels['state'] ?? '';
  if (state !== '' && history.states.at(-1)?.state !== state) history.states.push({ entity, atMs, state });
  noteChange(history.nodes, entity.node, atMs);
  noteChange(history.racks, labels['rack'] ?? '', atMs);
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

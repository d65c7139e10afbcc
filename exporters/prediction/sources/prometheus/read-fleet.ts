import type { Labels } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import type { Entity, EntityKind } from '../../entity.ts';
import type { FleetBook } from './fleet-book.ts';
import type { HistoryApi } from './history-api.ts';
import { selectorOf } from './matchers.ts';
import { gpuOf, keyOfTarget, type LabelNames, nodeEntityOf } from './series-labels.ts';
import { rangeOf } from './signal-queries.ts';

export interface FleetRequest {
  readonly kind: EntityKind;
  readonly labels: LabelNames;
  /** Further matchers of all series, such as cluster="a". */
  readonly matchers: readonly string[];
  readonly stepMs: number;
  /** Ends of the first and the last step. */
  readonly startMs: number;
  readonly endMs: number;
}

/** Series that tell which GPUs there are, by their metric and the labels that hold facts. */
const inventories = [
  {
    metric: gpu.gpu_info.name,
    uuid: 'uuid',
    facts: { model: 'model', driver: 'driver', vbios: 'vbios', slot: 'gpu_id' },
  },
  ...['DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_GPU_TEMP_CELSIUS'].map((metric) => ({
    metric,
    uuid: 'UUID',
    facts: { model: 'modelName', driver: 'DCGM_FI_DRIVER_VERSION', vbios: 'DCGM_FI_DEV_VBIOS_VERSION', slot: 'gpu' },
  })),
];

/** Which entities there were, with their facts, node, rack and target over time. */
export async function readFleet(
  api: HistoryApi,
  book: FleetBook,
  request: FleetRequest,
  signal: AbortSignal,
): Promise<void> {
  const sightings: Sighting[] = [];
  for (const inventory of inventories) {
    const series = await readInventory(api, inventory, request, signal);
    for (const { labels, timesMs } of series) sightings.push(...sightingsOf(labels, timesMs, request, inventory.facts));
  }
  if (request.kind === 'node') sightings.push(...(await readTargets(api, request, signal)));
  for (const { entity, atMs, told } of sightings.sort((a, b) => a.atMs - b.atMs)) {
    const index = book.indexOf(entity);
    for (const [fact, value] of told) book.tell(index, fact, value, atMs);
  }
}

interface Sighting {
  readonly entity: Entity;
  readonly atMs: number;
  readonly told: readonly (readonly [fact: string, value: string])[];
}

type Inventory = (typeof inventories)[number];

async function readInventory(
  api: HistoryApi,
  { metric, uuid, facts }: Inventory,
  { labels, matchers, stepMs, startMs, endMs }: FleetRequest,
  signal: AbortSignal,
) {
  const by = [labels.cluster, labels.node, labels.rack, 'Hostname', 'job', 'instance', uuid, ...Object.values(facts)];
  const selector = selectorOf(metric, matchers);
  const expr = `group by (${by.join(', ')}) (last_over_time(${selector}[${rangeOf(stepMs)}]))`;
  return api.range(expr, { startMs, endMs, stepMs }, signal);
}

function sightingsOf(
  labels: Labels,
  timesMs: Float64Array,
  request: FleetRequest,
  facts: Readonly<Record<string, string>>,
): readonly Sighting[] {
  const entity = entityOf(labels, request);
  if (entity === undefined) return [];
  const told = [
    ...Object.entries(facts).map(([fact, label]): [string, string] => [fact, labels[label] ?? '']),
    ['node', entity.node] as const,
    ['shard', labels[request.labels.node] ?? ''] as const,
    ['rack', labels[request.labels.rack] ?? ''] as const,
    ['target', labels['job'] === undefined ? '' : keyOfTarget(labels)] as const,
  ].filter(([, value]) => value !== '');
  return Array.from(timesMs, (atMs) => ({ entity, atMs, told }));
}

function entityOf(labels: Labels, { kind, labels: names }: FleetRequest): Entity | undefined {
  return kind === 'gpu' ? gpuOf(labels, names) : nodeEntityOf(labels, names);
}

/** Machines without GPUs are known by their targets; only those that service discovery gives a node count. */
async function readTargets(api: HistoryApi, request: FleetRequest, signal: AbortSignal): Promise<readonly Sighting[]> {
  const { labels, matchers, stepMs, startMs, endMs } = request;
  const selector = selectorOf('up', [`${labels.node}!=""`, ...matchers]);
  const expr = `group by (${[labels.cluster, labels.node, labels.rack].join(', ')}) (last_over_time(${selector}[${rangeOf(stepMs)}]))`;
  const series = await api.range(expr, { startMs, endMs, stepMs }, signal);
  return series.flatMap(({ labels: own, timesMs }) => sightingsOf(own, timesMs, request, {}));
}

import type { Labels } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import { hostOf } from '../../labels/labels-of.ts';
import { selectorOf } from './matchers.ts';
import type { InstantApi } from './named-cluster.ts';
import { gpuOf, type LabelNames, nodeEntityOf } from './series-labels.ts';

export interface PresentRequest {
  readonly labels: LabelNames;
  readonly matchers: readonly string[];
  readonly atMs: number;
  readonly signal: AbortSignal;
}

/** Who there is. */
export interface Present {
  /** Seen within the last day: a GPU that has just gone is still asked for. */
  readonly entities: readonly Entity[];
  /** Models of GPUs by key of the entity. */
  readonly products: ReadonlyMap<string, string>;
}

const inventories = [
  { metric: gpu.gpu_info.name, uuid: 'uuid', model: 'model' },
  { metric: 'DCGM_FI_DEV_GPU_TEMP', uuid: 'UUID', model: 'modelName' },
];

/** GPUs by what tells their model, and nodes by their GPUs and by targets that service discovery gives a node. */
export async function readPresent(api: InstantApi, request: PresentRequest): Promise<Present> {
  const { labels: names, matchers } = request;
  const found = new Map<string, Entity>();
  const products = new Map<string, string>();
  for (const inventory of inventories) {
    for (const labels of await askInventory(api, inventory, request)) {
      const entity = gpuOf(labels, names);
      if (entity === undefined) continue;
      const key = keyOfEntity(entity);
      found.set(key, entity);
      products.set(key, labels[inventory.model] || (products.get(key) ?? ''));
    }
  }
  const targets = selectorOf('up', [`${names.node}!=""`, ...matchers]);
  const told = await ask(api, `group by (${names.cluster}, ${names.node}) (${targets})`, request);
  const nodes = [...[...found.values()].map(hostOf), ...told.flatMap((labels) => nodeEntityOf(labels, names) ?? [])];
  const named = nodes.filter(({ node }) => node !== '');
  for (const node of named) found.set(keyOfEntity(node), node);
  const entities = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entity]) => entity);
  return { entities, products };
}

/** What is there now comes last, so that a GPU that was moved is where it is. */
async function askInventory(
  api: InstantApi,
  { metric, uuid, model }: (typeof inventories)[number],
  request: PresentRequest,
): Promise<readonly Labels[]> {
  const { labels: names, matchers } = request;
  const selector = selectorOf(metric, matchers);
  const by = [names.cluster, names.node, 'Hostname', 'instance', uuid, model].join(', ');
  const ofDay = await ask(api, `group by (${by}) (last_over_time(${selector}[1d]))`, request);
  return [...ofDay, ...(await ask(api, `group by (${by}) (${selector})`, request))];
}

async function ask(api: InstantApi, expr: string, { atMs, signal }: PresentRequest): Promise<readonly Labels[]> {
  const { samples } = await api.query(expr, { timeSeconds: atMs / 1000, signal });
  return samples.map(({ labels }) => labels);
}

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
  const found = new Map<string, Entity>();
  const products = new Map<string, string>();
  const note = (entity: Entity | undefined): string => {
    if (entity === undefined) return '';
    const key = keyOfEntity(entity);
    found.set(key, entity);
    return key;
  };
  const { labels: names, matchers } = request;
  for (const { metric, uuid, model } of inventories) {
    const selector = selectorOf(metric, matchers);
    const by = [names.cluster, names.node, 'Hostname', 'instance', uuid, model].join(', ');
    // What is there now comes last, so that a GPU that was moved is where it is.
    for (const seen of [`last_over_time(${selector}[1d])`, selector]) {
      for (const labels of await ask(api, `group by (${by}) (${seen})`, request)) {
        const entity = gpuOf(labels, names);
        const key = note(entity);
        if (entity === undefined) continue;
        note(hostOf(entity));
        const product = labels[model] ?? '';
        if (product !== '') products.set(key, product);
      }
    }
  }
  const targets = selectorOf('up', [`${names.node}!=""`, ...matchers]);
  for (const labels of await ask(api, `group by (${names.cluster}, ${names.node}) (${targets})`, request))
    note(nodeEntityOf(labels, names));
  const entities = [...found].filter(([, { node }]) => node !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  return { entities: entities.map(([, entity]) => entity), products };
}

async function ask(api: InstantApi, expr: string, { atMs, signal }: PresentRequest): Promise<readonly Labels[]> {
  const { samples } = await api.query(expr, { timeSeconds: atMs / 1000, signal });
  return samples.map(({ labels }) => labels);
}

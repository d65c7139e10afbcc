import type { InstantSample, Labels, PrometheusApi } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import type { Member } from '../../anomaly/engine/roster.ts';
import type { SignalAsking } from '../../anomaly/signals.ts';
import { type EntityKind, keyOfEntity } from '../../entity.ts';
import { selectorOf } from '../prometheus/matchers.ts';
import { gpuOf, type LabelNames, nodeEntityOf } from '../prometheus/series-labels.ts';

/**
 * Makes members of the labels of series, and the same object for the same entity and group again and again. A GPU is compared with those of its
 * node, and belongs to the GPUs of its model in the cluster; a node is compared with the nodes of its cluster.
 */
export interface Membership {
  /** Undefined for a series that lacks the label that names its entity. */
  readonly memberOf: (kind: EntityKind, labels: Labels) => Member | undefined;
  /** Learns the model of each GPU. Those that are not named keep what they have. */
  readonly learn: (samples: readonly InstantSample[]) => void;
}

export async function readModels(
  api: Pick<PrometheusApi, 'query'>,
  { labels, matchers }: SignalAsking,
  timeSeconds: number,
  signal?: AbortSignal,
): Promise<readonly InstantSample[]> {
  const expr = `max by (${labels.cluster}, uuid, model) (${selectorOf(gpu.gpu_info.name, matchers)})`;
  const { samples } = await api.query(expr, { timeSeconds, ...(signal && { signal }) });
  return samples;
}

export function createMembership(names: LabelNames): Membership {
  const models = new Map<string, string>();
  const known = new Map<string, Member>();

  return {
    memberOf: (kind, labels) => {
      const entity = kind === 'gpu' ? gpuOf(labels, names) : nodeEntityOf(labels, names);
      if (entity === undefined) return undefined;
      const key = keyOfEntity(entity);
      const model = models.get(key);
      const group = model === undefined ? entity.cluster : `${entity.cluster}/${model}`;
      const before = known.get(key);
      if (before?.group === group && before.entity.node === entity.node) return before;
      const member = kind === 'gpu' ? { entity, group, peers: `${entity.cluster}/${entity.node}` } : { entity, group };
      known.set(key, member);
      return member;
    },
    learn: (samples) => {
      for (const { labels } of samples) {
        const entity = gpuOf(labels, names);
        if (entity !== undefined && labels['model']) models.set(keyOfEntity(entity), labels['model']);
      }
    },
  };
}

import type { InstantSample, Labels, PrometheusApi } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { promql } from '../../../../metrics/promql.ts';
import type { Member } from '../../anomaly/engine/roster.ts';
import { type Entity, type EntityKind, keyOfEntity } from '../../entity.ts';

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

const modelQuery = promql`max by (cluster, uuid, model) (${gpu.gpu_info})`.promql;

export async function readModels(
  api: Pick<PrometheusApi, 'query'>,
  timeSeconds: number,
  signal?: AbortSignal,
): Promise<readonly InstantSample[]> {
  const { samples } = await api.query(modelQuery, { timeSeconds, ...(signal && { signal }) });
  return samples;
}

export function createMembership(): Membership {
  const models = new Map<string, string>();
  const known = new Map<string, Member>();

  return {
    memberOf: (kind, labels) => {
      const entity = entityOf(kind, labels);
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
        const entity = entityOf('gpu', labels);
        if (entity !== undefined && labels['model']) models.set(keyOfEntity(entity), labels['model']);
      }
    },
  };
}

function entityOf(kind: EntityKind, { cluster = '', node = '', uuid = '' }: Labels): Entity | undefined {
  if (kind === 'gpu') return uuid === '' ? undefined : { kind, cluster, node, uuid };
  return node === '' ? undefined : { kind, cluster, node, uuid: '' };
}

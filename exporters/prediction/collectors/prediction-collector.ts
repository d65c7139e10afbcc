import type { Collector } from '../../../kit/collector.ts';
import type { Emit } from '../../../kit/exposition/samples.ts';
import type { prediction } from '../../../metrics/prediction.ts';
import type { Entity } from '../entity.ts';
import type { PredictionView } from '../view.ts';

export type EmitPrediction = Emit<typeof prediction>;
export type PredictionCollector = Collector<PredictionView, typeof prediction>;

export interface EntityLabels {
  readonly cluster: string;
  readonly node: string;
  readonly uuid: string;
}

export function entityLabels({ cluster, node, uuid }: Entity): EntityLabels {
  return { cluster, node, uuid };
}

/** What belongs to each cluster and kind, in the order in which they come. */
export function byClusterAndKind<T extends { readonly entity: Entity }>(
  all: readonly T[],
): readonly { readonly cluster: string; readonly kind: Entity['kind']; readonly own: readonly T[] }[] {
  const groups = new Map<string, { readonly cluster: string; readonly kind: Entity['kind']; readonly own: T[] }>();
  for (const each of all) {
    const { cluster, kind } = each.entity;
    const key = `${kind} ${cluster}`;
    const group = groups.get(key) ?? { cluster, kind, own: [] };
    groups.set(key, group);
    group.own.push(each);
  }
  return [...groups.values()];
}

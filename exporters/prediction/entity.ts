/** What can fail and has a risk of its own. */
export const entityKinds = ['gpu', 'node'] as const;
export type EntityKind = (typeof entityKinds)[number];

/** A GPU is named by its UUID; a node by its name. */
export interface Entity {
  readonly kind: EntityKind;
  readonly cluster: string;
  /** The node itself, or the node that has the GPU as far as is known. */
  readonly node: string;
  /** Empty for a node. */
  readonly uuid: string;
}

/** One text for each entity, to be compared and sorted by: `gpu/prod/GPU-…`, `node/prod/gpu-01`. A GPU that moves stays the same. */
export function keyOfEntity({ kind, cluster, node, uuid }: Entity): string {
  return kind === 'gpu' ? `gpu/${cluster}/${uuid}` : `node/${cluster}/${node}`;
}

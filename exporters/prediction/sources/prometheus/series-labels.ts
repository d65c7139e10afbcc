import type { Labels } from '../../../../kit/prometheus-api.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';

/** Which labels tell whose a series is. */
export interface LabelNames {
  /** On all series of a cluster; one that is not there gives the cluster '' as its name. */
  readonly cluster: string;
  /** Where it is missing, the host name of dcgm-exporter or the host of `instance` counts. */
  readonly node: string;
  readonly rack: string;
}

/** As many as the API takes. */
const mostCharacters = 500;

export const defaultLabelNames: LabelNames = { cluster: 'cluster', node: 'node', rack: 'rack' };

export function nodeOf(labels: Labels, names: LabelNames): string {
  return labels[names.node] ?? labels['Hostname'] ?? hostOf(labels['instance'] ?? '');
}

/** Without the port; an IPv6 address keeps its colons. */
function hostOf(instance: string): string {
  return instance.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([^:]*):\d+$/, '$1');
}

export function clusterOf(labels: Labels, names: LabelNames): string {
  return labels[names.cluster] ?? '';
}

/** Ours call it uuid, dcgm-exporter UUID. Undefined for a series that is of no GPU. */
export function uuidOf(labels: Labels): string | undefined {
  const uuid = labels['uuid'] ?? labels['UUID'] ?? '';
  return uuid === '' ? undefined : uuid;
}

export function gpuOf(labels: Labels, names: LabelNames): Entity | undefined {
  const uuid = uuidOf(labels);
  return uuid === undefined
    ? undefined
    : sensible({ kind: 'gpu', cluster: clusterOf(labels, names), node: nodeOf(labels, names), uuid });
}

export function nodeEntityOf(labels: Labels, names: LabelNames): Entity | undefined {
  const node = nodeOf(labels, names);
  return node === '' ? undefined : sensible({ kind: 'node', cluster: clusterOf(labels, names), node, uuid: '' });
}

/** Undefined for an entity of names that no machine has: each would be in thousands of our own series. */
function sensible(entity: Entity): Entity | undefined {
  return [entity.cluster, entity.node, entity.uuid].every((name) => name.length <= mostCharacters) ? entity : undefined;
}

export function keyOfTarget(labels: Labels): string {
  return JSON.stringify([labels['job'] ?? '', labels['instance'] ?? '']);
}

export function keyOfSeries(kind: Entity['kind'], labels: Labels, names: LabelNames): string | undefined {
  const entity = kind === 'gpu' ? gpuOf(labels, names) : nodeEntityOf(labels, names);
  return entity === undefined ? undefined : keyOfEntity(entity);
}

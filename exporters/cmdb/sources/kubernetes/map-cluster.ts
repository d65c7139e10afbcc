import { nameIdentity } from '../../model/identity.ts';
import type { Observation, Problem } from '../../observation.ts';
import { createObservedItems } from '../observed-items.ts';
import { groupPods, type TopOwner } from './group-pods.ts';
import type { MappingConfig } from './kubernetes-config.ts';
import { applicationScope, mapApplications } from './map-applications.ts';
import { mapNamespaces } from './map-namespaces.ts';
import { mapNodes } from './map-nodes.ts';
import type { ClusterNamespace } from './parse-namespace.ts';
import type { ClusterNode } from './parse-node.ts';
import type { ClusterPod } from './parse-pod.ts';

/** All that was read of a cluster. */
export interface ClusterObjects {
  readonly nodes: readonly ClusterNode[];
  readonly namespaces: readonly ClusterNamespace[];
  readonly pods: Iterable<ClusterPod>;
  readonly topOwner: TopOwner;
  /** Why owners of pods could not be read, so that applications may lack. */
  readonly ownersFailed: string | undefined;
  readonly problems: readonly Problem[];
}

export function mapCluster(objects: ClusterObjects, config: MappingConfig): Observation {
  const { nodes, namespaces, pods, topOwner, ownersFailed, problems } = objects;
  const items = createObservedItems();
  const { cluster } = config;
  items.add({
    key: `cluster:${cluster.toLowerCase()}`,
    class: 'cluster',
    name: cluster,
    identities: [nameIdentity(cluster)],
    attributes: { kind: 'kubernetes' },
  });
  for (const { subject, reason } of problems) items.problem(subject, reason);
  mapNodes(items, nodes, config);
  const owners = mapNamespaces(items, namespaces, config);
  mapApplications(items, groupPods(pods, topOwner, config), owners, config);
  if (ownersFailed !== undefined) items.failScope(applicationScope, ownersFailed);
  return items.observation(true);
}

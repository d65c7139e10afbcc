import { createHash } from 'node:crypto';
import { nameIdentity } from '../../model/identity.ts';
import type { ObservedItems } from '../observed-items.ts';
import type { Application } from './group-pods.ts';
import type { MappingConfig } from './kubernetes-config.ts';
import { addOwner, namespaceKey, type Owners } from './map-namespaces.ts';
import { serverKey } from './map-nodes.ts';

/** What applications can be missed together with: `failedScopes` names it if owners of pods could not be read. */
export const applicationScope = 'applications';

/** Applications with the servers that they run on. Nothing of a single pod is kept, so that history does not grow with each. */
export function mapApplications(
  items: ObservedItems,
  applications: readonly Application[],
  owners: ReadonlyMap<string, Owners>,
  { cluster }: MappingConfig,
): void {
  for (const application of applications) {
    const { namespace, kind, name, replicas, gpus, gpuShares, nodes, teams } = application;
    const key = items.add({
      key: `application:${namespace}/${kind}/${name}`,
      class: 'application',
      name: `${namespace}/${name}`,
      identities: [nameIdentity(...boundedPath(cluster, namespace, kind, name))],
      attributes: {
        cluster,
        namespace,
        kind,
        replicas,
        gpu_count: gpus === 0 ? undefined : gpus,
        gpu_shares: gpuShares === 0 ? undefined : gpuShares,
      },
      scope: applicationScope,
    });
    const owner = owners.get(namespace);
    items.relate(key, 'part_of', namespaceKey(namespace));
    items.relate(key, 'owned_by', owner?.tenant);
    items.relate(key, 'owned_by', teamOf(items, teams) ?? owner?.team);
    for (const node of [...nodes].sort()) items.relate(key, 'runs_on', serverKey(node));
  }
}

/** Pods that name different teams name none. */
function teamOf(items: ObservedItems, teams: ReadonlySet<string>): string | undefined {
  const [team, ...others] = teams;
  return others.length > 0 ? undefined : addOwner(items, 'team', team);
}

const maxPathCharacters = 190;

/** Identities are cut at 200 characters, and what is cut off may be all that tells two long names apart. */
function boundedPath(...path: readonly string[]): readonly string[] {
  const whole = path.join('/');
  if (whole.length <= maxPathCharacters) return path;
  const sum = createHash('sha256').update(whole.toLowerCase()).digest('hex').slice(0, 16);
  return [`${whole.slice(0, maxPathCharacters - sum.length)}~${sum}`];
}

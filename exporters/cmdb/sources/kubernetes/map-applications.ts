import { createHash } from 'node:crypto';
import { externalIdentity, nameIdentity } from '../../model/identity.ts';
import type { Identity } from '../../model/item.ts';
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
      identities: identitiesOfApplication(cluster, `${namespace}/${kind}/${name}`),
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

/** By its name, not its uid: what is deployed anew is the same for people. A name such as "none", which tells nothing elsewhere, does here. */
function identitiesOfApplication(cluster: string, path: string): readonly (Identity | undefined)[] {
  const kind = `${cluster}:application`;
  const left = maxCharacters - externalIdentity('kubernetes', kind, '').value.length;
  return [
    externalIdentity('kubernetes', kind, bounded(path, left)),
    nameIdentity(...bounded(`${cluster}/${path}`, maxCharacters).split('/')),
  ];
}

const maxCharacters = 200;

/** Identities are cut, and what is cut off may be all that tells two long names apart. */
function bounded(text: string, max: number): string {
  if (text.length <= max) return text;
  const sum = createHash('sha256').update(text.toLowerCase()).digest('hex').slice(0, 16);
  return `${text.slice(0, max - sum.length - 1)}~${sum}`;
}

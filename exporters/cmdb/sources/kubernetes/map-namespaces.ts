import { externalIdentity, nameIdentity } from '../../model/identity.ts';
import { joinCluster } from '../joint-items.ts';
import type { ObservedItems } from '../observed-items.ts';
import type { MappingConfig } from './kubernetes-config.ts';
import type { ClusterNamespace } from './parse-namespace.ts';

/** Whom a namespace, and what runs in it, belongs to: keys of items. */
export interface Owners {
  readonly tenant: string | undefined;
  readonly team: string | undefined;
}

export function namespaceKey(name: string): string {
  return `namespace:${name}`;
}

/** Namespaces with their tenants and teams. By name, since one that is made anew is the same for people. */
export function mapNamespaces(
  items: ObservedItems,
  namespaces: readonly ClusterNamespace[],
  config: MappingConfig,
): ReadonlyMap<string, Owners> {
  const owners = new Map<string, Owners>();
  for (const namespace of namespaces) {
    const { name } = namespace;
    if (!config.isWanted(name)) continue;
    const key = items.add({
      key: namespaceKey(name),
      class: 'namespace',
      name,
      identities: [
        externalIdentity('kubernetes', `${config.cluster}:namespace`, name),
        nameIdentity(config.cluster, name),
      ],
      attributes: { cluster: config.cluster },
    });
    joinCluster(items, key, config.cluster);
    const named = namespace.tenant ?? config.tenants.find(({ matches }) => matches(name))?.tenant;
    const owner = { tenant: addOwner(items, 'tenant', named), team: addOwner(items, 'team', namespace.team) };
    items.relate(key, 'owned_by', owner.tenant);
    items.relate(key, 'owned_by', owner.team);
    owners.set(name, owner);
  }
  return owners;
}

export function addOwner(
  items: ObservedItems,
  itemClass: 'tenant' | 'team',
  name: string | undefined,
): string | undefined {
  if (name === undefined) return undefined;
  return items.add({
    key: `${itemClass}:${name.toLowerCase()}`,
    class: itemClass,
    name,
    identities: [nameIdentity(name)],
  });
}

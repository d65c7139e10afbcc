import { nameIdentity } from '../model/identity.ts';
import type { ObservedItems } from './observed-items.ts';

/** Items that many machines share. Each function adds the item if it is not there and relates the machine to it. */

/** Release of an operating system, by its full name such as Ubuntu 22.04.4 LTS. */
export function installOs(items: ObservedItems, server: string, name: string | undefined): void {
  if (name === undefined) return;
  const key = items.add({
    key: `os:${name.toLowerCase()}`,
    class: 'os',
    name,
    identities: [nameIdentity(name)],
    attributes: {},
  });
  items.relate(key, 'installed_on', server);
}

export function installDriver(items: ObservedItems, server: string, version: string | undefined): void {
  if (version === undefined) return;
  const name = `nvidia ${version}`;
  const key = items.add({
    key: `driver:${name.toLowerCase()}`,
    class: 'driver',
    name,
    identities: [nameIdentity(name)],
    attributes: { vendor: 'NVIDIA', driver_version: version },
  });
  items.relate(key, 'installed_on', server);
}

export function placeInRack(items: ObservedItems, item: string, rack: string | undefined): void {
  if (rack === undefined) return;
  const key = items.add({
    key: `rack:${rack.toLowerCase()}`,
    class: 'rack',
    name: rack,
    identities: [nameIdentity(rack)],
  });
  items.relate(item, 'located_in', key);
}

export function joinCluster(items: ObservedItems, item: string, cluster: string | undefined): void {
  if (cluster === undefined) return;
  const key = items.add({
    key: `cluster:${cluster.toLowerCase()}`,
    class: 'cluster',
    name: cluster,
    identities: [nameIdentity(cluster)],
  });
  items.relate(item, 'part_of', key);
}

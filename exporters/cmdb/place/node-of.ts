import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { Item } from '../model/item.ts';
import { createClimb } from './climb.ts';
import { placeOf } from './place-of.ts';
import { targetsOf, textOf } from './related.ts';

const clustersOf = perRevision(createClusters);

/** Value of the label `node` of the server that the item is or is in; undefined for what is in none. */
export function nodeOf(inventory: Inventory, id: number): string | undefined {
  const { server } = placeOf(inventory, id);
  if (server === undefined) return undefined;
  return (
    textOf(server, 'node') ??
    textOf(server, 'kubernetes_node') ??
    server.identities.find(({ kind }) => kind === 'hostname')?.value
  );
}

/** Name of the cluster to which the item belongs: by itself, through its namespace, or through its server. */
export function clusterOf(inventory: Inventory, id: number): string | undefined {
  return clustersOf(inventory)(id);
}

function createClusters(inventory: Inventory): (id: number) => string | undefined {
  return createClimb<string | undefined>(undefined, (id, find) => {
    const item = inventory.item(id);
    if (item === undefined) return undefined;
    const own = ownCluster(item);
    if (own !== undefined) return own;
    for (const whole of targetsOf(inventory, item.id, 'part_of')) {
      const cluster = find(whole.id);
      if (cluster !== undefined) return cluster;
    }
    const { server } = placeOf(inventory, item.id);
    return server === undefined || server.id === item.id ? undefined : find(server.id);
  });
}

function ownCluster(item: Item): string | undefined {
  return item.class === 'cluster' ? item.name : textOf(item, 'cluster');
}

import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { placeOf } from '../place/place-of.ts';
import { sourcesOf } from '../place/related.ts';

/** What runs on an item: by itself, on the parts of it, or on the server that it is in. In the order of the names. */
export function servicesOn(inventory: Inventory, item: Item): readonly Item[] {
  if (item.class === 'application' || item.class === 'database') return [item];
  const own = usersOf(inventory, [item]);
  if (own.length > 0) return own;
  if (item.class === 'server') return usersOf(inventory, sourcesOf(inventory, item.id, 'installed_on'));
  const { server } = placeOf(inventory, item.id);
  return server === undefined || server.id === item.id ? [] : usersOf(inventory, [server]);
}

function usersOf(inventory: Inventory, hosts: readonly Item[]): readonly Item[] {
  const users = hosts.flatMap((host) => [
    ...sourcesOf(inventory, host.id, 'runs_on'),
    ...sourcesOf(inventory, host.id, 'depends_on').filter((user) => user.class === 'application'),
  ]);
  return [...new Map(users.map((user) => [user.id, user])).values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id,
  );
}

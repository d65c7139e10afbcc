import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { createClimb } from './climb.ts';
import { isSoftware, sourcesOf, targetsOf } from './related.ts';

/** A team may belong to a department, and that to a tenant. */
const maxOwnerSteps = 4;

type Find = (id: number) => readonly Item[];

/**
 * Whom an item belongs to: its own tenant; else those whose applications run on it; else the tenant of what it is a part of, is built
 * into or stands in. So a GPU that a tenant has to itself counts for that tenant, and a server that three share counts for the three.
 */
export function createTenants(inventory: Inventory): (id: number) => readonly Item[] {
  const resolve = (item: Item, find: Find): readonly Item[] => {
    if (item.class === 'tenant') return [item];
    const own = ownTenants(inventory, item.id, maxOwnerSteps);
    if (own.length > 0) return sorted(own);
    const users = sourcesOf(inventory, item.id, 'runs_on').flatMap((user) => find(user.id));
    if (users.length > 0) return sorted(users);
    return isSoftware(item.class) ? [] : ofWhole(item, find);
  };
  const ofWhole = (item: Item, find: Find): readonly Item[] => {
    const wholes = (['part_of', 'installed_on', 'located_in'] as const).flatMap((type) =>
      targetsOf(inventory, item.id, type),
    );
    for (const whole of wholes) {
      // That a tenant runs something somewhere in a cluster says nothing about another machine of it.
      const tenants = whole.class === 'cluster' ? ownTenants(inventory, whole.id, maxOwnerSteps) : find(whole.id);
      if (tenants.length > 0) return sorted(tenants);
    }
    return [];
  };
  return createClimb<readonly Item[]>([], (id, find) => {
    const item = inventory.item(id);
    return item === undefined ? [] : resolve(item, find);
  });
}

function ownTenants(inventory: Inventory, id: number, steps: number): readonly Item[] {
  return targetsOf(inventory, id, 'owned_by').flatMap((owner) => {
    if (owner.class === 'tenant') return [owner];
    return steps > 1 && owner.class === 'team' ? ownTenants(inventory, owner.id, steps - 1) : [];
  });
}

function sorted(tenants: readonly Item[]): readonly Item[] {
  const each = [...new Map(tenants.map((tenant) => [tenant.id, tenant])).values()];
  return each.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
}

import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { RelationType } from '../model/relation-type.ts';
import { tenantsOf } from '../place/owners-of.ts';

/** The rack that a server is in, straight or with its chassis; undefined where nobody says. */
export function rackOf(inventory: Inventory, server: Item): string | undefined {
  const chassis = (['part_of', 'installed_on'] as const).flatMap((type) => related(inventory, server, type, 'chassis'));
  const [rack] = [server, ...chassis].flatMap((item) => related(inventory, item, 'located_in', 'rack'));
  return rack === undefined ? attribute(server, 'rack') : keyOf(rack);
}

/** Its owner, or the only one whose applications run on it; undefined where several share it, or nobody has it. */
export function tenantOf(inventory: Inventory, server: Item): string | undefined {
  const [tenant, ...others] = tenantsOf(inventory, server.id);
  if (tenant === undefined) return attribute(server, 'tenant');
  return others.length === 0 ? keyOf(tenant) : undefined;
}

export function serverOf(inventory: Inventory, item: Item): Item | undefined {
  if (item.class === 'server') return item;
  return related(inventory, item, 'installed_on', 'server')[0];
}

export function gpusOf(inventory: Inventory, server: Item): readonly Item[] {
  return inventory
    .incoming(server.id, 'installed_on')
    .map(({ from }) => inventory.item(from))
    .filter((item): item is Item => item?.class === 'gpu');
}

/** Two racks or tenants may have one name. */
function keyOf({ name, id }: Item): string {
  return `${name} #${id}`;
}

function attribute({ attributes }: Item, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function related(inventory: Inventory, item: Item, type: RelationType, itemClass: ItemClass): readonly Item[] {
  return inventory
    .outgoing(item.id, type)
    .map(({ to }) => inventory.item(to))
    .filter((other): other is Item => other?.class === itemClass);
}

import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { RelationType } from '../model/relation-type.ts';

/** Items at the other end of the relations that begin at the item. */
export function targetsOf(inventory: Inventory, id: number, type: RelationType): readonly Item[] {
  return itemsOf(
    inventory,
    inventory.outgoing(id, type).map(({ to }) => to),
  );
}

/** Items whose relations end at the item. */
export function sourcesOf(inventory: Inventory, id: number, type: RelationType): readonly Item[] {
  return itemsOf(
    inventory,
    inventory.incoming(id, type).map(({ from }) => from),
  );
}

/** One item for all machines that have it: it is in no place, and nothing of theirs is its own. */
export function isSoftware(itemClass: ItemClass): boolean {
  return itemClass === 'os' || itemClass === 'driver';
}

/** Text of an attribute; numbers as text, nothing for what is empty. */
export function textOf({ attributes }: Item, key: string): string | undefined {
  const value = attributes[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function itemsOf(inventory: Inventory, ids: readonly number[]): readonly Item[] {
  return ids.map((id) => inventory.item(id)).filter((item) => item !== undefined);
}

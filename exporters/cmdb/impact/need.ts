import type { Inventory } from '../inventory/inventory.ts';
import type { Item, Relation } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { NeedGroup } from './need-group.ts';

/** The dependent cannot do without the provider, or not without some of the providers of the group. */
export interface Need {
  readonly dependent: Item;
  readonly provider: Item;
  readonly group: NeedGroup;
}

/** Nobody breaks because a server does, and no server because its owner does. */
const people: ReadonlySet<ItemClass> = new Set(['tenant', 'team', 'person']);

/** Both ends, if both are there and can break. What is planned or retired is not there to be needed. */
export function endsOf(inventory: Inventory, relation: Relation): readonly [Item, Item] | undefined {
  const [from, to] = [inventory.item(relation.from), inventory.item(relation.to)];
  if (from === undefined || to === undefined || from.id === to.id) return undefined;
  return isThere(from) && isThere(to) ? [from, to] : undefined;
}

export function isThere(item: Item): boolean {
  return !people.has(item.class) && item.state !== 'planned' && item.state !== 'retired';
}

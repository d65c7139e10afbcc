import type { Inventory } from '../inventory/inventory.ts';
import type { Identity } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';

export interface IdentityOwners {
  /** Gives the item those of the identities that no other item has. */
  readonly take: (id: number, itemClass: ItemClass, wanted: readonly Identity[]) => readonly Identity[];
}

/** An identity leads to one item. Items that are weighed anew let go of theirs first, so that an identity can move from one to another. */
export function createIdentityOwners(inventory: Inventory, weighed: readonly number[]): IdentityOwners {
  const letGo = new Set(weighed);
  const taken = new Map<string, number>();
  return {
    take: (id, itemClass, wanted) =>
      wanted.filter((identity) => {
        const key = `${itemClass} ${identity.kind} ${identity.value}`;
        const holder = inventory.byIdentity(itemClass, identity);
        const isHeld = holder !== undefined && holder.id !== id && !letGo.has(holder.id);
        if (isHeld || (taken.get(key) ?? id) !== id) return false;
        taken.set(key, id);
        return true;
      }),
  };
}

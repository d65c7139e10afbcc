import type { Inventory } from './inventory.ts';

/** Computes once for each state of an inventory, and forgets it when there is another or when the inventory is gone. */
export function perRevision<Value>(compute: (inventory: Inventory) => Value): (inventory: Inventory) => Value {
  const known = new WeakMap<Inventory, { readonly revision: number; readonly value: Value }>();
  return (inventory) => {
    const last = known.get(inventory);
    if (last?.revision === inventory.revision) return last.value;
    const { revision } = inventory;
    const value = compute(inventory);
    known.set(inventory, { revision, value });
    return value;
  };
}

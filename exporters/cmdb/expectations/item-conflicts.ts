import type { Conflict } from '../expectations/drift.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { isRelationType } from '../model/relation-type.ts';

/** Where sources disagree about an item, the one that counts first. What it is built into is told by its name. */
export function conflictsOfItem(inventory: Inventory, id: number): readonly Conflict[] {
  const item = inventory.item(id);
  return (item?.conflicts ?? []).map(({ about, said }) => {
    const isRelation = isRelationType(about);
    const nameOf = (value: unknown): string => {
      const other = isRelation && typeof value === 'number' ? inventory.item(value) : undefined;
      return other === undefined ? String(value) : other.name;
    };
    const inForce = isRelation
      ? inventory.outgoing(id, about)[0]?.source
      : Object.entries(item?.origins ?? {}).find(([attribute]) => attribute === about)?.[1];
    const values = Object.entries(said).map(([source, value]) => ({ source, value: nameOf(value) }));
    return {
      attribute: about === 'installed_on' || about === 'part_of' ? 'server' : about,
      values: values.sort((a, b) => Number(b.source === inForce) - Number(a.source === inForce)),
    };
  });
}

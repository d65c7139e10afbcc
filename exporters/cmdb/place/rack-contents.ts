import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { sourcesOf } from './related.ts';

/** What stands in a rack. */
export interface RackContents {
  readonly rack: Item;
  /** Undefined where nobody said how high it is. */
  readonly units: number | undefined;
  /** From the bottom up. */
  readonly mounted: readonly Mounted[];
  /** In the rack, but nobody said at which unit, such as PDUs at its side. */
  readonly others: readonly Item[];
}

export interface Mounted {
  readonly item: Item;
  /** Lowest unit that it takes, from 1. */
  readonly unit: number;
  readonly units: number;
}

/** Higher than any rack. */
const maxUnits = 100;

export function rackContents(inventory: Inventory, rack: Item): RackContents {
  const mounted: Mounted[] = [];
  const others: Item[] = [];
  for (const item of sourcesOf(inventory, rack.id, 'located_in')) {
    if (item.state === 'retired') continue;
    const unit = unitsOf(item, 'rack_unit');
    if (unit === undefined) others.push(item);
    else mounted.push({ item, unit, units: unitsOf(item, 'rack_units') ?? 1 });
  }
  mounted.sort((a, b) => a.unit - b.unit || a.item.id - b.item.id);
  return { rack, units: unitsOf(rack, 'rack_units'), mounted, others };
}

/** Half units count as the whole one. */
function unitsOf({ attributes }: Item, key: string): number | undefined {
  const value = attributes[key];
  const units = typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN;
  return units >= 1 && units <= maxUnits ? Math.floor(units) : undefined;
}

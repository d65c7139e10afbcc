import { createFactMatcher } from '../facts/match-facts.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { isSoftware } from '../place/related.ts';
import type { MaintenanceWindow, WindowScope } from './maintenance-window.ts';

/** What is in something goes down with it. An application that runs on it may run elsewhere, too, so it is not in it. */
const inwards = ['located_in', 'installed_on', 'part_of'] as const;

/** Numbers of the items that the scope holds now: those that it names and finds, and all that is in them. */
export function membersOf(inventory: Inventory, scope: WindowScope): ReadonlySet<number> {
  const members = new Set<number>();
  const waiting = rootsOf(inventory, scope).map(({ id }) => id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (members.has(id)) continue;
    members.add(id);
    waiting.push(...partsOf(inventory, id));
  }
  return members;
}

function partsOf(inventory: Inventory, id: number): readonly number[] {
  const parts = inwards.flatMap((type) => inventory.incoming(id, type)).map(({ from }) => inventory.item(from));
  return parts
    .filter((part) => part !== undefined)
    .filter((part) => !isSoftware(part.class) && part.state !== 'retired')
    .map((part) => part.id);
}

function rootsOf(inventory: Inventory, { items, query }: WindowScope): readonly Item[] {
  const named = items.map((id) => inventory.item(id)).filter((item) => item !== undefined);
  if (query === undefined) return named;
  const matches = createFactMatcher(query.match);
  const candidates = query.class === undefined ? [...inventory.items()] : inventory.ofClass(query.class);
  return [...named, ...candidates.filter((item) => item.state !== 'retired' && matches(inventory, item))];
}

/** Which of the windows hold an item. */
export function windowsOf(
  inventory: Inventory,
  windows: readonly MaintenanceWindow[],
): (id: number) => readonly MaintenanceWindow[] {
  const members = windows.map((window) => ({ window, ids: membersOf(inventory, window.scope) }));
  return (id) => members.filter(({ ids }) => ids.has(id)).map(({ window }) => window);
}

/** Items that are under maintenance, by a window that is open now or by their life-cycle state. In the order of their numbers. */
export function itemsUnderMaintenance(
  inventory: Inventory,
  openWindows: readonly MaintenanceWindow[],
): readonly Item[] {
  const ids = new Set<number>();
  for (const { scope } of openWindows) for (const id of membersOf(inventory, scope)) ids.add(id);
  for (const item of inventory.items()) if (item.state === 'maintenance') ids.add(item.id);
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => inventory.item(id))
    .filter((item) => item !== undefined);
}

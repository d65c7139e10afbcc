import { createFactMatcher } from '../facts/match-facts.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
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

/** Whether the scope holds the item now. Looks outwards from the item, which is less work than all members. */
export function holdsItem(inventory: Inventory, { items, query }: WindowScope, id: number): boolean {
  const named = new Set(items);
  const matches = query === undefined ? () => false : createFactMatcher(query.match);
  const seen = new Set<number>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const item = inventory.item(next);
    if (item === undefined || item.state === 'retired' || seen.has(next)) continue;
    seen.add(next);
    const isOfClass = query?.class === undefined || query.class === item.class;
    if (named.has(next) || (isOfClass && matches(inventory, item))) return true;
    if (!isSoftware(item.class)) waiting.push(...wholesOf(inventory, next));
  }
  return false;
}

function wholesOf(inventory: Inventory, id: number): readonly number[] {
  return inwards.flatMap((type) => inventory.outgoing(id, type)).map(({ to }) => to);
}

const maxRemembered = 200;
const membersIn = perRevision(() => new Map<string, ReadonlySet<number>>());

/** As `membersOf`; found out once for each state of the inventory and of the window. */
function membersOfWindow(inventory: Inventory, { id, version, scope }: MaintenanceWindow): ReadonlySet<number> {
  const known = membersIn(inventory);
  const key = `${id} ${version}`;
  const last = known.get(key);
  if (last !== undefined) return last;
  const members = membersOf(inventory, scope);
  if (known.size < maxRemembered) known.set(key, members);
  return members;
}

/** Which of the windows hold an item. */
export function windowsOf(
  inventory: Inventory,
  windows: readonly MaintenanceWindow[],
): (id: number) => readonly MaintenanceWindow[] {
  const members = windows.map((window) => ({ window, ids: membersOfWindow(inventory, window) }));
  return (id) => members.filter(({ ids }) => ids.has(id)).map(({ window }) => window);
}

/** Items that are under maintenance, by a window that is open now or by their life-cycle state. In the order of their numbers. */
export function itemsUnderMaintenance(
  inventory: Inventory,
  openWindows: readonly MaintenanceWindow[],
): readonly Item[] {
  const ids = new Set<number>();
  for (const window of openWindows) for (const id of membersOfWindow(inventory, window)) ids.add(id);
  for (const item of inventory.items()) if (item.state === 'maintenance') ids.add(item.id);
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => inventory.item(id))
    .filter((item) => item !== undefined);
}

import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { RelationType } from '../model/relation-type.ts';
import { endsOf, type Need } from './need.ts';
import { membersGroup, needGroups, partsGroup, runsOnGroup } from './need-group.ts';
import { networkNeeds } from './network-needs.ts';

/** What goes on while some of its members do. A server outlives its cluster, but a namespace does not. */
const membersOf: ReadonlyMap<ItemClass, ReadonlySet<ItemClass>> = new Map<ItemClass, ReadonlySet<ItemClass>>([
  ['cluster', new Set(['server', 'switch', 'storage', 'chassis'])],
  ['storage', new Set(['server', 'storage', 'chassis'])],
  ['database', new Set(['server', 'storage', 'database'])],
  ['application', new Set(['server', 'gpu', 'storage', 'database', 'application'])],
  ['switch', new Set(['switch'])],
]);
/** What a machine needs of what is built into it: it goes on while some of each class do. Interfaces are the network's. */
const vitalParts: ReadonlySet<ItemClass> = new Set(['gpu', 'disk', 'power_supply']);
const machines: ReadonlySet<ItemClass> = new Set(['server', 'chassis', 'switch', 'storage']);
/** What is spread over machines rather than built into one. */
const workloads: ReadonlySet<ItemClass> = new Set(['application', 'database']);

/** Everything that any item needs, a need perhaps more than once. */
export function* needsOf(inventory: Inventory): Generator<Need> {
  for (const relation of inventory.relations()) {
    const ends = endsOf(inventory, relation);
    if (ends !== undefined) yield* needsOfRelation(relation.type, ...ends);
  }
  yield* networkNeeds(inventory);
}

/** What a relation other than a cable means. */
export function needsOfRelation(type: RelationType, from: Item, to: Item): readonly Need[] {
  switch (type) {
    case 'located_in':
      return [{ dependent: from, provider: to, group: needGroups.place }];
    case 'powered_by':
      return [{ dependent: from, provider: to, group: needGroups.power }];
    case 'runs_on':
      return [{ dependent: from, provider: to, group: runsOnGroup(to.class) }];
    case 'depends_on':
      return [{ dependent: from, provider: to, group: needGroups.dependency }];
    case 'installed_on':
      return installed(from, to);
    case 'part_of':
      return partOf(from, to);
    case 'connected_to':
    case 'owned_by':
      // Cables make sense as a network only; owners carry no failure.
      return [];
  }
}

/** A driver is one item for all machines: if it is bad, they are; if one of them breaks, it is not. */
function installed(from: Item, to: Item): readonly Need[] {
  if (from.class === 'os' || from.class === 'driver')
    return [{ dependent: to, provider: from, group: needGroups.software }];
  if (workloads.has(from.class)) return [{ dependent: from, provider: to, group: runsOnGroup(to.class) }];
  return builtIn(from, to);
}

function partOf(from: Item, to: Item): readonly Need[] {
  if (membersOf.get(to.class)?.has(from.class) !== true) return builtIn(from, to);
  return [{ dependent: to, provider: from, group: membersGroup(from.class) }];
}

/** A server in a chassis is built in, too: the chassis gives it power and air. */
function builtIn(from: Item, to: Item): readonly Need[] {
  const host = { dependent: from, provider: to, group: needGroups.host };
  if (!vitalParts.has(from.class) || !machines.has(to.class)) return [host];
  return [host, { dependent: to, provider: from, group: partsGroup(from.class) }];
}

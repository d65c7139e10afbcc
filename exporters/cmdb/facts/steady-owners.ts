import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { isSoftware, targetsOf } from '../place/related.ts';

/**
 * Whom an item belongs to by what people said. Unlike `ownersOf` it does not look at what runs there at the moment, so that labels made of
 * it stay as they are while jobs come and go.
 */
export interface SteadyOwners {
  /** In the order of their names. */
  readonly tenants: readonly Item[];
  readonly team: Item | undefined;
  readonly person: Item | undefined;
}

const ownersIn = perRevision(createSteadyOwners);
/** A team may belong to a department, and that to a tenant. */
const maxOwnerSteps = 4;

export function steadyOwnersOf(inventory: Inventory, id: number): SteadyOwners {
  return ownersIn(inventory)(id);
}

function createSteadyOwners(inventory: Inventory): (id: number) => SteadyOwners {
  const [tenantsOf, teamsOf, peopleOf] = (['tenant', 'team', 'person'] as const).map((itemClass) =>
    createNearest(inventory, itemClass),
  );
  const none = (): readonly Item[] => [];
  return (id) => {
    const tenants = (tenantsOf ?? none)(id);
    const [tenant] = tenants.length === 1 ? tenants : [];
    const ofTenant = (itemClass: ItemClass): Item | undefined =>
      tenant === undefined ? undefined : ownersOfClass(inventory, tenant.id, itemClass, 1)[0];
    return {
      tenants,
      team: (teamsOf ?? none)(id)[0] ?? ofTenant('team'),
      person: (peopleOf ?? none)(id)[0] ?? ofTenant('person'),
    };
  };
}

/** Owners of that class: of the item, else of what it is a part of, is built into, or stands in. */
function createNearest(inventory: Inventory, itemClass: ItemClass): (id: number) => readonly Item[] {
  const known = new Map<number, readonly Item[]>();
  const find = (id: number): readonly Item[] => {
    const last = known.get(id);
    if (last !== undefined) return last;
    // Whoever comes back to here on a ring finds nobody.
    known.set(id, []);
    const own = ownersOfClass(inventory, id, itemClass, maxOwnerSteps);
    const owners = own.length > 0 ? own : ofWhole(id);
    known.set(id, owners);
    return owners;
  };
  const ofWhole = (id: number): readonly Item[] => {
    for (const whole of outwards(inventory, id)) {
      const owners = find(whole.id);
      if (owners.length > 0) return owners;
    }
    return [];
  };
  return find;
}

function outwards(inventory: Inventory, id: number): readonly Item[] {
  const item = inventory.item(id);
  if (item === undefined || isSoftware(item.class)) return [];
  return (['part_of', 'installed_on', 'located_in'] as const).flatMap((type) => targetsOf(inventory, id, type));
}

function ownersOfClass(inventory: Inventory, id: number, itemClass: ItemClass, steps: number): readonly Item[] {
  const owners = targetsOf(inventory, id, 'owned_by').flatMap((owner) => {
    if (owner.class === itemClass) return [owner];
    return steps > 1 && owner.class === 'team' ? ownersOfClass(inventory, owner.id, itemClass, steps - 1) : [];
  });
  const each = [...new Map(owners.map((owner) => [owner.id, owner])).values()];
  return each.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
}

import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { createClimb } from './climb.ts';
import { isSoftware, sourcesOf, targetsOf, textOf } from './related.ts';
import { createTenants } from './tenants-of.ts';

/** Who is to be told, and who pays. */
export interface Owners {
  /** The owner, or all whose applications run on it. In the order of their names. */
  readonly tenants: readonly Item[];
  readonly team: Item | undefined;
  /** Who is on call: the person named, or the member of the team that has the attribute on_call. */
  readonly person: Item | undefined;
  /** Of the only tenant. */
  readonly costCentre: string | undefined;
}

const tenantsIn = perRevision(createTenants);
const ownersIn = perRevision(createOwners);

export function tenantsOf(inventory: Inventory, id: number): readonly Item[] {
  return tenantsIn(inventory)(id);
}

export function ownersOf(inventory: Inventory, id: number): Owners {
  return ownersIn(inventory)(id);
}

function createOwners(inventory: Inventory): (id: number) => Owners {
  const known = new Map<number, Owners>();
  const [teamOf, personOf] = [createNearest(inventory, 'team'), createNearest(inventory, 'person')];
  return (id) => {
    const last = known.get(id);
    if (last !== undefined) return last;
    const tenants = tenantsOf(inventory, id);
    const [tenant] = tenants.length === 1 ? tenants : [];
    const team = teamOf(id) ?? (tenant && teamOf(tenant.id));
    const person = personOf(id) ?? (tenant && personOf(tenant.id)) ?? (team && memberOnCall(inventory, team));
    const owners = { tenants, team, person, costCentre: tenant && textOf(tenant, 'cost_centre') };
    known.set(id, owners);
    return owners;
  };
}

/** The owner of that class: of the item, else of what it belongs to, of what it is built into, or of where it is. */
function createNearest(inventory: Inventory, itemClass: ItemClass): (id: number) => Item | undefined {
  return createClimb<Item | undefined>(undefined, (id, find) => {
    const own = targetsOf(inventory, id, 'owned_by').find((target) => target.class === itemClass);
    return own ?? firstOf(outwards(inventory, id), find);
  });
}

function firstOf(ids: readonly number[], find: (id: number) => Item | undefined): Item | undefined {
  for (const id of ids) {
    const found = find(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

function outwards(inventory: Inventory, id: number): readonly number[] {
  const item = inventory.item(id);
  if (item === undefined || isSoftware(item.class)) return [];
  return [
    ...targetsOf(inventory, id, 'part_of'),
    ...targetsOf(inventory, id, 'installed_on'),
    ...targetsOf(inventory, id, 'located_in'),
  ].map((target) => target.id);
}

function memberOnCall(inventory: Inventory, team: Item): Item | undefined {
  const members = [...sourcesOf(inventory, team.id, 'part_of'), ...targetsOf(inventory, team.id, 'owned_by')].filter(
    (member) => member.class === 'person',
  );
  return members.find(({ attributes }) => attributes['on_call'] === true || attributes['on_call'] === 'true');
}

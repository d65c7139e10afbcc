import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
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
/** So far are owners looked for: GPU, server, chassis, rack, room, site, or application, namespace, cluster. */
const maxSteps = 8;

export function tenantsOf(inventory: Inventory, id: number): readonly Item[] {
  return tenantsIn(inventory)(id);
}

export function ownersOf(inventory: Inventory, id: number): Owners {
  return ownersIn(inventory)(id);
}

function createOwners(inventory: Inventory): (id: number) => Owners {
  const known = new Map<number, Owners>();
  return (id) => {
    const last = known.get(id);
    if (last !== undefined) return last;
    const tenants = tenantsOf(inventory, id);
    const team = nearestOwner(inventory, id, 'team', tenants);
    const person = nearestOwner(inventory, id, 'person', tenants) ?? (team && memberOnCall(inventory, team));
    const [tenant] = tenants;
    const costCentre = tenants.length === 1 && tenant !== undefined ? textOf(tenant, 'cost_centre') : undefined;
    const owners = { tenants, team, person, costCentre };
    known.set(id, owners);
    return owners;
  };
}

/** The owner of that class, of the item, of what it belongs to or is in, or of its tenant: whichever is nearest. */
function nearestOwner(
  inventory: Inventory,
  id: number,
  itemClass: ItemClass,
  tenants: readonly Item[],
): Item | undefined {
  const seen = new Set<number>();
  let level: readonly number[] = [id];
  for (let step = 0; step < maxSteps && level.length > 0; step++) {
    for (const one of level) {
      const owner = targetsOf(inventory, one, 'owned_by').find((target) => target.class === itemClass);
      if (owner !== undefined) return owner;
      seen.add(one);
    }
    level = level.flatMap((one) => outwards(inventory, one)).filter((one) => !seen.has(one));
  }
  const [tenant] = tenants;
  if (tenants.length !== 1 || tenant === undefined || seen.has(tenant.id)) return undefined;
  return targetsOf(inventory, tenant.id, 'owned_by').find((target) => target.class === itemClass);
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

import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { clusterOf, nodeOf } from '../place/node-of.ts';
import { placeOf } from '../place/place-of.ts';
import { sourcesOf, textOf } from '../place/related.ts';
import { steadyOwnersOf } from './steady-owners.ts';

/** What can be asked of an item beside its attributes. These names win over attributes of the same name. */
export const derivedFacts = {
  name: 'Name of the item.',
  class: 'Its class.',
  state: 'Its life-cycle state.',
  node: 'Value of the label node of the server that it is or is in.',
  cluster: 'Cluster to which it belongs.',
  site: 'Site where it is.',
  room: 'Room where it is.',
  rack: 'Rack where it is.',
  unit: 'Lowest rack unit.',
  chassis: 'Enclosure that it is in.',
  server: 'Server that it is or is in.',
  switch: 'Switch that it is or is in.',
  tenant: 'Whom it belongs to: the tenant, if it is one alone.',
  tenants: 'All tenants whom it belongs to.',
  team: 'Team that looks after it.',
  person: 'Person who looks after it.',
  owner: 'Whoever looks after it: the person, else the team, else the tenant.',
  has_gpus: 'true for a server with GPUs, false for any other item.',
} as const satisfies Readonly<Record<string, string>>;

export type DerivedFact = keyof typeof derivedFacts;

export function isDerivedFact(name: string): name is DerivedFact {
  return Object.hasOwn(derivedFacts, name);
}

/** Values of a fact or attribute as texts; empty where nobody said. */
export function factOf(inventory: Inventory, item: Item, name: string): readonly string[] {
  return isDerivedFact(name) ? derived(inventory, item, name) : attributeTexts(item, name);
}

/** The only value of a fact or attribute; undefined where there are several, or none. */
export function singleFact(inventory: Inventory, item: Item, name: string): string | undefined {
  const [value, second] = factOf(inventory, item, name);
  return second === undefined ? value : undefined;
}

export function attributeTexts({ attributes }: Item, name: string): readonly string[] {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (value === undefined || value === '') return [];
  return typeof value === 'object' ? value.filter((each) => each !== '') : [String(value)];
}

/** Whether it is a server with GPUs, as far as anybody said. */
export function hasGpus(inventory: Inventory, item: Item): boolean {
  if (item.class !== 'server') return false;
  if (textOf(item, 'role') === 'gpu' || Number(item.attributes['gpu_count'] ?? 0) > 0) return true;
  return sourcesOf(inventory, item.id, 'installed_on').some((part) => part.class === 'gpu');
}

function derived(inventory: Inventory, item: Item, name: DerivedFact): readonly string[] {
  switch (name) {
    case 'name':
    case 'class':
    case 'state':
      return [item[name]];
    case 'node':
      return given(nodeOf(inventory, item.id));
    case 'cluster':
      return given(clusterOf(inventory, item.id));
    case 'site':
    case 'room':
    case 'rack':
    case 'chassis':
    case 'server':
    case 'switch':
      return given(placeOf(inventory, item.id)[name]?.name);
    case 'unit':
      return given(placeOf(inventory, item.id).unit);
    case 'has_gpus':
      return [String(hasGpus(inventory, item))];
    case 'tenant':
    case 'tenants':
    case 'team':
    case 'person':
    case 'owner':
      return ownerFact(inventory, item, name);
  }
}

function ownerFact(
  inventory: Inventory,
  item: Item,
  name: 'tenant' | 'tenants' | 'team' | 'person' | 'owner',
): readonly string[] {
  const { tenants, team, person } = steadyOwnersOf(inventory, item.id);
  const [tenant] = tenants.length === 1 ? tenants : [];
  switch (name) {
    case 'tenant':
      return given(tenant?.name);
    case 'tenants':
      return tenants.map((each) => each.name);
    case 'team':
      return given(team?.name);
    case 'person':
      return given(person?.name);
    case 'owner':
      return given((person ?? team ?? tenant)?.name);
  }
}

function given(value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [value];
}

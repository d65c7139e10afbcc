import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { IdentityKind } from '../model/item-class.ts';
import { clusterOf, nodeOf } from '../place/node-of.ts';
import { ownersOf } from '../place/owners-of.ts';
import { placeOf } from '../place/place-of.ts';
import type { Filter } from './find-language.ts';
import { asMac, fold } from './fold.ts';

type Values = readonly (string | undefined)[];

/** What the keys mean that are not attributes. */
const readers: Readonly<Record<string, (inventory: Inventory, item: Item) => Values>> = {
  class: (_, item) => [item.class],
  state: (_, item) => [item.state],
  name: (_, item) => [item.name],
  id: (_, item) => [String(item.id)],
  site: (inventory, { id }) => [placeOf(inventory, id).site?.name],
  room: (inventory, { id }) => [placeOf(inventory, id).room?.name],
  rack: (inventory, { id }) => [placeOf(inventory, id).rack?.name],
  chassis: (inventory, { id }) => [placeOf(inventory, id).chassis?.name],
  node: (inventory, { id }) => [nodeOf(inventory, id)],
  cluster: (inventory, { id }) => [clusterOf(inventory, id)],
  tenant: (inventory, { id }) => ownersOf(inventory, id).tenants.map(({ name }) => name),
  team: (inventory, { id }) => [ownersOf(inventory, id).team?.name],
  person: (inventory, { id }) => [ownersOf(inventory, id).person?.name],
  serial: (_, item) => identitiesOf(item, 'serial').flatMap((value) => [value, value.slice(value.indexOf('/') + 1)]),
  uuid: (_, item) => identitiesOf(item, 'uuid'),
  mac: (_, item) => identitiesOf(item, 'mac'),
  ip: (_, item) => identitiesOf(item, 'ip'),
  host: (_, item) => [...identitiesOf(item, 'hostname'), ...identitiesOf(item, 'fqdn')],
  external: (_, item) => identitiesOf(item, 'external'),
};

/** Whether an item passes. Values that many items share are compared once. */
export function createFilterTest(inventory: Inventory, { key, values, isNegated }: Filter): (item: Item) => boolean {
  const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
  const known = new Map<string, boolean>();
  const fits = (own: string | undefined): boolean => {
    if (own === undefined) return false;
    const last = known.get(own);
    if (last !== undefined) return last;
    const isFit = fitsAny(fold(own), values, key === 'mac');
    known.set(own, isFit);
    return isFit;
  };
  return (item) => {
    const isFit = reader?.(inventory, item).some(fits) === true || attributesOf(item, key).some(fits);
    return isFit !== isNegated;
  };
}

function fitsAny(own: string, values: readonly string[], isMac: boolean): boolean {
  return values.some((value) => {
    if (value.endsWith('*')) return own.startsWith(value.slice(0, -1));
    return own === value || (isMac && own === asMac(value));
  });
}

function identitiesOf(item: Item, kind: IdentityKind): readonly string[] {
  return item.identities.filter((identity) => identity.kind === kind).map(({ value }) => value);
}

function attributesOf({ attributes }: Item, key: string): readonly string[] {
  const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  return value === undefined ? [] : [value].flat().map(String);
}

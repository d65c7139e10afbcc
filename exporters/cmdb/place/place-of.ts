import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { createClimb } from './climb.ts';
import { isSoftware, sourcesOf, targetsOf, textOf } from './related.ts';

/** Where an item is; each of these is undefined where nobody said. */
export interface Place {
  readonly site: Item | undefined;
  readonly room: Item | undefined;
  readonly rack: Item | undefined;
  readonly chassis: Item | undefined;
  /** The server that the item is in, or itself. */
  readonly server: Item | undefined;
  /** The switch that the item is in, or itself. */
  readonly switch: Item | undefined;
  /** Lowest unit in the rack. */
  readonly unit: string | undefined;
}

const nowhere: Place = Object.freeze({
  site: undefined,
  room: undefined,
  rack: undefined,
  chassis: undefined,
  server: undefined,
  switch: undefined,
  unit: undefined,
});
/** What something can be in. A cluster is no place, though a server is a part of it. */
const holders: ReadonlySet<ItemClass> = new Set([
  'site',
  'room',
  'rack',
  'chassis',
  'server',
  'switch',
  'gpu',
  'nic',
  'pdu',
  'storage',
]);
/** An application that runs on more than this is nowhere in particular. */
const maxHosts = 1000;
const placesOf = perRevision(createPlaces);

/** Where the item is: site, room, rack, unit, chassis and server. */
export function placeOf(inventory: Inventory, id: number): Place {
  return placesOf(inventory)(id);
}

/** What holds the item directly: its place, and what it is built into. */
export function holdersOf(inventory: Inventory, item: Item): readonly Item[] {
  if (isSoftware(item.class)) return [];
  return [
    ...targetsOf(inventory, item.id, 'located_in'),
    ...targetsOf(inventory, item.id, 'installed_on'),
    ...targetsOf(inventory, item.id, 'part_of'),
  ].filter((holder) => holders.has(holder.class) && holder.id !== item.id);
}

/** Switches to which the server, the storage or the interface is cabled, each once. */
export function switchesOf(inventory: Inventory, id: number): readonly Item[] {
  const parts = [id, ...sourcesOf(inventory, id, 'installed_on'), ...sourcesOf(inventory, id, 'part_of')]
    .filter((part) => part === id || (typeof part === 'object' && part.class === 'nic'))
    .map((part) => (typeof part === 'object' ? part.id : part));
  const ends = parts.flatMap((part) => [
    ...targetsOf(inventory, part, 'connected_to'),
    ...sourcesOf(inventory, part, 'connected_to'),
  ]);
  const found = ends.map((end) => placeOf(inventory, end.id).switch).filter((item) => item !== undefined);
  return [...new Map(found.map((item) => [item.id, item])).values()];
}

function createPlaces(inventory: Inventory): (id: number) => Place {
  return createClimb(nowhere, (id, find) => {
    const item = inventory.item(id);
    if (item === undefined) return nowhere;
    const outer = holdersOf(inventory, item).map((holder) => find(holder.id));
    return nearest(item, outer.length > 0 ? outer : [common(hostsOf(inventory, item).map((host) => find(host.id)))]);
  });
}

function hostsOf(inventory: Inventory, item: Item): readonly Item[] {
  const hosts = targetsOf(inventory, item.id, 'runs_on');
  return hosts.length > maxHosts ? [] : hosts;
}

/** The item itself where it is such a place, else what the first of its holders knows. */
function nearest(item: Item, outer: readonly Place[]): Place {
  const own = (itemClass: 'site' | 'room' | 'rack' | 'chassis' | 'server' | 'switch'): Item | undefined =>
    item.class === itemClass ? item : outer.find((place) => place[itemClass] !== undefined)?.[itemClass];
  return {
    site: own('site'),
    room: own('room'),
    rack: own('rack'),
    chassis: own('chassis'),
    server: own('server'),
    switch: own('switch'),
    unit: textOf(item, 'rack_unit') ?? outer.find(({ unit }) => unit !== undefined)?.unit,
  };
}

/** What is the same for all. */
function common(places: readonly Place[]): Place {
  const [first, ...others] = places;
  if (first === undefined) return nowhere;
  const same = <Key extends keyof Place>(key: Key): Place[Key] | undefined =>
    others.every((place) => place[key] === first[key]) ? first[key] : undefined;
  return {
    site: same('site'),
    room: same('room'),
    rack: same('rack'),
    chassis: same('chassis'),
    server: same('server'),
    switch: same('switch'),
    unit: same('unit'),
  };
}

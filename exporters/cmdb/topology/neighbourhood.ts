import type { Inventory } from '../inventory/inventory.ts';
import type { Item, Relation } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { type RelationType, relationTypes } from '../model/relation-type.ts';

export interface NeighbourhoodOptions {
  /** Relations that are followed and drawn; all but ownership by default. */
  readonly types?: readonly RelationType[];
  /** Classes that are drawn; all by default. What is asked about is always drawn. */
  readonly classes?: readonly ItemClass[];
  /** Steps from what is asked about. */
  readonly depth?: number;
  /** Items that are drawn, the nearest first. */
  readonly maxItems?: number;
  readonly maxRelations?: number;
}

/** A part of the inventory to be drawn. */
export interface Neighbourhood {
  readonly items: readonly Item[];
  readonly relations: readonly Relation[];
  /** What did not fit. */
  readonly leftOut: { readonly items: number; readonly relations: number };
}

const defaultTypes = Object.keys(relationTypes).filter((type) => type !== 'owned_by');
/** By these things are in others. */
const inward: readonly RelationType[] = ['located_in', 'installed_on', 'part_of'];
export const drawnItems = 300;
export const drawnRelations = 900;
/** More than this is only counted roughly: nobody draws it. */
const maxSeen = 20_000;

/** What is around the items, whichever way the relations point. */
export function neighbourhoodOf(
  inventory: Inventory,
  ids: readonly number[],
  options: NeighbourhoodOptions = {},
): Neighbourhood {
  const types = new Set<string>(options.types ?? defaultTypes);
  const next = (id: number): readonly number[] => [
    ...inventory.outgoing(id).flatMap(({ type, to }) => (types.has(type) ? [to] : [])),
    ...inventory.incoming(id).flatMap(({ type, from }) => (types.has(type) ? [from] : [])),
  ];
  return gather(inventory, ids, next, types, { depth: 2, ...options });
}

/** A whole: a rack with all that is in it, or a cluster with all of its members. */
export function insideOf(inventory: Inventory, id: number, options: NeighbourhoodOptions = {}): Neighbourhood {
  const types = new Set<string>(options.types ?? defaultTypes);
  const next = (one: number): readonly number[] =>
    inward.flatMap((type) => inventory.incoming(one, type).map(({ from }) => from));
  return gather(inventory, [id], next, types, { depth: 4, ...options });
}

function gather(
  inventory: Inventory,
  ids: readonly number[],
  next: (id: number) => readonly number[],
  types: ReadonlySet<string>,
  options: NeighbourhoodOptions & { readonly depth: number },
): Neighbourhood {
  const { maxItems = drawnItems, maxRelations = drawnRelations } = options;
  const wanted = options.classes === undefined ? undefined : new Set(options.classes);
  const asked = new Set(ids);
  const found = [...within(inventory, asked, next, options.depth)]
    .map((id) => inventory.item(id))
    .filter((item) => item !== undefined)
    .filter((item) => asked.has(item.id) || wanted === undefined || wanted.has(item.class));
  const items = found.slice(0, maxItems);
  const drawn = new Set(items.map(({ id }) => id));
  const relations = items
    .flatMap(({ id }) => inventory.outgoing(id))
    .filter(({ type, to }) => types.has(type) && drawn.has(to));
  return {
    items,
    relations: relations.slice(0, maxRelations),
    leftOut: { items: found.length - items.length, relations: Math.max(0, relations.length - maxRelations) },
  };
}

/** In the order of the steps. */
function within(
  inventory: Inventory,
  asked: ReadonlySet<number>,
  next: (id: number) => readonly number[],
  depth: number,
): ReadonlySet<number> {
  const seen = new Set([...asked].filter((id) => inventory.item(id) !== undefined));
  let level = [...seen];
  for (let step = 0; step < depth && seen.size < maxSeen; step++) {
    const reached = new Set(level.flatMap(next).filter((id) => !seen.has(id)));
    level = [...reached].sort((a, b) => a - b).slice(0, maxSeen);
    for (const id of level) seen.add(id);
  }
  return seen;
}

import type { Identity, Item, Relation } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { RelationType } from '../model/relation-type.ts';
import type { Inventory } from './inventory.ts';

/** What the sources last said about being there. */
export interface Sighting {
  readonly lastSeen: number;
  readonly missingSince: number | undefined;
}

/** An inventory that changes are told to, in their order. */
export interface MemoryInventory extends Inventory {
  readonly put: (item: Item) => void;
  readonly remove: (id: number) => void;
  readonly open: (relation: Relation) => void;
  readonly end: (relation: Relation) => void;
  /** Changes no revision: it is not part of what the inventory holds. */
  readonly see: (id: number, sighting: Sighting) => void;
  readonly setAt: (seconds: number) => void;
}

const none: readonly Relation[] = [];

export function createMemoryInventory(at: number): MemoryInventory {
  const items = new Map<number, Item>();
  const classes = new Map<ItemClass, Map<number, Item>>();
  const lists = new Map<ItemClass, readonly Item[]>();
  const identities = new Map<string, number>();
  const relations = new Map<number, Relation>();
  const outgoing = new Map<number, Relation[]>();
  const incoming = new Map<number, Relation[]>();
  const sightings = new Map<number, Sighting>();
  let revision = 0;
  let now = at;

  function forget(item: Item): void {
    for (const identity of item.identities) {
      const key = identityKey(item.class, identity);
      if (identities.get(key) === item.id) identities.delete(key);
    }
    classes.get(item.class)?.delete(item.id);
    lists.delete(item.class);
  }

  function put(item: Item): void {
    revision += 1;
    const before = items.get(item.id);
    if (before !== undefined) forget(before);
    items.set(item.id, item);
    const same = classes.get(item.class) ?? new Map<number, Item>();
    same.set(item.id, item);
    classes.set(item.class, same);
    lists.delete(item.class);
    for (const identity of item.identities) identities.set(identityKey(item.class, identity), item.id);
  }

  return {
    get at() {
      return now;
    },
    get revision() {
      return revision;
    },
    get size() {
      return items.size;
    },
    item: (id) => items.get(id),
    items: () => items.values(),
    ofClass: (itemClass) => {
      const known = lists.get(itemClass);
      if (known !== undefined) return known;
      const list = [...(classes.get(itemClass)?.values() ?? [])];
      lists.set(itemClass, list);
      return list;
    },
    byIdentity: (itemClass, identity) => {
      const id = identities.get(identityKey(itemClass, identity));
      return id === undefined ? undefined : items.get(id);
    },
    outgoing: (id, type) => ofType(outgoing.get(id), type),
    incoming: (id, type) => ofType(incoming.get(id), type),
    relations: () => relations.values(),
    lastSeen: (id) => sightings.get(id)?.lastSeen,
    missingSince: (id) => sightings.get(id)?.missingSince,
    put,
    remove: (id) => {
      revision += 1;
      const item = items.get(id);
      if (item !== undefined) forget(item);
      items.delete(id);
      sightings.delete(id);
    },
    open: (relation) => {
      if (relations.has(relation.id)) return;
      revision += 1;
      relations.set(relation.id, relation);
      append(outgoing, relation.from, relation);
      append(incoming, relation.to, relation);
    },
    end: ({ id }) => {
      revision += 1;
      const relation = relations.get(id);
      if (relation === undefined) return;
      relations.delete(id);
      without(outgoing, relation.from, id);
      without(incoming, relation.to, id);
    },
    see: (id, sighting) => {
      sightings.set(id, sighting);
    },
    setAt: (seconds) => {
      now = seconds;
    },
  };
}

function identityKey(itemClass: ItemClass, { kind, value }: Identity): string {
  return `${itemClass} ${kind} ${value}`;
}

function append(lists: Map<number, Relation[]>, id: number, relation: Relation): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [relation]);
  else list.push(relation);
}

function without(lists: Map<number, Relation[]>, id: number, relationId: number): void {
  const left = (lists.get(id) ?? []).filter((relation) => relation.id !== relationId);
  if (left.length === 0) lists.delete(id);
  else lists.set(id, left);
}

function ofType(list: readonly Relation[] = none, type: RelationType | undefined): readonly Relation[] {
  return type === undefined ? list : list.filter((relation) => relation.type === type);
}

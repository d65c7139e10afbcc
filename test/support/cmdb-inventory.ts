import type { Inventory } from '../../exporters/cmdb/inventory/inventory.ts';
import type { Attributes, Identity, Item, Relation } from '../../exporters/cmdb/model/item.ts';
import type { ItemClass } from '../../exporters/cmdb/model/item-class.ts';
import type { RelationType } from '../../exporters/cmdb/model/relation-type.ts';
import type { LifecycleState } from '../../exporters/cmdb/model/state.ts';

export interface ItemSketch {
  readonly id: number;
  readonly class: ItemClass;
  readonly name?: string | undefined;
  readonly state?: LifecycleState | undefined;
  readonly attributes?: Attributes | undefined;
  readonly identities?: readonly Identity[] | undefined;
}

/** A sentence: 3 is `installed_on` 1. */
export type RelationSketch = readonly [from: number, type: RelationType, to: number];

/** An inventory of what is given and nothing else. */
export function createInventory(
  sketches: readonly ItemSketch[],
  sentences: readonly RelationSketch[] = [],
  { revision = 1, at = 1_700_000_000 }: { readonly revision?: number; readonly at?: number } = {},
): Inventory {
  const items = new Map(sketches.map((sketch) => [sketch.id, itemOf(sketch)]));
  const relations = sentences.map(relationOf);
  const byClass = grouped(items.values(), (item) => item.class);
  const byIdentity = new Map(
    [...items.values()].flatMap((item) => item.identities.map((one) => [identityKey(item.class, one), item] as const)),
  );
  const byFrom = grouped(relations, ({ from }) => from);
  const byTo = grouped(relations, ({ to }) => to);
  return {
    at,
    revision,
    size: items.size,
    item: (id) => items.get(id),
    items: () => items.values(),
    ofClass: (itemClass) => byClass.get(itemClass) ?? [],
    byIdentity: (itemClass, identity) => byIdentity.get(identityKey(itemClass, identity)),
    outgoing: (id, type) => ofType(byFrom.get(id) ?? [], type),
    incoming: (id, type) => ofType(byTo.get(id) ?? [], type),
    relations: () => relations,
    lastSeen: () => at,
    missingSince: () => undefined,
  };
}

export function itemOf({ id, class: itemClass, name, state, attributes, identities }: ItemSketch): Item {
  return {
    id,
    class: itemClass,
    name: name ?? `${itemClass}-${id}`,
    state: state ?? 'in_service',
    attributes: attributes ?? {},
    origins: {},
    identities: identities ?? [],
    conflicts: [],
    version: 1,
    createdAt: 0,
    changedAt: 0,
  };
}

function relationOf([from, type, to]: RelationSketch, index: number): Relation {
  return { id: index + 1, type, from, to, source: 'test', validFrom: 0, validTo: undefined };
}

function grouped<Value, Key>(
  values: Iterable<Value>,
  keyOf: (value: Value) => Key,
): ReadonlyMap<Key, readonly Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

function ofType(relations: readonly Relation[], type: RelationType | undefined): readonly Relation[] {
  return type === undefined ? relations : relations.filter((relation) => relation.type === type);
}

function identityKey(itemClass: ItemClass, { kind, value }: Identity): string {
  return `${itemClass} ${kind} ${value}`;
}

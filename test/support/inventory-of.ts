import type { Inventory } from '../../exporters/cmdb/inventory/inventory.ts';
import type { Attributes, Item, Relation } from '../../exporters/cmdb/model/item.ts';
import type { ItemClass } from '../../exporters/cmdb/model/item-class.ts';
import type { RelationType } from '../../exporters/cmdb/model/relation-type.ts';
import type { LifecycleState } from '../../exporters/cmdb/model/state.ts';

export interface PlainItem {
  readonly id: number;
  readonly class: ItemClass;
  readonly name?: string;
  readonly state?: LifecycleState;
  readonly attributes?: Attributes;
  readonly lastSeen?: number;
  readonly missingSince?: number;
}

export type PlainRelation = readonly [from: number, type: RelationType, to: number];

/** A small inventory out of plain lists, for what only reads one. */
export function inventoryOf(
  plain: readonly PlainItem[],
  related: readonly PlainRelation[] = [],
  at = 1_000_000,
): Inventory {
  const items = new Map<number, Item>(plain.map((each) => [each.id, itemOf(each)]));
  const seen = new Map(plain.map((each) => [each.id, each] as const));
  const relations = related.map(
    ([from, type, to], index): Relation => ({
      id: index + 1,
      type,
      from,
      to,
      source: 'test',
      validFrom: 0,
      validTo: undefined,
    }),
  );
  const isOf = (relation: Relation, type: RelationType | undefined) => type === undefined || relation.type === type;
  return {
    at,
    revision: 1,
    size: items.size,
    item: (id) => items.get(id),
    items: () => items.values(),
    ofClass: (itemClass) => [...items.values()].filter((item) => item.class === itemClass),
    byIdentity: () => undefined,
    outgoing: (id, type) => relations.filter((each) => each.from === id && isOf(each, type)),
    incoming: (id, type) => relations.filter((each) => each.to === id && isOf(each, type)),
    relations: () => relations,
    lastSeen: (id) => seen.get(id)?.lastSeen,
    missingSince: (id) => seen.get(id)?.missingSince,
  };
}

function itemOf({ id, class: itemClass, name, state = 'in_service', attributes = {} }: PlainItem): Item {
  return {
    id,
    class: itemClass,
    name: name ?? `${itemClass}-${id}`,
    state,
    attributes,
    origins: {},
    identities: [],
    conflicts: [],
    version: 1,
    createdAt: 0,
    changedAt: 0,
  };
}

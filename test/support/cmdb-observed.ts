import type { Claim, ClaimContent } from '../../exporters/cmdb/inventory/claim.ts';
import type { Identity, Item, Relation } from '../../exporters/cmdb/model/item.ts';
import type { IdentityKind, ItemClass } from '../../exporters/cmdb/model/item-class.ts';
import type { Observation, ObservedItem } from '../../exporters/cmdb/observation.ts';

/** An item as a source tells it; `identities` as `{serial: 'dell/1'}`. */
export function observed(
  itemClass: ItemClass,
  key: string,
  identities: Partial<Record<IdentityKind, string>>,
  more: Partial<ObservedItem> = {},
): ObservedItem {
  return {
    key,
    class: itemClass,
    name: key,
    identities: identitiesFrom(identities),
    attributes: {},
    relations: [],
    ...more,
  };
}

export function observation(items: readonly ObservedItem[], more: Partial<Observation> = {}): Observation {
  return { items, isComplete: true, failedScopes: [], problems: [], ...more };
}

export function identitiesFrom(given: Partial<Record<IdentityKind, string>>): readonly Identity[] {
  return Object.entries(given).map(([kind, value]) => ({ kind: kind as IdentityKind, value }));
}

export function item(id: number, itemClass: ItemClass, more: Partial<Item> = {}): Item {
  return {
    id,
    class: itemClass,
    name: `${itemClass}-${id}`,
    state: 'in_service',
    attributes: {},
    origins: {},
    identities: [],
    conflicts: [],
    version: 1,
    createdAt: 0,
    changedAt: 0,
    ...more,
  };
}

export function relation(id: number, type: Relation['type'], from: number, to: number): Relation {
  return { id, type, from, to, source: 'test', validFrom: 0, validTo: undefined };
}

export function content(more: Partial<ClaimContent> = {}): ClaimContent {
  return { name: undefined, state: undefined, attributes: {}, identities: [], relations: [], scope: '', ...more };
}

export function claim(source: string, more: Partial<Claim> = {}): Claim {
  return { itemId: 1, source, ...content(), firstSeen: 0, seenAt: 0, missingSince: undefined, ...more };
}

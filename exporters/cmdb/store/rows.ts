import type { Claim } from '../inventory/claim.ts';
import type { Attributes, Conflict, Identity, Item, Relation } from '../model/item.ts';
import { isItemClass } from '../model/item-class.ts';
import { isRelationType } from '../model/relation-type.ts';
import { isLifecycleState } from '../model/state.ts';

/** Rows as the statements of this folder select them; times are Unix seconds. */
export interface ItemRow {
  readonly id: number;
  readonly class: string;
  readonly name: string;
  readonly state: string;
  readonly attributes: Attributes;
  readonly origins: Readonly<Record<string, string>>;
  readonly identities: readonly Identity[];
  readonly conflicts: readonly Conflict[];
  readonly version: number;
  readonly created_at: number;
  readonly changed_at: number;
}

export interface RelationRow {
  readonly id: number;
  readonly type: string;
  readonly from_id: number;
  readonly to_id: number;
  readonly source: string;
  readonly valid_from: number;
  readonly valid_to: number | null;
}

export interface ClaimRow {
  readonly item_id: number;
  readonly source: string;
  readonly name: string | null;
  readonly state: string | null;
  readonly attributes: Attributes;
  readonly identities: readonly Identity[];
  readonly relations: Claim['relations'];
  readonly scope: string;
  readonly first_seen: number;
  readonly seen_at: number;
  readonly missing_since: number | null;
}

/** Undefined for a class or state that a newer version has brought. */
export function itemOf(row: ItemRow): Item | undefined {
  if (!isItemClass(row.class) || !isLifecycleState(row.state)) return undefined;
  return {
    id: row.id,
    class: row.class,
    name: row.name,
    state: row.state,
    attributes: row.attributes,
    origins: row.origins,
    identities: row.identities,
    conflicts: row.conflicts,
    version: row.version,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}

/** As `itemOf` reads it: also the form of `before` and `after` in the history. */
export function rowOfItem(item: Item): ItemRow {
  const { createdAt, changedAt, ...same } = item;
  return { ...same, created_at: createdAt, changed_at: changedAt };
}

export function relationOf(row: RelationRow): Relation | undefined {
  if (!isRelationType(row.type)) return undefined;
  return {
    id: row.id,
    type: row.type,
    from: row.from_id,
    to: row.to_id,
    source: row.source,
    validFrom: row.valid_from,
    validTo: row.valid_to ?? undefined,
  };
}

export function claimOf(row: ClaimRow): Claim {
  return {
    itemId: row.item_id,
    source: row.source,
    name: row.name ?? undefined,
    state: row.state !== null && isLifecycleState(row.state) ? row.state : undefined,
    attributes: row.attributes,
    identities: row.identities,
    relations: row.relations,
    scope: row.scope,
    firstSeen: row.first_seen,
    seenAt: row.seen_at,
    missingSince: row.missing_since ?? undefined,
  };
}

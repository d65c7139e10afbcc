import type { Claim } from '../inventory/claim.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item, Relation } from '../model/item.ts';
import type { Change } from '../store/history.ts';
import type { OpenFinding } from '../store/looks.ts';

/** What the API answers, as JSON has it. Times are RFC 3339; what is not known is left out. */
export type View = Readonly<Record<string, unknown>>;

export function time(seconds: number): string;
export function time(seconds: number | undefined): string | undefined;
export function time(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}

export function itemView(item: Item, inventory?: Inventory): View {
  return {
    id: item.id,
    class: item.class,
    name: item.name,
    state: item.state,
    version: item.version,
    attributes: item.attributes,
    origins: item.origins,
    identities: item.identities,
    conflicts: item.conflicts,
    created_at: time(item.createdAt),
    changed_at: time(item.changedAt),
    last_seen: time(inventory?.lastSeen(item.id)),
    missing_since: time(inventory?.missingSince(item.id)),
  };
}

/** Enough to show and to follow. */
export function itemRef({ id, class: itemClass, name, state }: Item): View {
  return { id, class: itemClass, name, state };
}

export function relationView({ type, from, to, source, validFrom, validTo }: Relation): View {
  return { type, from, to, source, since: time(validFrom), until: time(validTo) };
}

export function claimView(claim: Claim): View {
  const { source, name, state, attributes, identities, relations, scope, firstSeen, seenAt, missingSince } = claim;
  const times = { first_seen: time(firstSeen), seen_at: time(seenAt), missing_since: time(missingSince) };
  return { source, name, state, attributes, identities, relations, scope, ...times };
}

/** Relations tell the names of both ends as they are now; of what is gone the number alone is known. */
export function changeView(change: Change, inventory: Pick<Inventory, 'item'>): View {
  const { sequence, at, source, actor, request, message, itemId, action, before, after, opened, closed } = change;
  return {
    sequence,
    at: time(at),
    source,
    actor,
    request,
    message,
    item_id: itemId,
    action,
    before: before === undefined ? null : itemView(before),
    after: after === undefined ? null : itemView(after),
    opened: opened.map((relation) => namedRelationView(relation, inventory)),
    closed: closed.map((relation) => namedRelationView(relation, inventory)),
  };
}

function namedRelationView(relation: Relation, inventory: Pick<Inventory, 'item'>): View {
  const { from, to } = relation;
  return {
    ...relationView(relation),
    from_name: inventory.item(from)?.name,
    to_name: inventory.item(to)?.name,
  };
}

export function findingView({ kind, source, subject, reason, itemId, since }: OpenFinding): View {
  return { kind, source, subject, reason, item_id: itemId, since: time(since) };
}

/** With its quotes. */
export function itemEtag({ version }: Item): string {
  return `"${version}"`;
}

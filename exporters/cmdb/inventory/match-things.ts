import type { Identity, Item } from '../model/item.ts';
import { identityKindsOf } from '../model/item-class.ts';
import type { ObservedItem } from '../observation.ts';
import { disagree, type Thing } from './distinct-things.ts';
import type { Finding } from './finding.ts';
import type { Inventory } from './inventory.ts';

export interface Matches {
  /** The item that is meant, by index of the thing. */
  readonly items: ReadonlyMap<number, Item>;
  readonly findings: readonly Finding[];
}

/**
 * Finds the item that each thing is, by the surest identity that leads to one. Things with sure identities choose first, and no item is
 * chosen twice: after a host name moved to new hardware, the old hardware keeps its item.
 */
export function matchThings(things: readonly Thing[], inventory: Inventory): Matches {
  const items = new Map<number, Item>();
  const taken = new Set<number>();
  const findings: Finding[] = [];
  const order = things.map((thing, index) => ({ index, item: thing.item, hits: hitsOf(thing.item, inventory) }));
  order.sort((a, b) => rankOf(a) - rankOf(b) || a.index - b.index);
  for (const { index, item, hits } of order) {
    const chosen = hits.find((hit) => !taken.has(hit.item.id) && mayBe(item, hit));
    if (chosen === undefined) continue;
    taken.add(chosen.item.id);
    items.set(index, chosen.item);
    const other = hits.find((hit) => hit.item.id !== chosen.item.id);
    if (other !== undefined) findings.push(torn(item, chosen, other));
    if (disagree(item.identities, chosen.item.identities, 'serial')) findings.push(otherSerial(item, chosen.item));
  }
  return { items, findings };
}

interface Hit {
  readonly item: Item;
  readonly identity: Identity;
  /** 0 for the surest kind of the class. */
  readonly rank: number;
}

function hitsOf(thing: ObservedItem, inventory: Inventory): readonly Hit[] {
  return identityKindsOf(thing.class).flatMap((kind, rank) =>
    thing.identities
      .filter((identity) => identity.kind === kind)
      .flatMap((identity) => {
        const item = inventory.byIdentity(thing.class, identity);
        return item === undefined ? [] : [{ item, identity, rank }];
      }),
  );
}

function rankOf({ hits }: { readonly hits: readonly Hit[] }): number {
  return hits[0]?.rank ?? Number.POSITIVE_INFINITY;
}

/** Two records of one system are two things, whatever else they share; so are two hosts of one short name in two domains. */
function mayBe(thing: ObservedItem, { item, identity }: Hit): boolean {
  if (identity.kind !== 'external' && disagree(thing.identities, item.identities, 'external')) return false;
  const isByHost = identity.kind === 'hostname' || identity.kind === 'ip' || identity.kind === 'name';
  return !(isByHost && disagree(thing.identities, item.identities, 'fqdn'));
}

function torn(thing: ObservedItem, chosen: Hit, other: Hit): Finding {
  return {
    kind: 'conflict',
    subject: `${thing.class} ${other.identity.kind} ${other.identity.value}`,
    reason: `${thing.name ?? thing.key} is item ${chosen.item.id} (${chosen.item.name}) by its ${chosen.identity.kind}, but its ${other.identity.kind} belongs to item ${other.item.id} (${other.item.name})`,
    itemId: chosen.item.id,
  };
}

function otherSerial(thing: ObservedItem, item: Item): Finding {
  const of = (identities: readonly Identity[]): string =>
    identities
      .filter(({ kind }) => kind === 'serial')
      .map(({ value }) => value)
      .join(', ');
  return {
    kind: 'conflict',
    subject: `${item.class} ${item.id} serial`,
    reason: `${item.name} was known by the serial ${of(item.identities)} and now has ${of(thing.identities)}: other hardware under the same name, or a wrong record`,
    itemId: item.id,
  };
}

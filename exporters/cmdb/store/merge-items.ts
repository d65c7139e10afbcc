import { sql } from 'kysely';
import { type Claim, type ClaimContent, manualSource } from '../inventory/claim.ts';
import { holding } from '../inventory/cycles.ts';
import type { Item } from '../model/item.ts';
import type { RelationType } from '../model/relation-type.ts';
import { contradicts } from './edit-error.ts';
import { seenItem } from './edit-items.ts';
import { repointClaims } from './repoint-claims.ts';
import { claimsOf, type Writing, weigh, writeContents } from './write-claims.ts';
import { type Changed, writeItems } from './write-items.ts';

/** The item that stays, as the writer saw it, and the one that goes. */
export interface Merge {
  readonly into: number;
  readonly from: number;
  readonly version: number | undefined;
}

/**
 * Makes one item of two that are one: what the sources said of either is said of the one that stays, and relations follow. Throws
 * EditError.
 */
export async function mergeItems(writing: Writing, { into, from, version }: Merge): Promise<void> {
  const { tx, inventory } = writing;
  const item = seenItem(writing, into, version);
  const other = seenItem(writing, from, undefined);
  if (into === from) throw contradicts('from', 'an item is one with itself already');
  if (item.class !== other.class) throw contradicts('from', `a ${item.class} and a ${other.class} are never one`);
  await joinClaims(writing, item, other);
  const others = await repointClaims(from, into, tx);
  const changed = await weigh([...new Set([into, ...others])], writing, { gone: [from] });
  refuseRings(changed, writing, into);
  const gone = { before: other, after: undefined, opened: [], closed: inventory.outgoing(from) };
  await writeItems([...changed, gone], writing);
}

async function joinClaims({ tx, at }: Writing, item: Item, other: Item): Promise<void> {
  const claims = await claimsOf([item.id, other.id], tx);
  const ofOther = claims.get(other.id) ?? [];
  for (const kept of claims.get(item.id) ?? []) {
    const same = ofOther.find(({ source }) => source === kept.source);
    if (same === undefined) continue;
    refuseTwoSightings(kept, same, other);
    const isMissing = kept.missingSince !== undefined && same.missingSince !== undefined;
    await writeContents([{ id: item.id, content: joined(kept, same) }], kept.source, at, tx);
    await sql`
      update claim set seen_at = to_timestamp(${Math.max(kept.seenAt, same.seenAt)}::double precision),
        missing_since = to_timestamp(${isMissing ? kept.missingSince : null}::double precision)
      where item_id = ${item.id}::integer and source = ${kept.source}::text`.execute(tx);
    await sql`delete from claim where item_id = ${other.id}::integer and source = ${kept.source}::text`.execute(tx);
  }
  await sql`update claim set item_id = ${item.id}::integer where item_id = ${other.id}::integer`.execute(tx);
}

/** Its next look would only tell the two apart again. */
function refuseTwoSightings(kept: Claim, same: Claim, other: Item): void {
  if (isEntered(kept.source) || kept.missingSince !== undefined || same.missingSince !== undefined) return;
  throw contradicts(
    'from',
    `the source ${kept.source} sees item ${kept.itemId} and item ${other.id} as two things; make one of them there first`,
  );
}

function isEntered(source: string): boolean {
  return source === manualSource || source === 'import';
}

function joined(kept: ClaimContent, same: ClaimContent): ClaimContent {
  const identities = [...kept.identities, ...same.identities].map(
    (each) => [`${each.kind} ${each.value}`, each] as const,
  );
  const relations = [...kept.relations, ...same.relations].map((each) => [`${each.type} ${each.to}`, each] as const);
  return {
    name: kept.name ?? same.name,
    state: kept.state ?? same.state,
    attributes: { ...same.attributes, ...kept.attributes },
    identities: [...new Map(identities).values()],
    relations: [...new Map(relations).values()],
    scope: kept.scope,
  };
}

/** Two ends of a chain that become one close it. */
function refuseRings(changed: readonly Changed[], { inventory }: Writing, id: number): void {
  const after = new Map(changed.map((each) => [each.after?.id ?? each.before?.id, each]));
  const holdersOf = (inside: number, type: RelationType): readonly number[] => {
    const { opened = [], closed = [] } = after.get(inside) ?? {};
    const kept = inventory.outgoing(inside, type).filter((relation) => !closed.includes(relation));
    return [...kept, ...opened].filter((relation) => relation.type === type).map(({ to }) => to);
  };
  for (const type of holding) {
    const seen = new Set<number>();
    const open = [...holdersOf(id, type)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === id) throw contradicts('from', `the item would be ${type.replace('_', ' ')} itself`);
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...holdersOf(next, type));
    }
  }
}

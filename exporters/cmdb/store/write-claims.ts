import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { type Claim, type ClaimContent, fingerprintOf } from '../inventory/claim.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { type MergedRelation, mergeClaims } from '../inventory/merge-claims.ts';
import type { Precedence } from '../inventory/precedence.ts';
import type { Item, Relation } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { createIdentityOwners } from './identity-owners.ts';
import { type ClaimRow, claimOf } from './rows.ts';
import { epoch, inChunks, nextIds, selectInChunks } from './statements.ts';
import type { Db, Tx } from './tables.ts';
import { type Changed, writeItems } from './write-items.ts';

/** In whose name something is written, for the history. */
export interface Author {
  readonly source: string;
  /** Who caused it: a person, or the name of the source. */
  readonly actor: string;
  /** The same for all that one request or look changed. */
  readonly request: string;
  readonly message: string;
}

export interface Writing {
  readonly tx: Tx;
  /** As it is in this transaction, before the writing. */
  readonly inventory: Inventory;
  readonly at: number;
  readonly author: Author;
  readonly precedence: Precedence;
}

/** Changes of claims of one source. New items have negative numbers. */
export interface ClaimChanges {
  readonly created: readonly { readonly id: number; readonly class: ItemClass; readonly content: ClaimContent }[];
  readonly updated: readonly { readonly id: number; readonly content: ClaimContent }[];
  /** Seen as before. */
  readonly seen: readonly number[];
  /** Seen again; among `seen` or `updated` too. */
  readonly returned: readonly number[];
  readonly missing: readonly number[];
  /** The source says nothing of them any more. */
  readonly withdrawn: readonly number[];
}

export interface Written {
  /** Numbers that new items got. */
  readonly idOf: (planned: number) => number;
  readonly created: number;
  readonly updated: number;
}

/** Writes the claims, weighs anew the items that they are about, and writes what became of these, with the history. */
export async function writeClaims(writing: Writing, changes: ClaimChanges): Promise<Written> {
  const { tx, author, at } = writing;
  const ids = await nextIds('item_id', changes.created.length, tx);
  const numbers = new Map(changes.created.map(({ id }, index) => [id, ids[index] ?? id]));
  const idOf = (planned: number): number => numbers.get(planned) ?? planned;
  const classes = new Map(changes.created.map((each) => [idOf(each.id), each.class]));
  const contents = [...changes.created, ...changes.updated].map(({ id, content }) => ({
    id: idOf(id),
    content: { ...content, relations: content.relations.map(({ type, to }) => ({ type, to: idOf(to) })) },
  }));
  await writeContents(contents, author.source, at, tx);
  await markSeen([...changes.seen, ...changes.returned], author.source, at, tx);
  await markMissing(changes.missing, author.source, at, tx);
  await withdraw(changes.withdrawn, author.source, tx);
  const touched = [
    ...new Set([...contents.map(({ id }) => id), ...changes.returned, ...changes.missing, ...changes.withdrawn]),
  ];
  const changed = await weigh(touched, writing, { classes });
  await writeItems(changed, writing);
  const created = changed.filter(({ before }) => before === undefined).length;
  return { idOf, created, updated: changed.length - created };
}

interface Content {
  readonly id: number;
  readonly content: ClaimContent;
}

export async function writeContents(contents: readonly Content[], source: string, at: number, tx: Tx): Promise<void> {
  await inChunks(
    contents,
    (chunk) => sql`
      insert into claim (item_id, source, name, state, attributes, identities, relations, scope, fingerprint, first_seen, seen_at)
      select item_id, ${source}, name, state, attributes::jsonb, identities::jsonb, relations::jsonb, scope, fingerprint,
        to_timestamp(${at}::double precision), to_timestamp(${at}::double precision)
      from unnest(
        ${chunk.map(({ id }) => id)}::integer[],
        ${chunk.map(({ content }) => content.name ?? null)}::text[],
        ${chunk.map(({ content }) => content.state ?? null)}::text[],
        ${chunk.map(({ content }) => JSON.stringify(content.attributes))}::text[],
        ${chunk.map(({ content }) => JSON.stringify(content.identities))}::text[],
        ${chunk.map(({ content }) => JSON.stringify(content.relations))}::text[],
        ${chunk.map(({ content }) => content.scope)}::text[],
        ${chunk.map(({ content }) => fingerprintOf(content))}::text[]
      ) as given (item_id, name, state, attributes, identities, relations, scope, fingerprint)
      on conflict (item_id, source) do update set
        name = excluded.name, state = excluded.state, attributes = excluded.attributes, identities = excluded.identities,
        relations = excluded.relations, scope = excluded.scope, fingerprint = excluded.fingerprint, seen_at = excluded.seen_at,
        missing_since = null`,
    tx,
  );
}

async function markSeen(ids: readonly number[], source: string, at: number, tx: Tx): Promise<void> {
  await inChunks(
    ids,
    (chunk) => sql`
      update claim set seen_at = to_timestamp(${at}::double precision), missing_since = null
      where source = ${source} and item_id = any(${chunk}::integer[])`,
    tx,
  );
}

async function markMissing(ids: readonly number[], source: string, at: number, tx: Tx): Promise<void> {
  await inChunks(
    ids,
    (chunk) => sql`
      update claim set missing_since = to_timestamp(${at}::double precision)
      where source = ${source} and item_id = any(${chunk}::integer[])`,
    tx,
  );
}

async function withdraw(ids: readonly number[], source: string, tx: Tx): Promise<void> {
  await inChunks(
    ids,
    (chunk) => sql`delete from claim where source = ${source} and item_id = any(${chunk}::integer[])`,
    tx,
  );
}

interface Weighing {
  /** Of items that are new. */
  readonly classes?: ReadonlyMap<number, ItemClass>;
  /** Items that are about to be deleted, whose identities others may take. */
  readonly gone?: readonly number[];
}

/** What the claims make of the items now; only those that differ from before. An item of which nobody says anything any more is deleted. */
export async function weigh(
  ids: readonly number[],
  { tx, inventory, at, precedence }: Writing,
  { classes = new Map(), gone = [] }: Weighing = {},
): Promise<readonly Changed[]> {
  const claims = await claimsOf(ids, tx);
  const leaving = new Set([...ids.filter((id) => !claims.has(id)), ...gone]);
  const isThere = (id: number): boolean => !leaving.has(id) && (classes.has(id) || inventory.item(id) !== undefined);
  const owners = createIdentityOwners(inventory, [...ids, ...gone]);
  // Those that are known come first, so that what is new cannot take their identities.
  const inOrder = [...ids].sort((a, b) => Number(classes.has(a)) - Number(classes.has(b)) || a - b);
  return inOrder.flatMap((id): readonly Changed[] => {
    const before = inventory.item(id);
    if (leaving.has(id)) return before === undefined ? [] : [deletion(before, inventory)];
    const itemClass = classes.get(id) ?? before?.class;
    if (itemClass === undefined) return [];
    const { relations: wanted, ...merged } = mergeClaims(itemClass, claims.get(id) ?? [], precedence);
    const identities = owners.take(id, itemClass, merged.identities);
    const relations = relationChanges(
      inventory.outgoing(id),
      wanted.filter(({ to }) => isThere(to)),
    );
    const isRelatedAnew = relations.opened.length + relations.closed.length > 0;
    const after = itemAfter(before, { ...merged, identities }, { id, itemClass, at, isRelatedAnew });
    return after === before ? [] : [{ before, after, ...relations }];
  });
}

function deletion(before: Item, inventory: Inventory): Changed {
  return {
    before,
    after: undefined,
    opened: [],
    closed: [...inventory.outgoing(before.id), ...inventory.incoming(before.id)],
  };
}

/** A relation that another source now tells goes on. */
function relationChanges(
  before: readonly Relation[],
  wanted: readonly MergedRelation[],
): Pick<Changed, 'opened' | 'closed'> {
  const keyOf = ({ type, to }: Pick<Relation, 'type' | 'to'>): string => `${type} ${to}`;
  const wantedKeys = new Set(wanted.map(keyOf));
  const knownKeys = new Set(before.map(keyOf));
  return {
    opened: wanted.filter((relation) => !knownKeys.has(keyOf(relation))),
    closed: before.filter((relation) => !wantedKeys.has(keyOf(relation))),
  };
}

function itemAfter(
  before: Item | undefined,
  merged: Pick<Item, 'name' | 'state' | 'attributes' | 'origins' | 'identities' | 'conflicts'>,
  {
    id,
    itemClass,
    at,
    isRelatedAnew,
  }: { readonly id: number; readonly itemClass: ItemClass; readonly at: number; readonly isRelatedAnew: boolean },
): Item {
  if (before === undefined) return { id, class: itemClass, ...merged, version: 1, createdAt: at, changedAt: at };
  const { name, state, attributes, origins, identities, conflicts } = before;
  // Whoever edits relations must see that somebody else has, so they count as a change of the item.
  const isSame =
    !isRelatedAnew && isDeepStrictEqual({ name, state, attributes, origins, identities, conflicts }, merged);
  return isSame ? before : { ...before, ...merged, version: before.version + 1, changedAt: at };
}

/** All claims of the items, by item. */
export async function claimsOf(ids: readonly number[], tx: Db | Tx): Promise<ReadonlyMap<number, readonly Claim[]>> {
  const rows = await selectInChunks(
    ids,
    (chunk) => sql<ClaimRow>`
      select item_id, source, name, state, attributes, identities, relations, scope,
        ${epoch('first_seen')} as first_seen, ${epoch('seen_at')} as seen_at, ${epoch('missing_since')} as missing_since
      from claim where item_id = any(${chunk}::integer[])`,
    tx,
  );
  const claims = new Map<number, Claim[]>();
  for (const row of rows) {
    const known = claims.get(row.item_id);
    if (known === undefined) claims.set(row.item_id, [claimOf(row)]);
    else known.push(claimOf(row));
  }
  return claims;
}

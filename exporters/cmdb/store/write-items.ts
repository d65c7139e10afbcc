import { sql } from 'kysely';
import type { MergedRelation } from '../inventory/merge-claims.ts';
import type { Item, Relation } from '../model/item.ts';
import { type RelationRow, rowOfItem } from './rows.ts';
import { inChunks, nextIds } from './statements.ts';
import type { Tx } from './tables.ts';
import type { Author, Writing } from './write-claims.ts';

/** An item before and after, with the relations that begin at it and change. */
export interface Changed {
  readonly before: Item | undefined;
  /** Undefined for an item that is deleted. */
  readonly after: Item | undefined;
  readonly opened: readonly MergedRelation[];
  readonly closed: readonly Relation[];
}

/** Writes items, identities, relations and the history of all of it. */
export async function writeItems(
  changed: readonly Changed[],
  { tx, at, author }: Pick<Writing, 'tx' | 'at' | 'author'>,
) {
  const numbers = await nextIds(
    'relation_id',
    changed.reduce((count, { opened }) => count + opened.length, 0),
    tx,
  );
  let used = 0;
  const rows = changed.map((each) => {
    const from = idOf(each);
    const opened = each.opened.map(({ type, to, source }): RelationRow => {
      const id = numbers[used] ?? 0;
      used += 1;
      return { id, type, from_id: from, to_id: to, source, valid_from: at, valid_to: null };
    });
    return { ...each, id: from, opened, closed: each.closed.map((relation) => closedRow(relation, at)) };
  });
  const items = rows.flatMap(({ after }) => after ?? []);
  const deleted = rows.filter(({ after }) => after === undefined).map(({ id }) => id);
  await putItems(items, tx);
  await inChunks(deleted, (chunk) => sql`delete from item where id = any(${chunk}::integer[])`, tx);
  await putIdentities(
    rows.map(({ id }) => id),
    items,
    tx,
  );
  await closeRelations(
    rows.flatMap(({ closed }) => closed),
    at,
    tx,
  );
  await openRelations(
    rows.flatMap(({ opened }) => opened),
    at,
    tx,
  );
  await putChanges(rows, { at, author, tx });
}

function idOf({ before, after }: Changed): number {
  return after?.id ?? before?.id ?? 0;
}

function closedRow({ id, type, from, to, source, validFrom }: Relation, at: number): RelationRow {
  return { id, type, from_id: from, to_id: to, source, valid_from: validFrom, valid_to: at };
}

async function putItems(items: readonly Item[], tx: Tx): Promise<void> {
  await inChunks(
    items,
    (chunk) => sql`
      insert into item (id, class, name, state, attributes, origins, identities, conflicts, version, created_at, changed_at)
      select id, class, name, state, attributes::jsonb, origins::jsonb, identities::jsonb, conflicts::jsonb, version,
        to_timestamp(created_at), to_timestamp(changed_at)
      from unnest(
        ${chunk.map(({ id }) => id)}::integer[],
        ${chunk.map((item) => item.class)}::text[],
        ${chunk.map(({ name }) => name)}::text[],
        ${chunk.map(({ state }) => state)}::text[],
        ${chunk.map(({ attributes }) => JSON.stringify(attributes))}::text[],
        ${chunk.map(({ origins }) => JSON.stringify(origins))}::text[],
        ${chunk.map(({ identities }) => JSON.stringify(identities))}::text[],
        ${chunk.map(({ conflicts }) => JSON.stringify(conflicts))}::text[],
        ${chunk.map(({ version }) => version)}::integer[],
        ${chunk.map(({ createdAt }) => createdAt)}::double precision[],
        ${chunk.map(({ changedAt }) => changedAt)}::double precision[]
      ) as given (id, class, name, state, attributes, origins, identities, conflicts, version, created_at, changed_at)
      on conflict (id) do update set
        name = excluded.name, state = excluded.state, attributes = excluded.attributes, origins = excluded.origins,
        identities = excluded.identities, conflicts = excluded.conflicts, version = excluded.version, changed_at = excluded.changed_at`,
    tx,
  );
}

async function putIdentities(ids: readonly number[], items: readonly Item[], tx: Tx): Promise<void> {
  await inChunks(ids, (chunk) => sql`delete from identity where item_id = any(${chunk}::integer[])`, tx);
  const identities = items.flatMap((item) => item.identities.map((identity) => ({ ...identity, item })));
  await inChunks(
    identities,
    (chunk) => sql`
      insert into identity (class, kind, value, item_id)
      select * from unnest(
        ${chunk.map(({ item }) => item.class)}::text[],
        ${chunk.map(({ kind }) => kind)}::text[],
        ${chunk.map(({ value }) => value)}::text[],
        ${chunk.map(({ item }) => item.id)}::integer[])`,
    tx,
  );
}

async function closeRelations(relations: readonly RelationRow[], at: number, tx: Tx): Promise<void> {
  await inChunks(
    relations,
    (chunk) => sql`
      update relation set valid_to = to_timestamp(${at}::double precision)
      where id = any(${chunk.map(({ id }) => id)}::integer[])`,
    tx,
  );
}

async function openRelations(relations: readonly RelationRow[], at: number, tx: Tx): Promise<void> {
  await inChunks(
    relations,
    (chunk) => sql`
      insert into relation (id, type, from_id, to_id, source, valid_from)
      select id, type, from_id, to_id, source, to_timestamp(${at}::double precision)
      from unnest(
        ${chunk.map(({ id }) => id)}::integer[],
        ${chunk.map(({ type }) => type)}::text[],
        ${chunk.map(({ from_id }) => from_id)}::integer[],
        ${chunk.map(({ to_id }) => to_id)}::integer[],
        ${chunk.map(({ source }) => source)}::text[]
      ) as given (id, type, from_id, to_id, source)`,
    tx,
  );
}

interface ChangeToWrite extends Omit<Changed, 'opened' | 'closed'> {
  readonly id: number;
  readonly opened: readonly RelationRow[];
  readonly closed: readonly RelationRow[];
}

async function putChanges(
  rows: readonly ChangeToWrite[],
  { at, author, tx }: { readonly at: number; readonly author: Author; readonly tx: Tx },
): Promise<void> {
  const text = (item: Item | undefined): string | null => (item === undefined ? null : JSON.stringify(rowOfItem(item)));
  await inChunks(
    rows,
    (chunk) => sql`
      insert into change (at, source, actor, request, message, item_id, action, before, after, opened, closed)
      select to_timestamp(${at}::double precision), ${author.source}::text, ${author.actor}::text, ${author.request}::text,
        ${author.message}::text, item_id, action, before::jsonb, after::jsonb, opened::jsonb, closed::jsonb
      from unnest(
        ${chunk.map(({ id }) => id)}::integer[],
        ${chunk.map(actionOf)}::text[],
        ${chunk.map(({ before }) => text(before))}::text[],
        ${chunk.map(({ after }) => text(after))}::text[],
        ${chunk.map(({ opened }) => JSON.stringify(opened))}::text[],
        ${chunk.map(({ closed }) => JSON.stringify(closed))}::text[]
      ) with ordinality as given (item_id, action, before, after, opened, closed, place)
      order by place`,
    tx,
  );
}

function actionOf({ before, after }: Pick<Changed, 'before' | 'after'>): 'created' | 'updated' | 'deleted' {
  if (before === undefined) return 'created';
  return after === undefined ? 'deleted' : 'updated';
}

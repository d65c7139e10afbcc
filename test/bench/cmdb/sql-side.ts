import pg from 'pg';
import { entryOf } from '../../../exporters/cmdb/find/find-entry.ts';
import type { Inventory } from '../../../exporters/cmdb/inventory/inventory.ts';
import { startPostgres } from '../../support/postgres.ts';

/** What people write who keep an inventory in PostgreSQL. */
export interface SqlSide {
  /** How many items hang on these, whatever is redundant: SQL does not count what remains of a group. */
  readonly affected: (ids: readonly number[]) => Promise<number>;
  /** The first items that have the word anywhere, by name. */
  readonly find: (word: string) => Promise<number>;
  readonly stop: () => Promise<void>;
}

const tables = `
  create extension pg_trgm;
  create table item (id int primary key, class text, name text, text text);
  create table relation (type text, from_id int, to_id int)`;
const indexes = `
  create index on item using gin (text gin_trgm_ops);
  create index on relation (from_id);
  create index on relation (to_id);
  analyze item;
  analyze relation`;
/** UNION drops what was reached before. With the clause CYCLE it would follow every way there is, and never come to an end on a fleet. */
const impact = `
  with recursive hit (id) as (
    select unnest($1::int[])
    union
    select next.id from hit cross join lateral (
      select from_id as id from relation where to_id = hit.id and type <> 'owned_by'
      union all
      select to_id from relation where from_id = hit.id and type = 'connected_to'
      union all
      select to_id from relation join item on item.id = from_id
      where from_id = hit.id and item.class in ('port', 'nic') and type in ('part_of', 'installed_on')
    ) as next
  )
  select count(*)::int as count from (select item.class, item.name from hit join item using (id)) as named`;
const search = `select id from item where text ilike '%' || $1 || '%' order by name, id limit 50`;

export async function startSqlSide(inventory: Inventory): Promise<SqlSide> {
  const server = await startPostgres();
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(tables);
  const items = [...inventory.items()];
  const relations = [...inventory.relations()];
  await client.query('insert into item select * from unnest($1::int[], $2::text[], $3::text[], $4::text[])', [
    items.map(({ id }) => id),
    items.map((item) => item.class),
    items.map(({ name }) => name),
    items.map((item) => entryOf(item, '').text.replaceAll(/\p{Cc}+/gu, '|')),
  ]);
  await client.query('insert into relation select * from unnest($1::text[], $2::int[], $3::int[])', [
    relations.map(({ type }) => type),
    relations.map(({ from }) => from),
    relations.map(({ to }) => to),
  ]);
  await client.query(indexes);
  return {
    affected: async (ids) => (await client.query<{ count: number }>(impact, [ids])).rows[0]?.count ?? 0,
    find: async (word) => (await client.query(search, [word])).rows.length,
    stop: async () => {
      await client.end();
      await server.stop();
    },
  };
}

import type { ClientBase } from 'pg';
import { leadershipTable } from '../leadership.ts';

/** A table whose rows are kept, or a part of one. */
export interface Table {
  /** The table that rows are put into; for a partition the one that it is a part of. */
  readonly name: string;
  /** The one that they are read from. */
  readonly from: string;
  /** All but those that the database works out itself. */
  readonly columns: readonly string[];
  readonly blocks: number;
  /** Of a partition, as PostgreSQL writes them. */
  readonly bounds: string | null;
}

/** Tables that say something about this database and not about the daemon's state. */
const own = ['kysely_migration', 'kysely_migration_lock', leadershipTable];

export async function tablesOf(client: ClientBase, schema: string): Promise<readonly Table[]> {
  const { rows } = await client.query<{
    name: string;
    from: string;
    columns: string[];
    blocks: number;
    bounds: string | null;
  }>(
    `select coalesce(r.relname, c.relname)::text as name, c.relname::text as "from",
        array(select a.attname::text from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
        (pg_relation_size(c.oid) / current_setting('block_size')::int)::int as blocks,
        pg_get_expr(c.relpartbound, c.oid) as bounds
      from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_class r on c.relispartition and r.oid = pg_partition_root(c.oid)
      where n.nspname = $1 and c.relkind = 'r' and c.relpersistence <> 't' and not c.relname = any($2)
      order by 1, 2`,
    [schema, own],
  );
  return rows;
}

export interface Sequence {
  readonly name: string;
  readonly value: string;
  readonly isCalled: boolean;
}

export async function sequenceNames(client: ClientBase, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select sequencename::text as name from pg_sequences where schemaname = $1 order by 1',
    [schema],
  );
  return rows.map(({ name }) => name);
}

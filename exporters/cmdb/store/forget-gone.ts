import { sql } from 'kysely';
import { type ItemClass, isVolatile, itemClasses } from '../model/item-class.ts';
import { inChunks } from './statements.ts';
import { type Writing, weigh } from './write-claims.ts';
import { writeItems } from './write-items.ts';

const volatile = (Object.keys(itemClasses) as readonly ItemClass[]).filter(isVolatile);

/** Deletes what comes and goes by itself and has not been seen since that time by any source. Its history stays. Resolves with how many. */
export async function forgetGone(before: number, writing: Writing): Promise<number> {
  const { tx } = writing;
  const { rows } = await sql<{ id: number }>`
    select id from item where class = any(${volatile}::text[]) and exists (select 1 from claim where item_id = id)
      and not exists (select 1 from claim where item_id = id
        and (missing_since is null or missing_since >= to_timestamp(${before}::double precision)))
    order by id`.execute(tx);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await inChunks(ids, (chunk) => sql`delete from claim where item_id = any(${chunk}::integer[])`, tx);
  await writeItems(await weigh(ids, writing), writing);
  return ids.length;
}

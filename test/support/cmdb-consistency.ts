import { sql } from 'kysely';
import type { Inventory } from '../../exporters/cmdb/inventory/inventory.ts';
import { createFollowedInventory } from '../../exporters/cmdb/store/follow-changes.ts';
import { pastInventory } from '../../exporters/cmdb/store/history.ts';
import type { Db } from '../../exporters/cmdb/store/tables.ts';

/** What does not agree in the database of an inventory; empty if all is well. */
export async function inconsistencies(db: Db): Promise<readonly string[]> {
  const now = createFollowedInventory(() => 0);
  await now.catchUp(db);
  const told = await pastInventory(4_000_000_000, db);
  const wrong = [...differences(now.inventory, told)];
  const queries = {
    'an open relation is not in the history': sql`
      select 1 from relation r where valid_to is null and not exists (
        select 1 from change c where c.item_id = r.from_id and c.opened @> jsonb_build_array(jsonb_build_object('id', r.id)))`,
    'an ended relation has no end in the history': sql`
      select 1 from relation r where valid_to is not null and not exists (
        select 1 from change c where c.closed @> jsonb_build_array(jsonb_build_object('id', r.id)))`,
    'an identity is not that of its item': sql`
      select 1 from identity i full join (
        select id, class, each->>'kind' as kind, each->>'value' as value from item, jsonb_array_elements(identities) as each
      ) as own on own.id = i.item_id and own.class = i.class and own.kind = i.kind and own.value = i.value
      where own.id is null or i.item_id is null`,
    'a claim has no item': sql`select 1 from claim where not exists (select 1 from item where id = item_id)`,
    'an item has no claim': sql`select 1 from item where not exists (select 1 from claim where item_id = id)`,
    'versions of an item do not count up': sql`
      select 1 from change where after is not null and before is not null
        and (after->>'version')::integer not in ((before->>'version')::integer, (before->>'version')::integer + 1)`,
  };
  for (const [complaint, query] of Object.entries(queries)) {
    const { rows } = await query.execute(db);
    if (rows.length > 0) wrong.push(`${rows.length} times: ${complaint}`);
  }
  return wrong;
}

function* differences(now: Inventory, told: Inventory): Generator<string> {
  for (const item of now.items()) {
    const isSame = JSON.stringify(told.item(item.id)) === JSON.stringify(item);
    if (!isSame) yield `item ${item.id} is not what its history says`;
  }
  for (const { id } of told.items()) if (now.item(id) === undefined) yield `item ${id} is only in the history`;
  for (const { id, from, to } of now.relations()) {
    if ([from, to].some((end) => now.item(end) === undefined)) yield `relation ${id} has an end that is not there`;
  }
}

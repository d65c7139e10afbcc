import { type RawBuilder, sql } from 'kysely';
import type { Inventory } from '../inventory/inventory.ts';
import { createMemoryInventory } from '../inventory/memory-inventory.ts';
import type { Item, Relation } from '../model/item.ts';
import { openRow, putRow, selectRelation } from './follow-changes.ts';
import { type ItemRow, itemOf, type RelationRow, relationOf } from './rows.ts';
import { epoch } from './statements.ts';
import type { Db, Tx } from './tables.ts';

/** One entry of the history: who changed what of one item. */
export interface Change {
  readonly sequence: number;
  /** Unix seconds. */
  readonly at: number;
  readonly source: string;
  readonly actor: string;
  readonly request: string;
  readonly message: string;
  readonly itemId: number;
  readonly action: 'created' | 'updated' | 'deleted';
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly opened: readonly Relation[];
  readonly closed: readonly Relation[];
}

export interface HistoryFilter {
  readonly itemId?: number | undefined;
  readonly source?: string | undefined;
  readonly request?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Older than this one, for the next page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

interface ChangeRow {
  readonly seq: number;
  readonly at: number;
  readonly source: string;
  readonly actor: string;
  readonly request: string;
  readonly message: string;
  readonly item_id: number;
  readonly action: Change['action'];
  readonly before: ItemRow | null;
  readonly after: ItemRow | null;
  readonly opened: readonly RelationRow[];
  readonly closed: readonly RelationRow[];
}

/** The newest first. For one item also what others began or ended with it. */
export async function history(filter: HistoryFilter, db: Db | Tx): Promise<readonly Change[]> {
  const { rows } = await sql<ChangeRow>`
    select seq::double precision as seq, ${epoch('at')} as at, source, actor, request, message, item_id, action,
      before, after, opened, closed
    from change where ${sql.join(conditions(filter), sql` and `)}
    order by seq desc limit ${filter.limit}::integer`.execute(db);
  return rows.map(changeOf);
}

function conditions({ itemId, source, request, from, to, before }: HistoryFilter): readonly RawBuilder<unknown>[] {
  const given: readonly (RawBuilder<unknown> | undefined)[] = [
    itemId === undefined ? undefined : concerns(itemId),
    source === undefined ? undefined : sql`source = ${source}::text`,
    request === undefined ? undefined : sql`request = ${request}::text`,
    from === undefined ? undefined : sql`at >= to_timestamp(${from}::double precision)`,
    to === undefined ? undefined : sql`at <= to_timestamp(${to}::double precision)`,
    before === undefined ? undefined : sql`seq < ${before}::bigint`,
  ];
  return [sql`true`, ...given.filter((condition) => condition !== undefined)];
}

/** The item changed, or a relation of another one that ends at it. */
function concerns(itemId: number): RawBuilder<unknown> {
  const ends = JSON.stringify([{ to_id: itemId }]);
  return sql`(item_id = ${itemId}::integer
    or item_id in (select from_id from relation where to_id = ${itemId}::integer)
      and (opened @> ${ends}::jsonb or closed @> ${ends}::jsonb))`;
}

function changeOf(row: ChangeRow): Change {
  const relations = (list: readonly RelationRow[]): readonly Relation[] =>
    list.flatMap((each) => relationOf(each) ?? []);
  return {
    sequence: row.seq,
    at: row.at,
    source: row.source,
    actor: row.actor,
    request: row.request,
    message: row.message,
    itemId: row.item_id,
    action: row.action,
    before: row.before === null ? undefined : itemOf(row.before),
    after: row.after === null ? undefined : itemOf(row.after),
    opened: relations(row.opened),
    closed: relations(row.closed),
  };
}

/** The inventory as it was at that time, by what is in the history. It does not know who saw what when. */
export async function pastInventory(at: number, db: Db | Tx): Promise<Inventory> {
  const inventory = createMemoryInventory(at);
  const items = await sql<{ after: ItemRow | null }>`
    select distinct on (item_id) after from change
    where at <= to_timestamp(${at}::double precision) order by item_id, seq desc`.execute(db);
  for (const { after } of items.rows) if (after !== null) putRow(inventory, after);
  const relations = await sql<RelationRow>`
    select ${selectRelation} from relation
    where valid_from <= to_timestamp(${at}::double precision)
      and (valid_to is null or valid_to > to_timestamp(${at}::double precision))`.execute(db);
  for (const row of relations.rows) openRow(inventory, row);
  return inventory;
}

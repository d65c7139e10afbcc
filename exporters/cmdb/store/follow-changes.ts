import { sql } from 'kysely';
import { createMemoryInventory, type MemoryInventory } from '../inventory/memory-inventory.ts';
import { type ItemRow, itemOf, type RelationRow, relationOf } from './rows.ts';
import { epoch } from './statements.ts';
import type { Db, Tx } from './tables.ts';

/** The inventory as it is now, in memory. The history in the database is what it follows, whoever wrote it. */
export interface FollowedInventory {
  readonly inventory: MemoryInventory;
  /** Takes over what was written since the last time. */
  readonly catchUp: (db: Db | Tx) => Promise<void>;
  /** Changes that were taken over since the start, by source. */
  readonly changes: ReadonlyMap<string, number>;
}

interface ChangeRow {
  readonly seq: number;
  readonly source: string;
  readonly item_id: number;
  readonly after: ItemRow | null;
  readonly opened: readonly RelationRow[];
  readonly closed: readonly RelationRow[];
}

interface SightingRow {
  readonly item_id: number;
  readonly last_seen: number;
  readonly missing_since: number | null;
}

const changesAtOnce = 5000;

export const selectItem = sql`id, class, name, state, attributes, origins, identities, conflicts, version,
  ${epoch('created_at')} as created_at, ${epoch('changed_at')} as changed_at`;
export const selectRelation = sql`id, type, from_id, to_id, source,
  ${epoch('valid_from')} as valid_from, ${epoch('valid_to')} as valid_to`;

/** What people entered or imported is not looked at again, so it says nothing about being there. */
export const isLookedAt = sql`source <> 'manual' and source <> 'import'`;

export function createFollowedInventory(now: () => number): FollowedInventory {
  const inventory = createMemoryInventory(now());
  let sequence: number | undefined;
  const changes = new Map<string, number>();
  /** When each source last looked. */
  const looked = new Map<string, number>();

  async function loadAll(db: Db | Tx): Promise<void> {
    // First the number: what is written meanwhile is taken over twice, which changes nothing.
    const newest = await sql<{ seq: number }>`
      select coalesce(max(seq), 0)::double precision as seq from change`.execute(db);
    const items = await sql<ItemRow>`select ${selectItem} from item`.execute(db);
    for (const row of items.rows) putRow(inventory, row);
    const relations = await sql<RelationRow>`select ${selectRelation} from relation where valid_to is null`.execute(db);
    for (const row of relations.rows) openRow(inventory, row);
    sequence = newest.rows[0]?.seq ?? 0;
  }

  async function takeChanges(db: Db | Tx, since: number): Promise<void> {
    for (let last = since; ; ) {
      const { rows } = await sql<ChangeRow>`
        select seq::double precision as seq, source, item_id, after, opened, closed from change
        where seq > ${last} order by seq limit ${changesAtOnce}`.execute(db);
      for (const row of rows) {
        takeOver(inventory, row);
        changes.set(row.source, (changes.get(row.source) ?? 0) + 1);
      }
      last = rows.at(-1)?.seq ?? last;
      sequence = last;
      if (rows.length < changesAtOnce) return;
    }
  }

  /** Sightings are no changes: they are read for the sources that have looked since. */
  async function takeSightings(db: Db | Tx): Promise<void> {
    const looks = await sql<{ source: string; finished_at: number }>`
      select source, ${epoch('finished_at')} as finished_at from look`.execute(db);
    const changed = looks.rows.filter(({ source, finished_at }) => looked.get(source) !== finished_at);
    if (changed.length === 0) return;
    const { rows } = await sql<SightingRow>`
      select item_id, ${epoch('max(seen_at)')} as last_seen,
        case when bool_and(missing_since is not null) then ${epoch('max(missing_since)')} end as missing_since
      from claim
      where ${isLookedAt} and item_id in (
        select item_id from claim where source = any(${changed.map(({ source }) => source)}::text[]))
      group by item_id`.execute(db);
    for (const row of rows) {
      inventory.see(row.item_id, { lastSeen: row.last_seen, missingSince: row.missing_since ?? undefined });
    }
    for (const { source, finished_at } of changed) looked.set(source, finished_at);
  }

  return {
    inventory,
    catchUp: async (db) => {
      if (sequence === undefined) await loadAll(db);
      else await takeChanges(db, sequence);
      await takeSightings(db);
      inventory.setAt(now());
    },
    changes,
  };
}

function takeOver(inventory: MemoryInventory, { item_id, after, opened, closed }: ChangeRow): void {
  for (const row of closed) {
    const relation = relationOf(row);
    if (relation !== undefined) inventory.end(relation);
  }
  if (after === null) inventory.remove(item_id);
  else putRow(inventory, after);
  for (const row of opened) openRow(inventory, row);
}

export function putRow(inventory: MemoryInventory, row: ItemRow): void {
  const item = itemOf(row);
  if (item !== undefined) inventory.put(item);
}

export function openRow(inventory: MemoryInventory, row: RelationRow): void {
  const relation = relationOf(row);
  if (relation !== undefined) inventory.open(relation);
}

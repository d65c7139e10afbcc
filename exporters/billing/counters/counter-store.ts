import { type Kysely, type Migration, type QueryExecutorProvider, sql, type Transaction } from 'kysely';
import type { Store } from '../../../kit/store/store.ts';
import { type CounterRow, type CounterState, keptPartMs, labelText, type PartRow } from './counter-book.ts';

/** In the order of their names. A migration that was released is never changed. */
export const counterMigrations: Readonly<Record<string, Migration>> = {
  '003_counters': { up: (db) => all(db, counters) },
};

const counters = [
  // What /metrics shows as counters: kept, so that a restart does not look like a reset.
  `create table counter_total (
    counter text not null,
    labels jsonb not null,
    label_text text not null,
    up numeric not null,
    down numeric not null,
    primary key (counter, label_text),
    check (up >= 0 and down >= 0)
  )`,
  // The value that each part had last; the next one is compared with it.
  `create table counter_part (
    counter text not null,
    part text not null,
    labels jsonb not null,
    label_text text not null,
    ends_ms bigint not null,
    value numeric not null,
    primary key (counter, part, label_text)
  )`,
  'create index counter_part_ends on counter_part (ends_ms)',
];

export interface CounterStorage {
  readonly load: () => Promise<CounterState>;
  /** All of it or nothing. */
  readonly save: (changes: CounterState, nowMs: number) => Promise<void>;
}

export interface CounterStorageDeps<DB> {
  readonly store: Pick<Store<DB>, 'db' | 'transaction'>;
  /** Of the leadership; on a replica that does not lead it fails, and with it the transaction. */
  readonly fence: (transaction: Transaction<DB>) => Promise<void>;
}

const rowsAtOnce = 2000;

export function createCounterStorage<DB>({ store, fence }: CounterStorageDeps<DB>): CounterStorage {
  return {
    load: async () => {
      const totals = await sql<CounterRow>`select counter, labels, up::text, down::text from counter_total
        order by counter, label_text`.execute(store.db);
      const parts = await sql<PartRow>`select counter, labels, part, ends_ms::double precision as "endMs", value::text
        from counter_part`.execute(store.db);
      return { totals: totals.rows, parts: parts.rows };
    },
    save: (changes, nowMs) =>
      store.transaction(async (tx) => {
        await fence(tx);
        await inChunks(changes.totals, (rows) => upsertTotals(rows, tx));
        await inChunks(changes.parts, (rows) => upsertParts(rows, tx));
        await sql`delete from counter_part where ends_ms < ${nowMs - keptPartMs}`.execute(tx);
      }),
  };
}

function upsertTotals(rows: readonly CounterRow[], tx: QueryExecutorProvider) {
  return sql`insert into counter_total (counter, labels, label_text, up, down)
    select counter, labels::jsonb, label_text, up::numeric, down::numeric from unnest(
      ${rows.map(({ counter }) => counter)}::text[], ${rows.map(({ labels }) => JSON.stringify(labels))}::text[],
      ${rows.map(({ labels }) => labelText(labels))}::text[], ${rows.map(({ up }) => up)}::text[],
      ${rows.map(({ down }) => down)}::text[]) as t (counter, labels, label_text, up, down)
    on conflict (counter, label_text) do update set up = excluded.up, down = excluded.down`.execute(tx);
}

function upsertParts(rows: readonly PartRow[], tx: QueryExecutorProvider) {
  return sql`insert into counter_part (counter, part, labels, label_text, ends_ms, value)
    select counter, part, labels::jsonb, label_text, ends_ms, value::numeric from unnest(
      ${rows.map(({ counter }) => counter)}::text[], ${rows.map(({ part }) => part)}::text[],
      ${rows.map(({ labels }) => JSON.stringify(labels))}::text[], ${rows.map(({ labels }) => labelText(labels))}::text[],
      ${rows.map(({ endMs }) => endMs)}::bigint[], ${rows.map(({ value }) => value)}::text[])
      as t (counter, part, labels, label_text, ends_ms, value)
    on conflict (counter, part, label_text) do update set value = excluded.value, ends_ms = excluded.ends_ms`.execute(
    tx,
  );
}

async function inChunks<Row>(rows: readonly Row[], write: (chunk: readonly Row[]) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < rows.length; first += rowsAtOnce) await write(rows.slice(first, first + rowsAtOnce));
}

async function all(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

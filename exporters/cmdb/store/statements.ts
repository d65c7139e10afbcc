import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from './tables.ts';

/** Rows of one statement; more would make it slower, not faster, and the message to the database larger. */
const rowsAtOnce = 2000;

export const epoch = (column: string): RawBuilder<number> => sql.raw(`extract(epoch from ${column})::double precision`);

/** Runs a statement for many rows, some at a time: `statement` gets the columns, each a list. */
export async function inChunks<Row>(
  rows: readonly Row[],
  statement: (chunk: readonly Row[]) => RawBuilder<unknown>,
  db: Db | Tx,
): Promise<void> {
  for (let first = 0; first < rows.length; first += rowsAtOnce) {
    await statement(rows.slice(first, first + rowsAtOnce)).execute(db);
  }
}

/** As `inChunks`, for statements that give rows. */
export async function selectInChunks<Row, Result>(
  rows: readonly Row[],
  statement: (chunk: readonly Row[]) => RawBuilder<Result>,
  db: Db | Tx,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < rows.length; first += rowsAtOnce) {
    const { rows: some } = await statement(rows.slice(first, first + rowsAtOnce)).execute(db);
    for (const row of some) results.push(row);
  }
  return results;
}

export async function nextIds(sequence: 'item_id' | 'relation_id', count: number, tx: Tx): Promise<readonly number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select nextval(${sequence}::regclass)::integer as id from generate_series(1, ${count}::integer)`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Writers take turns, so that the history has one order, and whoever follows it misses nothing. Until the end of the transaction. */
export async function takeWriteTurn(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(current_schema() || '.change'))`.execute(tx);
}

import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './tables.ts';

/** Rows of one statement; more would make it slower, not faster, and the message to the database larger. */
export const rowsAtOnce = 5000;

/** A time as the database has it, from milliseconds since 1970. */
export const toTime = (ms: number): RawBuilder<Date> => sql`to_timestamp(${ms / 1000}::double precision)`;

/** Milliseconds since 1970, from a column of the database. */
export const msOf = (column: string): RawBuilder<number> =>
  sql.raw(`(extract(epoch from ${column}) * 1000)::double precision`);

/** Seconds since 1970, from a column of the database. */
export const secondsOf = (column: string): RawBuilder<number> =>
  sql.raw(`extract(epoch from ${column})::double precision`);

/** Times of a list, for `unnest`. */
export const toTimes = (ms: readonly number[]): RawBuilder<unknown> =>
  sql`${ms.map((each) => new Date(each).toISOString())}::timestamptz[]`;

/** Writers take turns until the end of their transactions, so that positions are given in the order of the commits. */
export async function takeWriteTurn(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(current_schema() || '.usage'))`.execute(tx);
}

/** All statements of the transaction see the same state. To be called first. */
export async function seeOneState(tx: Tx): Promise<void> {
  await sql`set transaction isolation level repeatable read`.execute(tx);
}

export function chunksOf<T>(rows: readonly T[], size = rowsAtOnce): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

import { sql } from 'kysely';
import { msOf, toTime } from '../ledger/statements.ts';
import type { Db } from '../ledger/tables.ts';
import type { Pair } from './window-reader.ts';

/** Up to when each pair had its last rechecks, in the database, so that a restart does not do them all again. */
export interface RecheckBook {
  readonly doneUntil: (pair: Pair) => Promise<number | undefined>;
  readonly setDone: (pair: Pair, untilMs: number) => Promise<void>;
}

export function createRecheckBook(db: Db): RecheckBook {
  return {
    doneUntil: async ({ cluster, meter }) => {
      const { rows } = await sql<{ until: number }>`
        select ${msOf('until_at')} as until from recheck where cluster = ${cluster} and meter = ${meter}`.execute(db);
      return rows[0]?.until;
    },
    setDone: async ({ cluster, meter }, untilMs) => {
      await sql`
        insert into recheck as r (cluster, meter, until_at) values (${cluster}, ${meter}, ${toTime(untilMs)})
        on conflict (cluster, meter) do update set until_at = greatest(r.until_at, excluded.until_at)`.execute(db);
    },
  };
}

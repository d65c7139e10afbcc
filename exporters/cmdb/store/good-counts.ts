import { sql } from 'kysely';
import type { Clock } from '../../../kit/clock.ts';
import type { GoodCounts } from '../service-discovery/service-discovery.ts';
import type { Db } from './tables.ts';

/** Keeps the number of targets of each list in the database, where all replicas see it. */
export function createGoodCounts({ db, clock }: { readonly db: Db; readonly clock: Clock }): GoodCounts {
  return {
    load: async () => {
      const { rows } = await sql<{ name: string; targets: number }>`select name, targets from sd_list`.execute(db);
      return new Map(rows.map(({ name, targets }) => [name, targets]));
    },
    save: async (list, targets) => {
      await sql`
        insert into sd_list (name, targets, at)
        values (${list}, ${targets}::integer, to_timestamp(${clock.now()}::double precision))
        on conflict (name) do update set targets = excluded.targets, at = excluded.at`.execute(db);
    },
  };
}

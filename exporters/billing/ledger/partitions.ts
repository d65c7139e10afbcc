import { sql } from 'kysely';
import type { Db, Tx } from './tables.ts';

/** The parts of the ledger: one for each month in which windows begin, in UTC. */
export interface Partitions {
  /** Makes those that are missing. `commit` is to be called when the transaction has ended well. */
  readonly ensure: (startsMs: readonly number[], tx: Tx) => Promise<{ readonly commit: () => void }>;
}

export function createPartitions(): Partitions {
  const known = new Set<string>();

  return {
    ensure: async (startsMs, tx) => {
      const months = new Map(startsMs.map((ms) => [partitionName(ms), ms]));
      const missing = [...months].filter(([name]) => !known.has(name));
      for (const [name, ms] of missing) await make(name, ms, tx);
      return {
        commit: () => {
          for (const [name] of missing) known.add(name);
        },
      };
    },
  };
}

export function partitionName(ms: number): string {
  const date = new Date(ms);
  return `usage_${date.getUTCFullYear()}_${String(date.getUTCMonth() + 1).padStart(2, '0')}`;
}

async function make(name: string, ms: number, tx: Tx): Promise<void> {
  const date = new Date(ms);
  const from = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth()));
  const to = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1));
  const { rows } = await sql<{ is: boolean }>`select to_regclass(${name}) is not null as is`.execute(tx);
  if (rows[0]?.is === true) return;
  await sql
    .raw(`create table ${name} partition of usage for values from ('${from.toISOString()}') to ('${to.toISOString()}')`)
    .execute(tx);
  await guard(name, tx);
}

/** A part inherits what guards single rows, but not what keeps it from being emptied: a part that a restore has made has none yet. */
export async function guardPartitions(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'usage'::regclass
      and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'never_emptied')`.execute(db);
  for (const { name } of rows) await guard(name, db);
}

async function guard(name: string, db: Db | Tx): Promise<void> {
  await sql`create or replace trigger never_emptied before truncate on ${sql.table(name)} for each statement execute function refuse_change()`.execute(
    db,
  );
}

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import { type CmdbStore, createCmdbStore } from '../../exporters/cmdb/store/cmdb-store.ts';
import { cmdbMigrations } from '../../exporters/cmdb/store/migrations.ts';
import type { CmdbTables } from '../../exporters/cmdb/store/tables.ts';
import type { Clock } from '../../kit/clock.ts';

export interface CmdbDatabase {
  readonly store: CmdbStore;
  /** Moves on by some seconds with each write, so that times tell things apart. */
  readonly clock: Clock & { readonly advance: (seconds: number) => void };
  readonly query: (text: string) => Promise<readonly Record<string, unknown>[]>;
  readonly close: () => Promise<void>;
}

/** The store on a database in memory: all of PostgreSQL's dialect, nothing on a disk. */
export async function startCmdbDatabase(): Promise<CmdbDatabase> {
  const pg = await PGlite.create();
  let free: Promise<void> = Promise.resolve();

  /** One connection, for one after the other. */
  async function connect(): Promise<PostgresPoolClient> {
    const before = free;
    let release = (): void => undefined;
    free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    const query = async (text: string, parameters: readonly unknown[]) => {
      const { rows, affectedRows = 0 } = await pg.query(text, [...parameters]);
      const [command = ''] = text.trim().toUpperCase().split(/\s/);
      return { command, rowCount: affectedRows, rows };
    };
    return { query: query as PostgresPoolClient['query'], release };
  }

  const db = new Kysely<CmdbTables>({
    dialect: new PostgresDialect({ pool: { connect, end: async () => undefined } }),
  });
  for (const { up } of Object.values(cmdbMigrations)) await up(db);
  let now = 1_780_000_000;
  const clock = { now: () => now, monotonic: () => now, advance: (seconds: number) => void (now += seconds) };
  const store = await createCmdbStore({
    db,
    transaction: (work) => db.transaction().execute(work),
    clock,
    precedence: { order: [], ofAttribute: new Map() },
  });
  return {
    store,
    clock,
    query: async (text) => (await pg.query<Record<string, unknown>>(text)).rows,
    close: () => pg.close(),
  };
}

/** Empties it, as if it were new; numbers go on. */
export async function emptyCmdbDatabase({ store, query }: CmdbDatabase): Promise<void> {
  const ids = [...store.inventory.items()].map(({ id }) => id);
  const { deleteItem } = await import('../../exporters/cmdb/store/delete-item.ts');
  for (const id of ids) {
    await store.write({ actor: 'test', message: '' }, (writing) => deleteItem(writing, { id, version: undefined }));
  }
  await query('truncate finding, look');
}

import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Database } from './database.ts';
import { openEmbedded } from './embedded/open-embedded.ts';
import { guardPool } from './guarded-pool.ts';
import { type Migrations, migrate } from './migrate.ts';
import { openPostgresql } from './postgresql/open-postgresql.ts';

/** Where a daemon keeps its state: one SQL dialect on an embedded database or on a PostgreSQL server. */
export interface Store<DB> {
  /** Its tables are those of the daemon's schema. Not to be used inside of a transaction. */
  readonly db: Kysely<DB>;
  readonly kind: 'embedded' | 'postgresql';
  /** All of `work` or nothing of it; on the embedded database everything else waits meanwhile. */
  readonly transaction: <T>(work: (transaction: Transaction<DB>) => Promise<T>) => Promise<T>;
  /** Why the database does not answer, in words; undefined while it does. */
  readonly trouble: () => string | undefined;
  /** For what needs connections of its own: leadership, backup, restore. */
  readonly database: Database;
  /** Waits for queries in progress. */
  readonly close: () => Promise<void>;
}

export interface StoreSettings {
  /** Where the embedded database lies; made if it is not there. */
  readonly folder: string;
  /** Of a PostgreSQL server, password and all; without it the embedded database is used. */
  readonly url: string | undefined;
  /** Names the option or file that holds the URL, for errors. */
  readonly urlFrom?: string;
  /** The daemon's own schema, such as `cmdb`. */
  readonly schema: string;
  /** Applied in the order of their names; none is ever changed or removed. */
  readonly migrations: Migrations;
  readonly log: Log;
  readonly clock: Clock;
  /** As the server lists this process among its connections; `fleetlens` and the schema if it is left out. */
  readonly applicationName?: string;
  /** A statement that takes longer is ended. */
  readonly statementSeconds?: number;
  /** How long a server that does not answer is waited for at the start. */
  readonly patienceSeconds?: number;
}

/** Opens the store and brings its schema to this version. A ConfigError says what the user can mend. */
export async function openStore<DB>(settings: StoreSettings): Promise<Store<DB>> {
  const database = await openDatabase(settings);
  try {
    await migrate(database, settings);
  } catch (error) {
    await database.close();
    throw error;
  }
  const guarded = guardPool(database.pool);
  let closing: Promise<void> | undefined;
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: guarded.pool }) });
  return {
    db,
    kind: database.kind,
    transaction: (work) => db.transaction().execute((transaction) => guarded.inside(() => work(transaction))),
    trouble: database.trouble,
    database,
    close: () => {
      closing ??= database.close();
      return closing;
    },
  };
}

/** Without the schema: for what works on any. */
export function openDatabase(settings: Omit<StoreSettings, 'migrations'>): Promise<Database> {
  const { url, statementSeconds = 60, patienceSeconds = 30 } = settings;
  if (url === undefined) return openEmbedded({ ...settings, statementSeconds });
  const where = settings.urlFrom ?? 'the URL of the database';
  const { applicationName = `fleetlens ${settings.schema}` } = settings;
  return openPostgresql({ ...settings, url, where, applicationName, statementSeconds, patienceSeconds });
}

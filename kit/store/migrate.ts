import { Kysely, type Migration, Migrator, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type { PoolClient } from 'pg';
import { ConfigError, errnoOf, reasonOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database } from './database.ts';
import { leadershipTable } from './leadership.ts';
import { quoted } from './session.ts';
import { withConnection } from './with-connection.ts';

export type Migrations = Readonly<Record<string, Migration>>;

export interface MigrateSettings {
  readonly schema: string;
  readonly migrations: Migrations;
  readonly log: Log;
  /** The last one to apply; all of them if it is left out. */
  readonly upTo?: string | undefined;
}

const insufficientPrivilege = '42501';

/** One lock for all schemas: "fleet" as a number. */
const lockKey = 439_804_651_892;

/** Brings the schema to what this version needs. Of several processes that start together, one does it and the others wait. */
export async function migrate(database: Database, settings: MigrateSettings): Promise<void> {
  await withConnection(database, (client) => database.unhurried(() => locked(client, () => apply(client, settings))));
}

/** All on one connection, since the lock is of its session. */
async function locked(client: PoolClient, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<Limits>(
    `select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`,
  );
  await setLimits(client, { statement: '0', idle: '0' });
  await client.query('select pg_advisory_lock($1)', [lockKey]);
  await work();
  await client.query('select pg_advisory_unlock($1)', [lockKey]);
  for (const limits of rows) await setLimits(client, limits);
}

interface Limits {
  readonly statement: string;
  readonly idle: string;
}

async function setLimits(client: PoolClient, { statement, idle }: Limits): Promise<void> {
  await client.query(
    `select set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false)`,
    [statement, idle],
  );
}

async function apply(client: PoolClient, { schema, migrations, log, upTo }: MigrateSettings): Promise<void> {
  await refuseNewer(client, schema, migrations);
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: { connect: async () => shared(client), end: async () => undefined } }),
  });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: schema,
  });
  const { error, results = [] } =
    upTo === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(upTo);
  for (const { migrationName, status } of results) {
    if (status === 'Success')
      log.info('the database was brought to a newer version', { schema, migration: migrationName });
  }
  if (error === undefined) return makeLeadershipTable(client, schema);
  if (errnoOf(error) === insufficientPrivilege) {
    const reason = reasonOf(error);
    throw new ConfigError(
      `the schema ${schema} cannot be made or changed: grant the user CREATE on the database (${reason})`,
    );
  }
  const failed = results.find(({ status }) => status === 'Error')?.migrationName;
  throw new Error(`the migration ${failed ?? ''} of the schema ${schema} failed; nothing of it was kept`, {
    cause: error,
  });
}

async function refuseNewer(client: PoolClient, schema: string, migrations: Migrations): Promise<void> {
  const unknown = (await appliedMigrations(client, schema)).filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return;
  throw new ConfigError(
    `the schema ${schema} of the database was written by a newer version of FleetLens (it has ${unknown.at(-1)}); run that version or a newer one, or restore a backup of this version`,
  );
}

async function makeLeadershipTable(client: PoolClient, schema: string): Promise<void> {
  await client.query(
    `create table if not exists ${quoted(schema)}.${leadershipTable} (job text primary key, term bigint not null)`,
  );
}

/** In the order of their names, which is that of their application. */
export async function appliedMigrations(client: Pick<PoolClient, 'query'>, schema: string): Promise<readonly string[]> {
  const table = `${quoted(schema)}.kysely_migration`;
  const there = await client.query<{ is: boolean }>('select to_regclass($1) is not null as is', [table]);
  if (there.rows[0]?.is !== true) return [];
  const { rows } = await client.query<{ name: string }>(`select name from ${table} order by name collate "C"`);
  return rows.map(({ name }) => name);
}

function shared(client: PoolClient): PostgresPoolClient {
  const query = (text: string, parameters: readonly unknown[]): Promise<unknown> => client.query(text, [...parameters]);
  return { query: query as PostgresPoolClient['query'], release: () => undefined };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { ConfigError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Database } from '../database.ts';
import { type Migrations, migrate } from '../migrate.ts';
import { quoted } from '../session.ts';
import { withConnection } from '../with-connection.ts';
import type { Header, Progress } from './format.ts';
import { loadTables } from './load-tables.ts';
import { type BackupPart, readBackup } from './read-backup.ts';
import { tablesOf } from './tables.ts';
import type { BackupResult } from './write-backup.ts';

export interface RestoreSettings {
  readonly database: Database;
  readonly schema: string;
  readonly migrations: Migrations;
  /** The file as it was written. */
  readonly source: AsyncIterable<Buffer>;
  /** Names the file, for errors. */
  readonly where: string;
  /** Put the backup in the place of what is there. */
  readonly replace: boolean;
  readonly log: Log;
  readonly onProgress?: (progress: Progress) => void;
}

/** Where the old state waits until the new one is in place. */
const setAside = (schema: string): string => `${schema}_before_restore`;

/** Puts a backup into a schema that is empty, or in the place of what is there. If it fails, all is as it was before. */
export async function restoreBackup(settings: RestoreSettings): Promise<BackupResult> {
  const { database, schema, source, where } = settings;
  const parts = readBackup(source, where);
  const header = await headerOf(parts, settings);
  await refuseInUse(database, schema);
  const isAside = await makeRoom(settings);
  try {
    await migrate(database, { ...settings, upTo: header.migrations.at(-1) });
    const result = await database.unhurried(() =>
      withConnection(database, (client) => loadTables(client, { ...settings, parts })),
    );
    await migrate(database, settings);
    if (isAside) await runStatement(database, `drop schema ${quoted(setAside(schema))} cascade`);
    return result;
  } catch (error) {
    await runStatement(database, `drop schema if exists ${quoted(schema)} cascade`);
    if (isAside) {
      await runStatement(database, `alter schema ${quoted(setAside(schema))} rename to ${quoted(schema)}`);
    }
    throw error;
  }
}

async function headerOf(
  parts: AsyncGenerator<BackupPart>,
  { schema, migrations, where }: RestoreSettings,
): Promise<Header> {
  const { value } = await parts.next();
  const header: BackupPart | undefined = value;
  if (header === undefined || header.kind !== 'fleetlens-backup') throw new ConfigError(`${where} is no backup`);
  if (header.schema !== schema) {
    throw new ConfigError(`${where} is a backup of ${header.schema}, not of ${schema}`);
  }
  const unknown = header.migrations.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return header;
  throw new ConfigError(
    `${where} was written by FleetLens ${header.version}, whose tables this version does not know (${unknown.at(-1)}); restore it with that version or a newer one`,
  );
}

/** A server goes on showing the connections of a daemon that has just ended. */
const goneWithinMs = 5_000;
const lookEveryMs = 250;

/** On a server a daemon may be at work, and would find its tables gone. */
async function refuseInUse(database: Database, schema: string): Promise<void> {
  for (let waitedMs = 0; waitedMs <= goneWithinMs; waitedMs += lookEveryMs) {
    if (!(await isInUse(database, schema))) return;
    await sleep(lookEveryMs);
  }
  throw new ConfigError(
    `the daemon of the schema ${schema} is connected to the database; stop it first, on all machines`,
  );
}

async function isInUse(database: Database, schema: string): Promise<boolean> {
  const { rows } = await database.pool.query<{ processes: number }>(
    `select count(*)::int as processes from pg_stat_activity
      where application_name = $1 and datname = current_database() and pid <> pg_backend_pid()`,
    [`fleetlens ${schema}`],
  );
  return (rows[0]?.processes ?? 0) > 0;
}

/** True if there was something, which is set aside now. */
async function makeRoom({ database, schema, replace }: RestoreSettings): Promise<boolean> {
  return withConnection(database, async (client) => {
    if (await schemaExists(client, setAside(schema))) {
      throw new ConfigError(
        `the schema ${setAside(schema)} holds the state from before a restore that was cut off; rename it to ${schema}, or drop it, with psql`,
      );
    }
    if (!(await schemaExists(client, schema))) return false;
    const filled = await filledTable(client, schema);
    if (filled !== undefined && !replace) {
      throw new ConfigError(
        `the schema ${schema} is not empty (${filled} has rows); --replace puts the backup in its place`,
      );
    }
    await client.query(`alter schema ${quoted(schema)} rename to ${quoted(setAside(schema))}`);
    return true;
  });
}

async function schemaExists(client: ClientBase, schema: string): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>('select to_regnamespace($1) is not null as is', [
    quoted(schema),
  ]);
  return rows[0]?.is === true;
}

async function filledTable(client: ClientBase, schema: string): Promise<string | undefined> {
  for (const { from } of await tablesOf(client, schema)) {
    const { rows } = await client.query(`select from ${quoted(schema)}.${quoted(from)} limit 1`);
    if (rows.length > 0) return from;
  }
  return undefined;
}

async function runStatement(database: Database, statement: string): Promise<void> {
  await withConnection(database, (client) => client.query(statement));
}

import type { ClientBase } from 'pg';
import { ConfigError } from '../../errors.ts';
import { version } from '../../version.ts';
import type { Database } from '../database.ts';
import { appliedMigrations } from '../migrate.ts';
import { quoted } from '../session.ts';
import { withConnection } from '../with-connection.ts';
import { type BackupRecord, type Header, type Progress, rangeBounds } from './format.ts';
import { readTable } from './read-table.ts';
import { createRowSum } from './row-sum.ts';
import { sequenceNames, tablesOf } from './tables.ts';

export interface BackupSettings {
  readonly database: Database;
  readonly schema: string;
  /** Takes the parts of the file in order; resolves when there is room for the next. */
  readonly write: (bytes: Buffer) => Promise<void>;
  readonly onProgress?: (progress: Progress) => void;
}

export interface BackupResult {
  readonly tables: number;
  readonly rows: number;
}

/** Writes the state of one schema as of one moment. On the embedded database everything else waits until it is done. */
export async function writeBackup(settings: BackupSettings): Promise<BackupResult> {
  return withConnection(settings.database, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    await client.query("select set_config('statement_timeout', '0', true)");
    const result = await settings.database.unhurried(() => writeAll(client, settings));
    await client.query('commit');
    return result;
  });
}

async function writeAll(client: ClientBase, { schema, write, onProgress }: BackupSettings): Promise<BackupResult> {
  const put = (record: BackupRecord): Promise<void> => write(Buffer.from(`${JSON.stringify(record)}\n`));
  await put(await headerOf(client, schema));
  const tables = await tablesOf(client, schema);
  const allBlocks = tables.reduce((sum, { blocks }) => sum + blocks, 0);
  let doneBlocks = 0;
  let rows = 0;
  for (const table of tables) {
    const sum = createRowSum();
    const { name, from, bounds } = table;
    if (bounds !== null && rangeBounds.test(bounds)) await put({ kind: 'partition', name: from, of: name, bounds });
    await put({ kind: 'table', name, columns: table.columns });
    for await (const { lines, blocks } of readTable(client, schema, table, sum)) {
      await put({ kind: 'chunk', bytes: lines.length });
      await write(Buffer.concat([lines, Buffer.from('\n')]));
      onProgress?.({
        table: table.from,
        rows: rows + sum.rows(),
        share: Math.min(1, (doneBlocks + blocks) / allBlocks),
      });
    }
    await put({ kind: 'table-end', name: table.name, rows: sum.rows(), sum: sum.value() });
    rows += sum.rows();
    doneBlocks += table.blocks;
  }
  for (const name of await sequenceNames(client, schema)) await put(await sequenceOf(client, schema, name));
  await put({ kind: 'end', tables: tables.length, rows });
  return { tables: tables.length, rows };
}

async function headerOf(client: ClientBase, schema: string): Promise<Header> {
  const { rows } = await client.query<{ server: string; at: string; is: boolean }>(
    `select current_setting('server_version') as server, to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
      to_regnamespace($1) is not null as is`,
    [quoted(schema)],
  );
  const [row] = rows;
  if (row?.is !== true) throw new ConfigError(`the database has no schema ${schema}, so there is nothing to back up`);
  const migrations = await appliedMigrations(client, schema);
  return { kind: 'fleetlens-backup', format: 1, schema, migrations, version, server: row.server, createdAt: row.at };
}

async function sequenceOf(client: ClientBase, schema: string, name: string): Promise<BackupRecord> {
  const { rows } = await client.query<{ value: string; is_called: boolean }>(
    `select last_value::text as value, is_called from ${quoted(schema)}.${quoted(name)}`,
  );
  return { kind: 'sequence', name, value: rows[0]?.value ?? '1', isCalled: rows[0]?.is_called ?? false };
}

import type { ClientBase } from 'pg';
import { ConfigError, reasonOf, SourceError } from '../../errors.ts';
import { quoted } from '../session.ts';
import { copyIn } from './copy.ts';
import type { Progress } from './format.ts';
import type { BackupPart } from './read-backup.ts';
import { readTable } from './read-table.ts';
import { createRowSum } from './row-sum.ts';
import { type Table, tablesOf } from './tables.ts';
import type { BackupResult } from './write-backup.ts';

export interface LoadSettings {
  readonly schema: string;
  readonly parts: AsyncIterable<BackupPart>;
  /** Names the file, for errors. */
  readonly where: string;
  readonly onProgress?: (progress: Progress) => void;
}

interface Loaded {
  readonly name: string;
  readonly columns: readonly string[];
  rows: number;
}

interface Wanted {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly sum: bigint;
}

/** Fills the tables of a schema from a backup, in one transaction, and reads them again to compare. */
export async function loadTables(client: ClientBase, settings: LoadSettings): Promise<BackupResult> {
  await client.query('begin');
  await client.query("select set_config('statement_timeout', '0', true)");
  const tables = await tablesOf(client, settings.schema);
  const putBack = await takeOffChecks(client, settings.schema);
  const result = await loadParts(client, tables, settings);
  for (const statement of putBack) await client.query(statement);
  await client.query('commit');
  await client.query('analyze');
  return result;
}

async function loadParts(client: ClientBase, tables: readonly Table[], settings: LoadSettings): Promise<BackupResult> {
  const { schema, parts, where, onProgress } = settings;
  const wanted = new Map<string, Wanted>();
  let current: Loaded | undefined;
  let rows = 0;
  for await (const part of parts) {
    switch (part.kind) {
      case 'table':
        current = { name: part.name, columns: part.columns, rows: 0 };
        checkPlace(current, tables, where);
        break;
      case 'lines': {
        if (current === undefined) throw new ConfigError(`${where} is damaged; take another backup`);
        const taken = await put(client, schema, current, part.lines);
        current.rows += taken;
        rows += taken;
        onProgress?.({ table: current.name, rows, share: undefined });
        break;
      }
      case 'table-end': {
        const before = wanted.get(part.name);
        const sum = BigInt.asUintN(64, (before?.sum ?? 0n) + sumOf(part.sum, where));
        wanted.set(part.name, { columns: current?.columns ?? [], rows: (before?.rows ?? 0) + part.rows, sum });
        break;
      }
      case 'sequence':
        await client.query('select setval($1::regclass, $2::bigint, $3)', [
          `${quoted(schema)}.${quoted(part.name)}`,
          part.value,
          part.isCalled,
        ]);
        break;
      case 'end':
        if (part.rows !== rows) throw wrongRows(where, 'all tables', part.rows, rows);
        await compare(client, wanted, settings);
        return { tables: part.tables, rows };
      case 'fleetlens-backup':
        break;
    }
  }
  throw new ConfigError(`${where} is cut off; take another backup`);
}

/** The tables may have fewer columns than the backup only if it is of another version than its migrations say. */
function checkPlace({ name, columns }: Loaded, tables: readonly Table[], where: string): void {
  const table = tables.find((each) => each.name === name);
  const missing = columns.find((column) => table?.columns.includes(column) !== true);
  if (table !== undefined && missing === undefined) return;
  throw new ConfigError(
    `${where} has ${missing === undefined ? 'the table' : `the column ${missing} of`} ${name}, for which this version has no place`,
  );
}

async function put(client: ClientBase, schema: string, { name, columns }: Loaded, lines: Buffer): Promise<number> {
  const list = columns.map(quoted).join(', ');
  try {
    return await copyIn(client, `copy ${quoted(schema)}.${quoted(name)} (${list}) from stdin`, lines);
  } catch (error) {
    throw new SourceError(`the rows of ${name} are not taken: ${reasonOf(error)}`, { cause: error });
  }
}

/** The tables are looked up again: they have grown. */
async function compare(client: ClientBase, wanted: ReadonlyMap<string, Wanted>, settings: LoadSettings): Promise<void> {
  const { schema, where } = settings;
  const tables = await tablesOf(client, schema);
  for (const [name, { columns, rows, sum }] of wanted) {
    const found = createRowSum();
    for (const table of tables.filter((each) => each.name === name)) {
      for await (const _ of readTable(client, schema, { ...table, columns }, found));
    }
    if (found.rows() !== rows) throw wrongRows(where, name, rows, found.rows());
    if (BigInt(`0x${found.value()}`) !== sum) {
      throw new ConfigError(`the rows of ${name} are not those of ${where}; it is damaged, take another backup`);
    }
  }
}

function sumOf(text: string, where: string): bigint {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new ConfigError(`${where} is damaged; take another backup`);
  return BigInt(`0x${text}`);
}

function wrongRows(where: string, table: string, wanted: number, found: number): ConfigError {
  return new ConfigError(
    `${where} should have ${wanted} rows of ${table} and has ${found}; it is damaged, take another backup`,
  );
}

/**
 * Rows refer to each other across chunks and tables, and triggers would write history of their own: both wait until all is there.
 * Returns the statements that put them back, which check every row.
 */
async function takeOffChecks(client: ClientBase, schema: string): Promise<readonly string[]> {
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(
    `select c.conrelid::regclass::text as "table", c.conname::text as name, pg_get_constraintdef(c.oid) as definition
      from pg_constraint c join pg_namespace n on n.oid = c.connamespace
      where n.nspname = $1 and c.contype = 'f' and c.conparentid = 0`,
    [schema],
  );
  const { rows: triggers } = await client.query<{ table: string }>(
    `select distinct t.tgrelid::regclass::text as "table" from pg_trigger t join pg_class c on c.oid = t.tgrelid
      join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and not t.tgisinternal`,
    [schema],
  );
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${quoted(name)}`);
  for (const { table } of triggers) await client.query(`alter table ${table} disable trigger user`);
  return [
    ...keys.map(({ table, name, definition }) => `alter table ${table} add constraint ${quoted(name)} ${definition}`),
    ...triggers.map(({ table }) => `alter table ${table} enable trigger user`),
  ];
}

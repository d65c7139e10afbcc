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
  const { schema, parts, where } = settings;
  const loader = createLoader(client, tables, settings);
  for await (const part of parts) {
    switch (part.kind) {
      case 'fleetlens-backup':
        break;
      case 'partition':
        if (loader.isMissing(part.name)) loader.setTables(await withPartition(client, schema, part));
        break;
      case 'table':
        loader.begin(part);
        break;
      case 'lines':
        await loader.put(part.lines);
        break;
      case 'table-end':
        loader.end(part);
        break;
      case 'sequence':
        await setSequence(client, schema, part);
        break;
      case 'end':
        if (part.rows !== loader.rows()) throw wrongRows(where, 'all tables', part.rows, loader.rows());
        await compare(client, loader.wanted, settings);
        return { tables: part.tables, rows: part.rows };
    }
  }
  throw damaged(where);
}

type Part<K extends BackupPart['kind']> = Extract<BackupPart, { readonly kind: K }>;

function createLoader(client: ClientBase, found: readonly Table[], { schema, where, onProgress }: LoadSettings) {
  let tables = found;
  const wanted = new Map<string, Wanted>();
  let current: Part<'table'> | undefined;
  let rows = 0;
  let rowsBefore = 0;

  return {
    wanted,
    rows: () => rows,
    isMissing: (part: string): boolean => !tables.some(({ from }) => from === part),
    setTables: (next: readonly Table[]): void => {
      tables = next;
    },
    begin: (table: Part<'table'>): void => {
      checkPlace(table, tables, where);
      current = table;
      rowsBefore = rows;
    },
    put: async (lines: Buffer): Promise<void> => {
      if (current === undefined) throw damaged(where);
      rows += await put(client, schema, current, lines);
      onProgress?.({ table: current.name, rows, share: undefined });
    },
    end: ({ name, rows: told, sum: text }: Part<'table-end'>): void => {
      if (current?.name !== name) throw damaged(where);
      if (told !== rows - rowsBefore) throw wrongRows(where, name, told, rows - rowsBefore);
      const parts = wanted.get(name) ?? { rows: 0, sum: 0n };
      const sum = BigInt.asUintN(64, parts.sum + sumOf(text, where));
      wanted.set(name, { columns: current.columns, rows: parts.rows + told, sum });
      current = undefined;
    },
  };
}

/** All tables, with a part more. */
async function withPartition(
  client: ClientBase,
  schema: string,
  { name, of, bounds }: Part<'partition'>,
): Promise<readonly Table[]> {
  const part = `${quoted(schema)}.${quoted(name)}`;
  try {
    await client.query(`create table ${part} partition of ${quoted(schema)}.${quoted(of)} ${bounds}`);
  } catch (error) {
    throw new SourceError(`the part ${name} of ${of} cannot be made: ${reasonOf(error)}`, { cause: error });
  }
  return tablesOf(client, schema);
}

async function setSequence(
  client: ClientBase,
  schema: string,
  { name, value, isCalled }: Part<'sequence'>,
): Promise<void> {
  const sequence = `${quoted(schema)}.${quoted(name)}`;
  await client.query('select setval($1::regclass, $2::bigint, $3)', [sequence, value, isCalled]);
}

/** The tables may have fewer columns than the backup only if it is of another version than its migrations say. */
function checkPlace({ name, columns }: Part<'table'>, tables: readonly Table[], where: string): void {
  const table = tables.find((each) => each.name === name);
  const missing = columns.find((column) => table?.columns.includes(column) !== true);
  if (table !== undefined && missing === undefined) return;
  const what = table === undefined ? `the table ${name}` : `the column ${missing} of ${name}`;
  throw new ConfigError(`${where} has ${what}, for which this version has no place`);
}

async function put(
  client: ClientBase,
  schema: string,
  { name, columns }: Part<'table'>,
  lines: Buffer,
): Promise<number> {
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
  if (!/^[0-9a-f]{16}$/.test(text)) throw damaged(where);
  return BigInt(`0x${text}`);
}

function damaged(where: string): ConfigError {
  return new ConfigError(`${where} is damaged; take another backup`);
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

import { sql } from 'kysely';
import type { MaintenanceWindow, WindowScope } from '../maintenance/maintenance-window.ts';
import { isItemClass } from '../model/item-class.ts';
import { epoch } from './statements.ts';
import type { Db, Tx } from './tables.ts';

interface WindowRow {
  readonly id: number;
  readonly title: string;
  readonly scope: { readonly items: readonly number[]; readonly query?: ScopeRow | null };
  readonly starts_at: number;
  readonly ends_at: number;
  readonly created_by: string;
  readonly created_at: number;
  readonly changed_by: string;
  readonly changed_at: number;
  readonly version: number;
  readonly cancelled_at: number | null;
}

interface ScopeRow {
  readonly class?: string | null;
  readonly match: Readonly<Record<string, readonly string[]>>;
}

const columns = sql`id, title, scope, ${epoch('starts_at')} as starts_at, ${epoch('ends_at')} as ends_at, created_by,
  ${epoch('created_at')} as created_at, changed_by, ${epoch('changed_at')} as changed_at, version,
  ${epoch('cancelled_at')} as cancelled_at`;

export interface WindowContent {
  readonly title: string;
  readonly scope: WindowScope;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Those that end after the time, cancelled ones among them; the first to start first. */
export async function windowsAfter(seconds: number, db: Db | Tx): Promise<readonly MaintenanceWindow[]> {
  const { rows } = await sql<WindowRow>`
    select ${columns} from maintenance_window where ends_at > to_timestamp(${seconds}::double precision)
    order by starts_at, id limit ${maxWindows}`.execute(db);
  return rows.map(windowOf);
}

/** The newest first, older than the one with the number. */
export async function windowsBefore(
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
  db: Db | Tx,
): Promise<readonly MaintenanceWindow[]> {
  const { rows } = await sql<WindowRow>`
    select ${columns} from maintenance_window
    where ${before === undefined ? sql`true` : sql`id < ${before}::integer`} order by id desc limit ${limit}`.execute(
    db,
  );
  return rows.map(windowOf);
}

export async function windowById(id: number, db: Db | Tx): Promise<MaintenanceWindow | undefined> {
  const { rows } = await sql<WindowRow>`
    select ${columns} from maintenance_window where id = ${id}::integer`.execute(db);
  return rows[0] === undefined ? undefined : windowOf(rows[0]);
}

export async function insertWindow(
  { title, scope, startsAt, endsAt }: WindowContent,
  { actor, at }: { readonly actor: string; readonly at: number },
  tx: Tx,
): Promise<MaintenanceWindow | undefined> {
  const { rows } = await sql<WindowRow>`
    insert into maintenance_window (title, scope, starts_at, ends_at, created_by, created_at, changed_by, changed_at, version)
    values (${title}, ${JSON.stringify(scope)}::jsonb, to_timestamp(${startsAt}::double precision),
      to_timestamp(${endsAt}::double precision), ${actor}, to_timestamp(${at}::double precision), ${actor},
      to_timestamp(${at}::double precision), 1)
    returning ${columns}`.execute(tx);
  return rows[0] === undefined ? undefined : windowOf(rows[0]);
}

/** Writes it if it still has the version; undefined if it has not. */
export async function updateWindow(
  window: MaintenanceWindow,
  { actor, at }: { readonly actor: string; readonly at: number },
  tx: Tx,
): Promise<MaintenanceWindow | undefined> {
  const { id, version, title, scope, startsAt, endsAt, cancelledAt = null } = window;
  const { rows } = await sql<WindowRow>`
    update maintenance_window set title = ${title}, scope = ${JSON.stringify(scope)}::jsonb,
      starts_at = to_timestamp(${startsAt}::double precision), ends_at = to_timestamp(${endsAt}::double precision),
      cancelled_at = to_timestamp(${cancelledAt}::double precision), changed_by = ${actor},
      changed_at = to_timestamp(${at}::double precision), version = version + 1
    where id = ${id}::integer and version = ${version}::integer
    returning ${columns}`.execute(tx);
  return rows[0] === undefined ? undefined : windowOf(rows[0]);
}

const maxWindows = 10_000;

function windowOf(row: WindowRow): MaintenanceWindow {
  const { query } = row.scope;
  const itemClass = query?.class ?? undefined;
  return {
    id: row.id,
    title: row.title,
    scope: {
      items: row.scope.items,
      query:
        query === undefined || query === null
          ? undefined
          : { class: itemClass !== undefined && isItemClass(itemClass) ? itemClass : undefined, match: query.match },
    },
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    createdBy: row.created_by,
    createdAt: row.created_at,
    changedBy: row.changed_by,
    changedAt: row.changed_at,
    version: row.version,
    cancelledAt: row.cancelled_at ?? undefined,
  };
}

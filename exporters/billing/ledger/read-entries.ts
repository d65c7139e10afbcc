import { sql } from 'kysely';
import type { EntriesQuery, LedgerEntry } from './ledger.ts';
import { ofPairs } from './read-totals.ts';
import { keyOf, type SeriesRow, selectSeries } from './series-rows.ts';
import { msOf, secondsOf, toTime } from './statements.ts';
import type { Tx } from './tables.ts';

interface EntryRow extends SeriesRow {
  readonly position: string;
  readonly start: number;
  readonly end: number;
  readonly revision: number;
  readonly quantity: string;
  readonly recorded_at: number;
}

const mostEntries = 100_000;
/** Up to so many series are looked up window by window; of more, all rows are read in their order. */
const fewSeries = 200;

/** Rows of windows that overlap with the span, in the order of their positions. */
export async function readEntries(query: EntriesQuery, tx: Tx): Promise<readonly LedgerEntry[]> {
  const limit = Math.min(query.limit, mostEntries);
  if (limit <= 0 || query.span.endMs <= query.span.startMs) return [];
  const wanted = await seriesOf(query, tx);
  if (wanted?.length === 0) return [];
  const { rows } = await sql<EntryRow>`
    with page as (${wanted === undefined ? allRows(query, limit) : rowsOf(wanted, query, limit)})
    select ${selectSeries}, p.position::text as position, ${msOf('p.starts_at')} as start, ${msOf('p.ends_at')} as "end",
      p.revision, p.quantity::text as quantity, ${secondsOf('p.recorded_at')} as recorded_at
    from page p join series s on s.id = p.series order by p.position`.execute(tx);
  return rows.map((row) => ({
    ...keyOf(row),
    position: BigInt(row.position),
    span: { startMs: row.start, endMs: row.end },
    revision: row.revision,
    quantity: BigInt(row.quantity),
    recordedAt: row.recorded_at,
  }));
}

/** Undefined where the query names neither resource nor SKU, or so many that they are no help. */
async function seriesOf(query: EntriesQuery, tx: Tx): Promise<readonly number[] | undefined> {
  if (query.resources === undefined && query.skus === undefined) return undefined;
  const { rows } = await sql<{ id: number }>`
    select s.id from series s where ${ofPairs('s', query)} and ${ofThings(query)} limit ${fewSeries + 1}`.execute(tx);
  return rows.length > fewSeries ? undefined : rows.map(({ id }) => id);
}

function ofThings({ resources, skus }: EntriesQuery) {
  const resource = resources === undefined ? sql`true` : sql`s.resource = any(${[...resources]}::text[])`;
  const sku = skus === undefined ? sql`true` : sql`s.sku = any(${[...skus]}::text[])`;
  return sql`${resource} and ${sku}`;
}

function ofWindows(query: EntriesQuery) {
  const { span, after = 0n, until } = query;
  return sql`m.starts_at > ${toTime(span.startMs)} - interval '1 day' and m.starts_at < ${toTime(span.endMs)}
    and m.ends_at > ${toTime(span.startMs)} and m.last_position >= m.first_position
    and m.last_position > ${String(after)}::bigint
    and ${until === undefined ? sql`true` : sql`m.first_position <= ${String(until)}::bigint`}
    and ${ofPairs('m', query)}`;
}

function ofRows({ span, after = 0n, until }: EntriesQuery) {
  return sql`u.position > ${String(after)}::bigint
    and ${until === undefined ? sql`true` : sql`u.position <= ${String(until)}::bigint`}
    and u.window_start > ${toTime(span.startMs)} - interval '1 day' and u.window_start < ${toTime(span.endMs)}`;
}

const pageColumns = sql`u.position, u.series, u.revision, u.quantity, m.starts_at, m.ends_at, m.recorded_at`;

function rowsOf(series: readonly number[], query: EntriesQuery, limit: number) {
  return sql`
    select ${pageColumns} from metering m
      join usage u on u.window_start = m.starts_at and u.series = any(${[...series]}::integer[]) and u.metering = m.id
    where ${ofWindows(query)} and ${ofRows(query)}
    order by u.position limit ${limit}`;
}

/** All rows in their order, until there are enough. */
function allRows(query: EntriesQuery, limit: number) {
  return sql`
    select ${pageColumns} from usage u join metering m on m.id = u.metering join series s on s.id = u.series
    where ${ofWindows(query)} and ${ofRows(query)} and ${ofThings(query)}
    order by u.position limit ${limit}`;
}

import { sql } from 'kysely';
import type { Span } from '../span.ts';
import type { Watermark } from './ledger.ts';
import { msOf, secondsOf, toTime } from './statements.ts';
import type { Db, Tx } from './tables.ts';

interface Row {
  readonly cluster: string;
  readonly meter: string;
  readonly from_ms: number;
  readonly until_ms: number;
  readonly changed_at: number;
}

const selectWatermark = sql`cluster, meter, ${msOf('from_at')} as from_ms, ${msOf('until_at')} as until_ms,
  ${secondsOf('changed_at')} as changed_at`;

export async function readWatermarks(db: Db): Promise<readonly Watermark[]> {
  const { rows } = await sql<Row>`select ${selectWatermark} from watermark order by cluster, meter`.execute(db);
  return rows.map(watermarkOf);
}

/** Undefined for a pair of which nobody has said where it begins. */
export async function begunWatermark(
  { meter, cluster }: { readonly meter: string; readonly cluster: string },
  db: Db | Tx,
): Promise<Watermark | undefined> {
  const { rows } = await sql<Row>`
    select ${selectWatermark} from watermark where meter = ${meter} and cluster = ${cluster} and is_begun`.execute(db);
  return rows[0] === undefined ? undefined : watermarkOf(rows[0]);
}

function watermarkOf(row: Row): Watermark {
  return {
    cluster: row.cluster,
    meter: row.meter,
    fromMs: row.from_ms,
    untilMs: row.until_ms,
    changedAt: row.changed_at,
  };
}

/**
 * Lets the stretch without a hole grow by what was recorded, at either end, and through windows that were recorded beyond a hole which
 * is closed now. It never shrinks. Windows that lie apart from it change nothing.
 */
export async function growWatermark(
  { meter, cluster }: { readonly meter: string; readonly cluster: string },
  /** Where it begins if there is none yet. */
  first: Span,
  at: number,
  tx: Tx,
): Promise<void> {
  const { rows } = await sql<Row>`
    select ${selectWatermark} from watermark where meter = ${meter} and cluster = ${cluster}`.execute(tx);
  const [now] = rows;
  const before = now === undefined ? first : { startMs: now.from_ms, endMs: now.until_ms };
  const after = {
    startMs: await reach(tx, { meter, cluster, from: before.startMs, isForward: false }),
    endMs: await reach(tx, { meter, cluster, from: before.endMs, isForward: true }),
  };
  if (now !== undefined && after.startMs === before.startMs && after.endMs === before.endMs) return;
  await sql`
    insert into watermark (cluster, meter, from_at, until_at, changed_at)
    values (${cluster}, ${meter}, ${toTime(after.startMs)}, ${toTime(after.endMs)}, to_timestamp(${at}::double precision))
    on conflict (cluster, meter) do update
      set from_at = excluded.from_at, until_at = excluded.until_at, changed_at = excluded.changed_at`.execute(tx);
}

/** Says where the stretch begins that this pair is to have without a hole, unless that was said before. */
export async function beginWatermark(
  { meter, cluster, fromMs }: { readonly meter: string; readonly cluster: string; readonly fromMs: number },
  at: number,
  tx: Tx,
): Promise<Watermark> {
  const endMs = await reach(tx, { meter, cluster, from: fromMs, isForward: true });
  const startMs = await reach(tx, { meter, cluster, from: fromMs, isForward: false });
  await sql`
    insert into watermark as w (cluster, meter, from_at, until_at, changed_at, is_begun)
    values (${cluster}, ${meter}, ${toTime(startMs)}, ${toTime(endMs)}, to_timestamp(${at}::double precision), true)
    on conflict (cluster, meter) do update
      set from_at = excluded.from_at, until_at = excluded.until_at, changed_at = excluded.changed_at, is_begun = true
      where not w.is_begun`.execute(tx);
  const begun = await begunWatermark({ meter, cluster }, tx);
  if (begun === undefined) throw new Error('the watermark that was begun is not there');
  return begun;
}

interface Reach {
  readonly meter: string;
  readonly cluster: string;
  readonly from: number;
  readonly isForward: boolean;
}

/** How far windows follow each other from there. */
async function reach(tx: Tx, { meter, cluster, from, isForward }: Reach): Promise<number> {
  const ofMeter = sql`meter = ${meter} and cluster = ${cluster} and revision = 0`;
  const next = isForward
    ? sql`select ends_at as at from metering where ${ofMeter} and starts_at = f.at`
    : sql`select starts_at as at from (
        select starts_at, ends_at from metering where ${ofMeter} and starts_at < f.at order by starts_at desc limit 1
      ) last where ends_at = f.at`;
  const { rows } = await sql<{ ms: number }>`
    with recursive follow (at) as (
      select ${toTime(from)} union all select n.at from follow f cross join lateral (${next}) n
    ) select ${msOf(isForward ? 'max(at)' : 'min(at)')} as ms from follow`.execute(tx);
  return rows[0]?.ms ?? from;
}

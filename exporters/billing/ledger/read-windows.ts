import { sql } from 'kysely';
import type { Span } from '../span.ts';
import type { Coverage, MeteredWindow } from '../usage.ts';
import type { WindowFilter, WindowRecord } from './ledger.ts';
import { conservationOf } from './metering-columns.ts';
import { msOf, secondsOf, toTime } from './statements.ts';
import type { Db } from './tables.ts';

interface Row {
  readonly meter: string;
  readonly cluster: string;
  readonly start: number;
  readonly end: number;
  readonly revision: number;
  readonly hash: string;
  readonly coverage: Coverage;
  readonly conservation: unknown;
  readonly evidence: MeteredWindow['evidence'];
  readonly recorded_at: number;
}

/** Windows that overlap with the span, as they were recorded last; in the order of their starts. */
export async function readWindows(filter: WindowFilter, db: Db): Promise<readonly WindowRecord[]> {
  const { rows } = await sql<Row>`
    select * from (
      select distinct on (meter, cluster, starts_at) meter, cluster, ${msOf('starts_at')} as start, ${msOf('ends_at')} as "end",
        revision, hash, coverage, conservation, evidence, ${secondsOf('recorded_at')} as recorded_at
      from metering where ${inSpan(filter)}
      order by meter, cluster, starts_at, revision desc
    ) w order by start, meter, cluster`.execute(db);
  return rows.map((row) => ({
    meter: row.meter,
    cluster: row.cluster,
    span: { startMs: row.start, endMs: row.end },
    revision: row.revision,
    hash: row.hash,
    coverage: row.coverage,
    conservation: conservationOf(row.conservation),
    evidence: row.evidence,
    recordedAt: row.recorded_at,
  }));
}

/** Spans of recorded windows, those that meet as one; in the order of time. */
export async function readRecordedSpans(filter: Required<WindowFilter>, db: Db): Promise<readonly Span[]> {
  const { rows } = await sql<{ start: number; end: number }>`
    select ${msOf('min(starts_at)')} as start, ${msOf('max(ends_at)')} as "end" from (
      select starts_at, ends_at, sum(case when starts_at = before then 0 else 1 end) over (order by starts_at) as island from (
        select starts_at, ends_at, lag(ends_at) over (order by starts_at) as before
        from metering where revision = 0 and ${inSpan(filter)}
      ) each
    ) islands group by island order by 1`.execute(db);
  return rows.map(({ start, end }) => ({ startMs: start, endMs: end }));
}

function inSpan({ span, cluster, meter }: WindowFilter) {
  return sql`starts_at > ${toTime(span.startMs)} - interval '1 day' and starts_at < ${toTime(span.endMs)}
    and ends_at > ${toTime(span.startMs)}
    and ${cluster === undefined ? sql`true` : sql`cluster = ${cluster}`}
    and ${meter === undefined ? sql`true` : sql`meter = ${meter}`}`;
}

import { type RawBuilder, sql } from 'kysely';
import type { Segment, TotalsQuery, UsageTotal } from './ledger.ts';
import { joinedSegments, partsOf, type RangePart, type WholeDay, wholeDays } from './plan-totals.ts';
import { keyOf, type SeriesRow, selectSeries } from './series-rows.ts';
import { msOf, seeOneState, toTime, toTimes } from './statements.ts';
import type { Tx } from './tables.ts';

type Filter = Pick<TotalsQuery, 'meters' | 'clusters' | 'after' | 'until'>;

/**
 * Sums of quantities. Whole days come from their roll-ups, with what was added since; the rest comes from the rows. A window across a
 * border is divided by time, row by row: `div` cuts towards 0, so that parts add up to the whole, and a row and its reversal to nothing.
 */
export async function readTotals(query: TotalsQuery, tx: Tx): Promise<readonly UsageTotal[]> {
  const segments = joinedSegments(query.segments);
  if (segments.length === 0) return [];
  await seeOneState(tx);
  const rolledUp = await usableRollUps(wholeDays(segments), query, tx);
  const ranges = await rangesBeside(rolledUp, segments, query, tx);
  const parts = ranges.flatMap((range) => partsOf(range, segments, query));
  return sums(rolledUp, parts, tx);
}

interface RolledUp {
  readonly id: number;
  readonly bucket: number;
}

/** A roll-up has rows up to its position, all of them; for less or for what came later it is of no use. */
async function usableRollUps(days: readonly WholeDay[], query: Filter, tx: Tx): Promise<readonly RolledUp[]> {
  if (days.length === 0 || (query.after ?? 0n) > 0n) return [];
  const { rows } = await sql<RolledUp>`
    select r.id, d.bucket from unnest(${toTimes(days.map(({ startMs }) => startMs))},
        ${days.map(({ bucket }) => bucket)}::integer[]) as d (day, bucket)
      join roll_up r on r.day = d.day
    where ${ofPairs('r', query)} and ${query.until === undefined ? sql`true` : sql`r.position <= ${String(query.until)}::bigint`}`.execute(
    tx,
  );
  return rows;
}

interface RangeRow {
  readonly start: number;
  readonly end: number;
  readonly first: string;
  readonly last: string;
}

/** Windows of the segments whose rows are in none of the roll-ups. */
async function rangesBeside(rolledUp: readonly RolledUp[], segments: readonly Segment[], query: Filter, tx: Tx) {
  const { after, until } = query;
  const first = segments[0]?.span.startMs ?? 0;
  const last = segments.at(-1)?.span.endMs ?? 0;
  const { rows } = await sql<RangeRow>`
    select ${msOf('m.starts_at')} as start, ${msOf('m.ends_at')} as "end", m.first_position::text as first, m.last_position::text as last
    from metering m
      left join roll_up r on r.id = any(${rolledUp.map(({ id }) => id)}::integer[]) and r.meter = m.meter and r.cluster = m.cluster
        and r.day <= m.starts_at and m.starts_at < r.day + interval '1 day' and m.last_position <= r.position
    where r.id is null and m.last_position >= m.first_position
      and m.starts_at > ${toTime(first)} - interval '1 day' and m.starts_at < ${toTime(last)} and m.ends_at > ${toTime(first)}
      and ${ofPairs('m', query)}
      and ${after === undefined ? sql`true` : sql`m.last_position > ${String(after)}::bigint`}
      and ${until === undefined ? sql`true` : sql`m.first_position <= ${String(until)}::bigint`}
    order by m.first_position`.execute(tx);
  return rows.map(({ start, end, first: firstRow, last: lastRow }) => ({
    span: { startMs: start, endMs: end },
    first: BigInt(firstRow),
    last: BigInt(lastRow),
  }));
}

export function ofPairs(alias: string, { meters, clusters }: Filter): RawBuilder<unknown> {
  const meter = meters === undefined ? sql`true` : sql`${sql.ref(`${alias}.meter`)} = any(${[...meters]}::text[])`;
  const cluster =
    clusters === undefined ? sql`true` : sql`${sql.ref(`${alias}.cluster`)} = any(${[...clusters]}::text[])`;
  return sql`${meter} and ${cluster}`;
}

interface SumRow extends SeriesRow {
  readonly bucket: number;
  readonly quantity: string;
  readonly divided: boolean;
}

async function sums(
  rolledUp: readonly RolledUp[],
  parts: readonly RangePart[],
  tx: Tx,
): Promise<readonly UsageTotal[]> {
  if (rolledUp.length === 0 && parts.length === 0) return [];
  const starts = parts.map(({ span }) => span.startMs);
  const numbers = (pick: (part: RangePart) => number | bigint): string[] => parts.map((part) => String(pick(part)));
  const earliest = starts.reduce((least, ms) => Math.min(least, ms), Number.MAX_SAFE_INTEGER);
  const latest = starts.reduce((most, ms) => Math.max(most, ms), 0);
  const fromRows = sql`
    select u.series, p.bucket, sum(case when p.from_ms = 0 and p.to_ms = p.length_ms then u.quantity
        else div(u.quantity * p.to_ms, p.length_ms) - div(u.quantity * p.from_ms, p.length_ms) end) as quantity,
      bool_or(p.from_ms > 0 or p.to_ms < p.length_ms) as divided
    from unnest(${toTimes(starts)}, ${numbers(({ first }) => first)}::bigint[], ${numbers(({ last }) => last)}::bigint[],
        ${numbers(({ bucket }) => bucket)}::integer[], ${numbers(({ fromMs }) => fromMs)}::bigint[],
        ${numbers(({ toMs }) => toMs)}::bigint[], ${numbers(({ lengthMs }) => lengthMs)}::bigint[])
        as p (starts_at, first, last, bucket, from_ms, to_ms, length_ms)
      join usage u on u.window_start = p.starts_at and u.position between p.first and p.last
    where u.window_start >= ${toTime(parts.length === 0 ? 0 : earliest)} and u.window_start <= ${toTime(latest)}
    group by u.series, p.bucket`;
  const fromRollUps = sql`
    select d.series, r.bucket, sum(d.quantity) as quantity, false as divided
    from unnest(${rolledUp.map(({ id }) => id)}::integer[], ${rolledUp.map(({ bucket }) => bucket)}::integer[]) as r (id, bucket)
      join usage_day d on d.roll_up = r.id
    group by d.series, r.bucket`;
  const both =
    parts.length === 0 ? fromRollUps : rolledUp.length === 0 ? fromRows : sql`${fromRows} union all ${fromRollUps}`;
  const { rows } = await sql<SumRow>`
    select ${selectSeries}, t.bucket, t.quantity::text as quantity, t.divided
    from (select series, bucket, sum(quantity) as quantity, bool_or(divided) as divided from (${both}) b
        group by series, bucket having sum(quantity) <> 0) t
      join series s on s.id = t.series
    order by t.bucket, s.id`.execute(tx);
  return rows.map((row) => ({
    ...keyOf(row),
    bucket: row.bucket,
    quantity: BigInt(row.quantity),
    isDivided: row.divided,
  }));
}

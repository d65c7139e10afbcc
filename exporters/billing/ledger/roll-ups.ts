import { sql } from 'kysely';
import { msOf, toTime } from './statements.ts';
import type { Tx } from './tables.ts';

const dayMs = 86_400_000;

/** A day whose roll-up lacks more rows than this share of it is rolled up again. */
const staleShare = 0.2;
const staleRows = 1000;

export interface DayOfMeter {
  readonly meter: string;
  readonly cluster: string;
  readonly dayMs: number;
}

export function dayOf(ms: number): number {
  return Math.floor(ms / dayMs) * dayMs;
}

/**
 * Sums up a day whose windows are all recorded, unless that was done and not much was added since. What is added later is revisions,
 * which queries find by their windows; so a roll-up is always right and only ever becomes less useful.
 */
export async function rollUp({ meter, cluster, dayMs: day }: DayOfMeter, tx: Tx): Promise<void> {
  const { rows } = await sql<{ tiled: number; last: string; added: string; rolled: string | null; at: string | null }>`
    select coalesce(sum(extract(epoch from ends_at - starts_at)) filter (where revision = 0), 0)::double precision * 1000 as tiled,
      coalesce(max(last_position), 0)::text as last,
      coalesce(sum(last_position - first_position + 1) filter (where r.position is null or last_position > r.position), 0)::text as added,
      max(r.rows)::text as rolled, max(r.position)::text as at
    from metering m left join roll_up r on r.meter = m.meter and r.cluster = m.cluster and r.day = ${toTime(day)}
    where m.meter = ${meter} and m.cluster = ${cluster}
      and m.starts_at >= ${toTime(day)} and m.ends_at <= ${toTime(day + dayMs)}`.execute(tx);
  const [found] = rows;
  if (found === undefined || found.tiled !== dayMs) return;
  if (found.rolled !== null && Number(found.added) <= staleRows + Number(found.rolled) * staleShare) return;
  await make({ meter, cluster, dayMs: day }, found.last, tx);
}

async function make({ meter, cluster, dayMs: day }: DayOfMeter, position: string, tx: Tx): Promise<void> {
  const ofDay = sql`meter = ${meter} and cluster = ${cluster} and day = ${toTime(day)}`;
  await sql`delete from usage_day where roll_up in (select id from roll_up where ${ofDay})`.execute(tx);
  await sql`delete from roll_up where ${ofDay}`.execute(tx);
  const { rows } = await sql<{ id: number }>`
    insert into roll_up (meter, cluster, day, position, rows)
    select ${meter}, ${cluster}, ${toTime(day)}, ${position}::bigint, coalesce(sum(last_position - first_position + 1), 0)
    from metering where meter = ${meter} and cluster = ${cluster}
      and starts_at >= ${toTime(day)} and ends_at <= ${toTime(day + dayMs)}
    returning id`.execute(tx);
  await sql`
    insert into usage_day (roll_up, series, quantity)
    select ${rows[0]?.id}::integer, u.series, sum(u.quantity)
    from metering m cross join lateral (
      select series, quantity from usage
      where window_start = m.starts_at and position between m.first_position and m.last_position
        and window_start >= ${toTime(day)} and window_start < ${toTime(day + dayMs)}
    ) u
    where m.meter = ${meter} and m.cluster = ${cluster}
      and m.starts_at >= ${toTime(day)} and m.ends_at <= ${toTime(day + dayMs)}
    group by u.series having sum(u.quantity) <> 0
    order by u.series`.execute(tx);
}

/** Of a roll-up, in milliseconds. */
export const dayColumn = msOf('day');

import { sql } from 'kysely';
import { SourceError } from '../../../kit/errors.ts';
import type { MeteredWindow } from '../usage.ts';
import { windowText } from './check-window.ts';
import { differences, type SeriesAmount } from './differences.ts';
import { latestMetering } from './latest-metering.ts';
import type { Recorded } from './ledger.ts';
import { conservationJson, isSameView } from './metering-columns.ts';
import type { Partitions } from './partitions.ts';
import { type PreparedWindow, prepareWindow } from './prepared-window.ts';
import { type DayOfMeter, dayOf, rollUp } from './roll-ups.ts';
import type { SeriesBook } from './series-book.ts';
import { chunksOf, takeWriteTurn, toTime } from './statements.ts';
import type { Tx } from './tables.ts';
import { growWatermark } from './watermarks.ts';

export interface RecordDeps {
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  readonly now: () => number;
  readonly series: SeriesBook;
  readonly partitions: Partitions;
  /** Rejects if another process does the job by now. */
  readonly fence: (tx: Tx) => Promise<void>;
}

/** What one transaction has come to. */
interface Writing extends RecordDeps {
  readonly tx: Tx;
  readonly at: number;
  position: bigint;
}

/** All of the windows with their watermarks, or nothing. Throws a SourceError that names the window that cannot be taken. */
export async function recordWindows(windows: readonly MeteredWindow[], deps: RecordDeps): Promise<readonly Recorded[]> {
  const held = windows.find(({ coverage }) => coverage.isHeld);
  if (held !== undefined) throw new SourceError(`the window ${windowText(held)} is held: it waits for data`);
  const prepared = windows.map(prepareWindow);
  if (prepared.length === 0) return [];
  const [recorded, commits] = await deps.transaction(async (tx) => {
    await takeWriteTurn(tx);
    await deps.fence(tx);
    const parts = await deps.partitions.ensure(
      prepared.map(({ window }) => window.span.startMs),
      tx,
    );
    const series = await deps.series.ids(
      prepared.flatMap(({ amounts }) => amounts),
      tx,
    );
    const writing: Writing = { ...deps, tx, at: deps.now(), position: await lastPosition(tx) };
    const results: Recorded[] = [];
    for (const each of prepared) results.push(await recordOne(each, series.of, writing));
    await grow(
      prepared.map(({ window }) => window),
      writing,
    );
    return [results, [parts.commit, series.commit]] as const;
  });
  for (const commit of commits) commit();
  return recorded;
}

async function recordOne(
  { window, amounts, hash }: PreparedWindow,
  idOf: (digest: string) => number,
  writing: Writing,
): Promise<Recorded> {
  const { meter, cluster, span } = window;
  const last = await latestMetering(window, writing.tx);
  const result = { meter, cluster, span, hash };
  if (last?.hash === hash && isSameView(window, last)) return { ...result, rows: 0, revision: last.revision };
  const revision = last === undefined ? 0 : last.revision + 1;
  const found = amounts.map(({ digest, quantity }) => ({ series: idOf(digest), quantity }));
  const booked = last === undefined ? nothing : await bookedOf(window, writing.tx);
  const rows = last?.hash === hash ? [] : differences(found, booked);
  await addRows(
    window,
    rows,
    revision,
    await addMetering({ window, hash, revision, rows: rows.length }, writing),
    writing,
  );
  return { ...result, rows: rows.length, revision };
}

const nothing: ReadonlyMap<number, bigint> = new Map();

/** Sums over all revisions of the window. */
async function bookedOf({ meter, cluster, span }: MeteredWindow, tx: Tx): Promise<ReadonlyMap<number, bigint>> {
  const { rows } = await sql<{ series: number; quantity: string }>`
    select u.series, sum(u.quantity)::text as quantity
    from metering m join usage u on u.window_start = m.starts_at and u.position between m.first_position and m.last_position
    where m.meter = ${meter} and m.cluster = ${cluster} and m.starts_at = ${toTime(span.startMs)}
      and u.window_start = ${toTime(span.startMs)}
    group by u.series`.execute(tx);
  return new Map(rows.map(({ series, quantity }) => [series, BigInt(quantity)]));
}

interface NewMetering {
  readonly window: MeteredWindow;
  readonly hash: string;
  readonly revision: number;
  readonly rows: number;
}

async function addMetering(
  { window, hash, revision, rows }: NewMetering,
  { tx, position, at }: Writing,
): Promise<number> {
  const { meter, cluster, span, coverage, conservation, evidence } = window;
  const first = position + 1n;
  const { rows: made } = await sql<{ id: number }>`
    insert into metering (meter, cluster, starts_at, ends_at, revision, hash, coverage, conservation, evidence,
      first_position, last_position, recorded_at)
    values (${meter}, ${cluster}, ${toTime(span.startMs)}, ${toTime(span.endMs)}, ${revision}, ${hash},
      ${JSON.stringify(coverage)}::jsonb, ${conservationJson(conservation)}::jsonb, ${JSON.stringify(evidence)}::jsonb,
      ${String(first)}::bigint, ${String(position + BigInt(rows))}::bigint, to_timestamp(${at}::double precision))
    returning id`.execute(tx);
  return made[0]?.id ?? 0;
}

async function addRows(
  { span }: MeteredWindow,
  rows: readonly SeriesAmount[],
  revision: number,
  metering: number,
  writing: Writing,
): Promise<void> {
  for (const chunk of chunksOf(rows)) {
    await sql`
      insert into usage (position, window_start, series, metering, revision, quantity)
      select ${String(writing.position)}::bigint + u.n, ${toTime(span.startMs)}, u.series, ${metering}::integer,
        ${revision}::integer, u.quantity
      from unnest(${chunk.map(({ series }) => series)}::integer[],
        ${chunk.map(({ quantity }) => String(quantity))}::numeric[]) with ordinality as u (series, quantity, n)`.execute(
      writing.tx,
    );
    writing.position += BigInt(chunk.length);
  }
}

async function grow(windows: readonly MeteredWindow[], { tx, at }: Writing): Promise<void> {
  const firsts = new Map<string, MeteredWindow>();
  for (const window of windows.toSorted((a, b) => a.span.startMs - b.span.startMs)) {
    const pair = JSON.stringify([window.meter, window.cluster]);
    if (!firsts.has(pair)) firsts.set(pair, window);
  }
  for (const first of firsts.values()) await growWatermark(first, first.span, at, tx);
  const days = new Map<string, DayOfMeter>();
  for (const { meter, cluster, span } of windows) {
    const day = { meter, cluster, dayMs: dayOf(span.startMs) };
    days.set(JSON.stringify(day), day);
  }
  for (const day of days.values()) await rollUp(day, tx);
}

export async function lastPosition(tx: Pick<Tx, 'getExecutor'>): Promise<bigint> {
  const { rows } = await sql<{ position: string }>`
    select coalesce(max(last_position), 0)::text as position from metering`.execute(tx);
  return BigInt(rows[0]?.position ?? 0);
}

import { sql } from 'kysely';
import type { Finding, FindingKind } from '../inventory/finding.ts';
import { findingKinds } from '../inventory/finding.ts';
import type { ClaimHead } from '../inventory/reconcile.ts';
import type { Problem } from '../observation.ts';
import { epoch, inChunks } from './statements.ts';
import type { Db, Tx } from './tables.ts';

export type Outcome = 'taken_over' | 'refused' | 'failed';

/** The last look of a source. Times are Unix seconds. */
export interface LookRecord {
  readonly source: string;
  readonly type: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Undefined if none was ever taken over. */
  readonly succeededAt: number | undefined;
  readonly outcome: Outcome;
  /** Empty for one that was taken over. */
  readonly reason: string;
  readonly items: number;
  readonly problems: readonly Problem[];
  readonly durationSeconds: number;
  /** Since the database was made. */
  readonly totals: LookCounts;
}

export interface LookCounts {
  readonly created: number;
  readonly updated: number;
  readonly missing: number;
  readonly returned: number;
}

export interface OpenFinding extends Finding {
  readonly source: string;
  readonly since: number;
}

const maxProblems = 200;

export async function claimHeadsOf(source: string, db: Db | Tx): Promise<ReadonlyMap<number, ClaimHead>> {
  const { rows } = await sql<{ item_id: number; fingerprint: string; scope: string; missing_since: number | null }>`
    select item_id, fingerprint, scope, ${epoch('missing_since')} as missing_since
    from claim where source = ${source}`.execute(db);
  return new Map(
    rows.map(({ item_id, fingerprint, scope, missing_since }) => [
      item_id,
      { fingerprint, scope, missingSince: missing_since ?? undefined },
    ]),
  );
}

export async function recordLook(record: Omit<LookRecord, 'succeededAt'>, tx: Tx): Promise<void> {
  const { source, type, startedAt, finishedAt, outcome, reason, items, durationSeconds, totals } = record;
  const succeeded = outcome === 'taken_over' ? finishedAt : null;
  await sql`
    insert into look (source, type, started_at, finished_at, succeeded_at, outcome, reason, items, problems, duration_seconds,
      created, updated, missing, returned)
    values (${source}, ${type}, to_timestamp(${startedAt}::double precision), to_timestamp(${finishedAt}::double precision),
      to_timestamp(${succeeded}::double precision), ${outcome}, ${reason}, ${items}::integer,
      ${JSON.stringify(record.problems.slice(0, maxProblems))}::jsonb, ${durationSeconds}::double precision,
      ${totals.created}::bigint, ${totals.updated}::bigint, ${totals.missing}::bigint, ${totals.returned}::bigint)
    on conflict (source) do update set
      type = excluded.type, started_at = excluded.started_at, finished_at = excluded.finished_at,
      succeeded_at = coalesce(excluded.succeeded_at, look.succeeded_at), outcome = excluded.outcome, reason = excluded.reason,
      items = case when excluded.outcome = 'failed' then look.items else excluded.items end,
      problems = excluded.problems, duration_seconds = excluded.duration_seconds,
      created = look.created + excluded.created, updated = look.updated + excluded.updated,
      missing = look.missing + excluded.missing, returned = look.returned + excluded.returned`.execute(tx);
}

/** With what it found. */
export async function deleteLook(source: string, tx: Tx): Promise<void> {
  await sql`delete from look where source = ${source}`.execute(tx);
  await sql`delete from finding where source = ${source}`.execute(tx);
}

interface LookRow {
  readonly source: string;
  readonly type: string;
  readonly started_at: number;
  readonly finished_at: number;
  readonly succeeded_at: number | null;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly items: number;
  readonly problems: readonly Problem[];
  readonly duration_seconds: number;
  readonly created: number;
  readonly updated: number;
  readonly missing: number;
  readonly returned: number;
}

export async function lookRecords(db: Db | Tx): Promise<readonly LookRecord[]> {
  const { rows } = await sql<LookRow>`
    select source, type, ${epoch('started_at')} as started_at, ${epoch('finished_at')} as finished_at,
      ${epoch('succeeded_at')} as succeeded_at, outcome, reason, items, problems, duration_seconds,
      created::double precision as created, updated::double precision as updated,
      missing::double precision as missing, returned::double precision as returned
    from look order by source`.execute(db);
  return rows.map((row) => ({
    source: row.source,
    type: row.type,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    succeededAt: row.succeeded_at ?? undefined,
    outcome: row.outcome,
    reason: row.reason,
    items: row.items,
    problems: row.problems,
    durationSeconds: row.duration_seconds,
    totals: { created: row.created, updated: row.updated, missing: row.missing, returned: row.returned },
  }));
}

/** Replaces what the source found the last time; what is found again keeps its age. */
export async function putFindings(source: string, findings: readonly Finding[], at: number, tx: Tx): Promise<void> {
  const distinct = [...new Map(findings.map((finding) => [`${finding.kind} ${finding.subject}`, finding])).values()];
  await sql`
    delete from finding where source = ${source} and (kind || ' ' || subject) <> all(
      ${distinct.map(({ kind, subject }) => `${kind} ${subject}`)}::text[])`.execute(tx);
  await inChunks(
    distinct,
    (chunk) => sql`
      insert into finding (kind, source, subject, reason, item_id, since)
      select kind, ${source}::text, subject, reason, item_id, to_timestamp(${at}::double precision)
      from unnest(
        ${chunk.map(({ kind }) => kind)}::text[],
        ${chunk.map(({ subject }) => subject)}::text[],
        ${chunk.map(({ reason }) => reason)}::text[],
        ${chunk.map(({ itemId }) => itemId ?? null)}::integer[]
      ) as given (kind, subject, reason, item_id)
      on conflict (kind, source, subject) do update set reason = excluded.reason, item_id = excluded.item_id`,
    tx,
  );
}

interface FindingRow {
  readonly kind: string;
  readonly source: string;
  readonly subject: string;
  readonly reason: string;
  readonly item_id: number | null;
  readonly since: number;
}

export async function openFindings(db: Db | Tx): Promise<readonly OpenFinding[]> {
  const { rows } = await sql<FindingRow>`
    select kind, source, subject, reason, item_id, ${epoch('since')} as since
    from finding order by kind, source, subject`.execute(db);
  return rows.flatMap(({ kind, item_id, ...row }) =>
    isFindingKind(kind) ? [{ ...row, kind, itemId: item_id ?? undefined }] : [],
  );
}

function isFindingKind(kind: string): kind is FindingKind {
  return Object.hasOwn(findingKinds, kind);
}

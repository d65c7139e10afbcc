import { sql } from 'kysely';
import { msOf, secondsOf, toTime } from '../ledger/statements.ts';
import type { Db } from '../ledger/tables.ts';
import type { Span } from '../span.ts';
import type { Pair } from './window-reader.ts';

/** A back-fill as it stands in the database. */
export interface Backfill {
  readonly id: string;
  readonly span: Span;
  /** As they were asked for: empty for all. */
  readonly clusters: readonly string[];
  readonly meters: readonly string[];
  readonly by: string;
  readonly state: BackfillState;
  readonly cursors: readonly Cursor[];
  readonly windowsTotal: number;
  readonly windowsDone: number;
  readonly rowsAdded: number;
  /** Windows that still wait for data, and those that could not be metered; both count as done. */
  readonly windowsHeld: number;
  readonly windowsFailed: number;
  /** Of windows that failed, 100 at most. */
  readonly problems: readonly string[];
  /** Why it does not go on at the moment, or why it failed; empty if all is well. */
  readonly error: string;
  /** Seconds. */
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

export type BackfillState = 'running' | 'done' | 'failed' | 'cancelled';

/** Windows of the pair that begin before it are done. */
export interface Cursor extends Pair {
  readonly nextMs: number;
}

/** What a step of a back-fill has come to. */
export interface BackfillStep {
  readonly cursors: readonly Cursor[];
  readonly done: number;
  readonly rows: number;
  readonly held: number;
  readonly failed: number;
  readonly problems: readonly string[];
  readonly error: string;
}

export interface BackfillBook {
  readonly add: (backfill: NewBackfill) => Promise<Backfill>;
  /** The newest first. */
  readonly list: () => Promise<readonly Backfill[]>;
  /** The oldest that runs. */
  readonly next: () => Promise<Backfill | undefined>;
  readonly find: (id: string) => Promise<Backfill | undefined>;
  /** Changes nothing of one that has ended meanwhile. */
  readonly step: (id: string, step: BackfillStep) => Promise<void>;
  /** Of one that runs. */
  readonly end: (id: string, state: Exclude<BackfillState, 'running'>, error?: string) => Promise<void>;
}

export type NewBackfill = Pick<Backfill, 'span' | 'clusters' | 'meters' | 'by' | 'cursors' | 'windowsTotal'>;

interface Row {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly clusters: readonly string[];
  readonly meters: readonly string[];
  readonly requested_by: string;
  readonly state: BackfillState;
  readonly cursors: readonly Cursor[];
  readonly total: number;
  readonly done: number;
  readonly rows: number;
  readonly held: number;
  readonly failed: number;
  readonly problems: readonly string[];
  readonly error: string;
  readonly started_at: number;
  readonly ended_at: number | null;
}

const listed = 100;
const keptProblems = 100;

const columns = sql`id, ${msOf('starts_at')} as start, ${msOf('ends_at')} as "end", clusters, meters, requested_by, state, cursors,
  total, done, rows::double precision as rows, held, failed, problems, error,
  ${secondsOf('started_at')} as started_at, ${secondsOf('ended_at')} as ended_at`;

/** Back-fills and how far they are: another process, or this one after a restart, goes on with them. */
export function createBackfillBook(db: Db, now: () => number): BackfillBook {
  const time = () => sql`to_timestamp(${now()}::double precision)`;

  async function select(where: ReturnType<typeof sql>): Promise<readonly Backfill[]> {
    const { rows } = await sql<Row>`select ${columns} from backfill ${where}`.execute(db);
    return rows.map(backfillOf);
  }

  return {
    add: async ({ span, clusters, meters, by, cursors, windowsTotal }) => {
      const { rows } = await sql<Row>`
        insert into backfill (starts_at, ends_at, clusters, meters, requested_by, state, cursors, total, done, rows, held, failed,
          problems, error, started_at)
        values (${toTime(span.startMs)}, ${toTime(span.endMs)}, ${JSON.stringify(clusters)}::jsonb, ${JSON.stringify(meters)}::jsonb,
          ${by}, 'running', ${JSON.stringify(cursors)}::jsonb, ${windowsTotal}, 0, 0, 0, 0, '[]', '', ${time()})
        returning ${columns}`.execute(db);
      const [row] = rows;
      if (row === undefined) throw new Error('the back-fill that was added is not there');
      return backfillOf(row);
    },
    list: () => select(sql`order by id desc limit ${listed}`),
    next: async () => (await select(sql`where state = 'running' order by id limit 1`))[0],
    find: async (id) => (/^\d{1,9}$/.test(id) ? (await select(sql`where id = ${Number(id)}`))[0] : undefined),
    step: async (id, step) => {
      await sql`
        update backfill set cursors = ${JSON.stringify(step.cursors)}::jsonb, done = done + ${step.done}, rows = rows + ${step.rows},
          total = greatest(total, done + ${step.done}), held = held + ${step.held}, failed = failed + ${step.failed},
          problems = case when jsonb_array_length(problems) < ${keptProblems}
            then problems || ${JSON.stringify(step.problems)}::jsonb else problems end,
          error = ${step.error}
        where id = ${Number(id)} and state = 'running'`.execute(db);
    },
    end: async (id, state, error = '') => {
      await sql`
        update backfill set state = ${state}, error = ${error}, ended_at = ${time()},
          total = case when ${state} = 'done' then done else total end
        where id = ${Number(id)} and state = 'running'`.execute(db);
    },
  };
}

function backfillOf(row: Row): Backfill {
  return {
    id: String(row.id),
    span: { startMs: row.start, endMs: row.end },
    clusters: row.clusters,
    meters: row.meters,
    by: row.requested_by,
    state: row.state,
    cursors: row.cursors,
    windowsTotal: row.total,
    windowsDone: row.done,
    rowsAdded: row.rows,
    windowsHeld: row.held,
    windowsFailed: row.failed,
    problems: row.problems,
    error: row.error,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
  };
}

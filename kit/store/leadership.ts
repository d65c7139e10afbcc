import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import type { Client } from 'pg';
import { reasonOf, SourceError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Database, OwnConnection } from './database.ts';
import { quoted } from './session.ts';

/**
 * One of several replicas on a PostgreSQL server does a job. It holds a lock of its session, so that the lock goes with the process or its
 * connection; the embedded database has one process, which always leads.
 */
export interface Leadership {
  /** Takes part; `job` is called each time this process begins to lead, with a signal that tells when it ends. */
  readonly start: (job: LeaderJob) => void;
  readonly isLeader: () => boolean;
  /**
   * Makes a transaction fail unless this process leads, and keeps the next leader from beginning before the transaction has ended.
   * `isLeader` alone cannot: the lock may be gone by the time of the commit.
   */
  readonly fence: <DB>(transaction: Transaction<DB>) => Promise<void>;
  /** Gives the job up and lets the next replica have it. */
  readonly stop: () => Promise<void>;
}

/** Ends soon after the signal. If it fails, the leadership is given up and sought again later. */
export type LeaderJob = (leading: AbortSignal) => Promise<void> | void;

export interface LeadershipSettings {
  readonly database: Database;
  readonly schema: string;
  /** Of the job; replicas that do the same job use the same name. */
  readonly name: string;
  readonly log: Log;
  /** How often a replica tries to get the lock, and a leader asks whether its connection lives. */
  readonly everyMs?: number;
}

/** A leader whose question is not answered within this time has lost its connection. */
const answerWithinMs = 3000;
const pauseAfterFailureMs = 5000;
/** Made with the schema. */
export const leadershipTable = 'fleetlens_leadership';

export function createLeadership({ database, schema, name, log, everyMs = 1000 }: LeadershipSettings): Leadership {
  const stopping = new AbortController();
  let leading: AbortController | undefined;
  /** Counts the leaders; each has a number of its own. */
  let term: string | undefined;
  let running: Promise<void> | undefined;
  let failure: string | undefined;

  /** Until `watch` ends or fails. */
  async function lead(job: LeaderJob, watch: () => Promise<void>): Promise<void> {
    const tenure = new AbortController();
    leading = tenure;
    failure = undefined;
    log.info('this process leads', { schema, job: name });
    const end = (): void => {
      if (leading === tenure) leading = undefined;
      tenure.abort();
    };
    watch().then(end, (error: unknown) => {
      failure = reasonOf(error);
      end();
    });
    try {
      await job(tenure.signal);
      await aborted(tenure.signal);
    } finally {
      end();
      log.info('this process does not lead any more', { schema, job: name });
    }
  }

  /** Until the connection is lost or this process stops. */
  async function leadOnce(job: LeaderJob, connection: OwnConnection): Promise<void> {
    const { client } = connection;
    const lost = new AbortController();
    client.on('error', () => lost.abort());
    client.on('end', () => lost.abort());
    const gone = AbortSignal.any([lost.signal, stopping.signal]);
    try {
      await openSession(connection);
      if (!(await obtain(client, gone))) return;
      term = await beginTerm(client, schema, name);
      await lead(job, () => holdOn(client, gone));
    } finally {
      await connection.close();
    }
  }

  async function obtain(client: Client, gone: AbortSignal): Promise<boolean> {
    while (!gone.aborted) {
      const { rows } = await client.query<{ got: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as got',
        [`fleetlens/${schema}/${name}`],
      );
      if (rows[0]?.got === true) return true;
      await pause(everyMs, gone);
    }
    return false;
  }

  async function holdOn(client: Client, gone: AbortSignal): Promise<void> {
    const ended = aborted(gone);
    while (!gone.aborted) {
      await pause(everyMs, gone);
      if (!gone.aborted) await Promise.race([client.query('select 1'), ended, late()]);
    }
  }

  async function takePart(job: LeaderJob, connect: () => OwnConnection): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await leadOnce(job, connect());
      } catch (error) {
        const reason = reasonOf(error);
        if (reason !== failure) log.warn('cannot lead now', { schema, job: name, reason });
        failure = reason;
        await pause(pauseAfterFailureMs, stopping.signal);
      }
    }
  }

  async function alwaysLead(job: LeaderJob): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await lead(job, () => aborted(stopping.signal));
      } catch (error) {
        log.error('the job failed and is started again', { schema, job: name, reason: reasonOf(error) });
        await pause(pauseAfterFailureMs, stopping.signal);
      }
    }
  }

  return {
    start: (job) => {
      const { connect } = database;
      running ??= connect === undefined ? alwaysLead(job) : takePart(job, connect);
    },
    isLeader: () => leading !== undefined,
    fence: async (transaction) => {
      if (leading === undefined) throw notLeading(name);
      if (database.connect === undefined) return;
      const { rows } = await sql<{
        term: string;
      }>`select term from ${sql.table(leadershipTable)} where job = ${name} for share`.execute(transaction);
      if (rows[0]?.term !== term) throw notLeading(name);
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** So that the server notices within seconds that a leader's machine is gone, and gives its lock to another. */
async function openSession({ client }: OwnConnection): Promise<void> {
  await client.connect();
  await client.query(
    `select set_config('tcp_keepalives_idle', '3', false), set_config('tcp_keepalives_interval', '2', false),
      set_config('tcp_keepalives_count', '3', false), set_config('application_name', 'fleetlens leadership', false)`,
  );
}

/** Waits for transactions of the last leader that are fenced by the row; those that come later fail. */
async function beginTerm(client: Client, schema: string, name: string): Promise<string | undefined> {
  const { rows } = await client.query<{ term: string }>(
    `insert into ${quoted(schema)}.${leadershipTable} as l (job, term) values ($1, 1)
      on conflict (job) do update set term = l.term + 1 returning term`,
    [name],
  );
  return rows[0]?.term;
}

function notLeading(name: string): SourceError {
  return new SourceError(`another process does the job ${name} now`);
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function late(): Promise<never> {
  await sleep(answerWithinMs, undefined, { ref: false });
  throw new SourceError(`the database did not answer within ${answerWithinMs / 1000} s`);
}

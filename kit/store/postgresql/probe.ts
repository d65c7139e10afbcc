import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf, SourceError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { OwnConnection } from '../database.ts';

/** Knows whether the server answers, by a connection of its own: those of the pool may all be busy with long queries. */
export interface Probe {
  readonly start: () => void;
  readonly trouble: () => string | undefined;
  readonly stop: () => Promise<void>;
}

export interface ProbeSettings {
  readonly connect: () => OwnConnection;
  /** Of the server, for the log. */
  readonly shown: string;
  readonly log: Log;
  readonly everyMs?: number;
}

const answerWithinMs = 5000;

export function createProbe({ connect, shown, log, everyMs = 2000 }: ProbeSettings): Probe {
  let connection: OwnConnection | undefined;
  let trouble: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let asking: Promise<void> | undefined;

  function report(reason: string | undefined): void {
    if (reason === undefined && trouble !== undefined) log.info('the database answers again', { database: shown });
    if (reason !== undefined && trouble === undefined) {
      log.error('the database does not answer', { database: shown, reason });
    }
    trouble = reason;
  }

  async function connected(): Promise<OwnConnection> {
    if (connection !== undefined) return connection;
    const fresh = connect();
    connection = fresh;
    // A server that goes down says so on every connection.
    fresh.client.on('error', (error) => lose(fresh, reasonOf(error)));
    await fresh.client.connect();
    return fresh;
  }

  function lose(gone: OwnConnection, reason: string): void {
    if (connection !== gone) return;
    connection = undefined;
    report(reason);
    void gone.close();
  }

  async function isStandby(): Promise<boolean> {
    const { client } = await connected();
    const { rows } = await client.query<{ is: boolean }>('select pg_is_in_recovery() as is');
    return rows[0]?.is === true;
  }

  async function ask(): Promise<void> {
    try {
      const standby = await Promise.race([isStandby(), late()]);
      report(standby ? 'the server is a standby and takes no writes' : undefined);
    } catch (error) {
      report(reasonOf(error));
      if (connection !== undefined) lose(connection, reasonOf(error));
    }
  }

  function askOnce(): void {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
  }

  return {
    start: () => {
      timer = setInterval(askOnce, everyMs).unref();
      askOnce();
    },
    trouble: () => trouble,
    stop: async () => {
      clearInterval(timer);
      await asking;
      await connection?.close();
    },
  };
}

async function late(): Promise<never> {
  await sleep(answerWithinMs, undefined, { ref: false });
  throw new SourceError(`no answer within ${answerWithinMs / 1000} s`);
}

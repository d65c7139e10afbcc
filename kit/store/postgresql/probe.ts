import type { Client } from 'pg';
import { reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** Knows whether the server answers, by a connection of its own: those of the pool may all be busy with long queries. */
export interface Probe {
  readonly start: () => void;
  readonly trouble: () => string | undefined;
  readonly stop: () => Promise<void>;
}

export interface ProbeSettings {
  readonly connect: () => Client;
  readonly shown: string;
  readonly log: Log;
  readonly everyMs?: number;
}

export function createProbe({ connect, shown, log, everyMs = 2000 }: ProbeSettings): Probe {
  let client: Client | undefined;
  let trouble: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let asking: Promise<void> | undefined;

  function report(reason: string | undefined): void {
    if (reason === undefined && trouble !== undefined) log.info('the database answers again', { database: shown });
    if (reason !== undefined && trouble === undefined)
      log.error('the database does not answer', { database: shown, reason });
    trouble = reason;
  }

  async function connected(): Promise<Client> {
    if (client !== undefined) return client;
    const fresh = connect();
    // A server that goes down says so on every connection.
    fresh.on('error', (error) => lose(fresh, reasonOf(error)));
    await fresh.connect();
    client = fresh;
    return fresh;
  }

  function lose(gone: Client, reason: string): void {
    if (client === gone) client = undefined;
    report(reason);
    gone.end().catch(() => undefined);
  }

  async function ask(): Promise<void> {
    const used = client;
    try {
      const { rows } = await (await connected()).query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
      report(rows[0]?.standby === true ? 'the server is a standby and takes no writes' : undefined);
    } catch (error) {
      report(reasonOf(error));
      if (used !== undefined) lose(used, reasonOf(error));
    }
  }

  return {
    start: () => {
      timer = setInterval(() => {
        asking ??= ask().finally(() => {
          asking = undefined;
        });
      }, everyMs).unref();
    },
    trouble: () => trouble,
    stop: async () => {
      clearInterval(timer);
      await asking;
      await client?.end().catch(() => undefined);
    },
  };
}

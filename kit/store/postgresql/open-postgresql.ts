import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Clock } from '../../clock.ts';
import { ConfigError, reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Database, OwnConnection } from '../database.ts';
import { setUpSession } from '../session.ts';
import { mendable } from './explain.ts';
import { ownConnection } from './own-connection.ts';
import { createProbe } from './probe.ts';
import { parseServerAddress } from './server-address.ts';

export interface PostgresqlSettings {
  readonly url: string;
  /** Names the option or file that holds the URL. */
  readonly where: string;
  readonly schema: string;
  readonly applicationName: string;
  readonly statementSeconds: number;
  /** How long a server that does not answer is waited for at the start. */
  readonly patienceSeconds: number;
  readonly log: Log;
  readonly clock: Clock;
}

const oldestVersion = 150_000;
const poolSize = 10;
const connectSeconds = 10;
const queueSeconds = 60;
const pauseMs = 500;

/** Connects to a server, which must answer before this resolves. Later it may come and go. */
export async function openPostgresql(settings: PostgresqlSettings): Promise<Database> {
  const { log, statementSeconds } = settings;
  const address = parseServerAddress(settings.url, settings.where);
  const connection = {
    connectionString: address.connectionString,
    application_name: settings.applicationName,
    keepAlive: true,
  };
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    connectionTimeoutMillis: queueSeconds * 1000,
    // The server ends a statement itself; this is for one that has gone without a word.
    query_timeout: (statementSeconds + 5) * 1000,
    onConnect: (client) => setUpSession(client, settings),
  });
  // Whoever runs a query hears of it; without a listener it would end the process.
  pool.on('error', (error) => log.debug('a connection to the database ended', { reason: reasonOf(error) }));
  const connect = (): OwnConnection => ownConnection({ ...connection, connectionTimeoutMillis: connectSeconds * 1000 });
  const probe = createProbe({ connect, log, shown: address.shown });
  try {
    await waitUntilThere(connect, address.shown, settings);
    await checkServer(pool, address.shown);
  } catch (error) {
    await pool.end();
    throw error;
  }
  probe.start();
  return {
    kind: 'postgresql',
    pool,
    connect,
    trouble: probe.trouble,
    fsyncs: () => undefined,
    unhurried: (work) => work(),
    close: async () => {
      await probe.stop();
      await pool.end();
    },
  };
}

async function waitUntilThere(
  connect: () => OwnConnection,
  shown: string,
  { clock, log, patienceSeconds, where }: PostgresqlSettings,
): Promise<void> {
  const until = clock.monotonic() + patienceSeconds;
  for (let isFirst = true; ; isFirst = false) {
    const reason = await reasonNotToAnswer(connect(), shown);
    if (reason === undefined) return;
    if (clock.monotonic() >= until) {
      throw new ConfigError(
        `the database at ${shown} does not answer: ${reason}; start it, or mend the address in ${where}`,
      );
    }
    if (isFirst) log.warn('the database does not answer yet', { database: shown, reason, patienceSeconds });
    await sleep(pauseMs);
  }
}

async function reasonNotToAnswer({ client, close }: OwnConnection, shown: string): Promise<string | undefined> {
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    const mended = mendable(error, shown);
    if (mended !== undefined) throw mended;
    return reasonOf(error);
  } finally {
    await close();
  }
}

async function checkServer(pool: pg.Pool, shown: string): Promise<void> {
  const { rows } = await pool.query<{ version: number; name: string; encoding: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
      current_setting('server_encoding') as encoding`,
  );
  const [server] = rows;
  if (server === undefined || server.version < oldestVersion) {
    throw new ConfigError(`the database at ${shown} is PostgreSQL ${server?.name}; it must be 15 or newer`);
  }
  if (server.encoding !== 'UTF8') {
    throw new ConfigError(
      `the database at ${shown} has the encoding ${server.encoding}; create one with ENCODING 'UTF8'`,
    );
  }
}

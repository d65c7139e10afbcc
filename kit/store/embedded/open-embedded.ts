import pg, { type ClientBase } from 'pg';
import type { Clock } from '../../clock.ts';
import { ConfigError, reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Database } from '../database.ts';
import { setUpSession } from '../session.ts';
import { prepareData, storeFolder } from './data-folder.ts';
import { lockData } from './data-lock.ts';
import { createEngine } from './engine.ts';
import { createEngineStream } from './engine-stream.ts';

export interface EmbeddedSettings {
  readonly folder: string;
  readonly schema: string;
  readonly statementSeconds: number;
  readonly log: Log;
  readonly clock: Clock;
}

/** How long a query waits for those before it. A long load is cut into pieces by whoever runs it. */
const queueSeconds = 60;

/** Opens the database in the folder, or lays one there. It has one connection, which the pool hands out in the order of asking. */
export async function openEmbedded(settings: EmbeddedSettings): Promise<Database> {
  const { log, statementSeconds, clock } = settings;
  const folder = storeFolder(settings.folder);
  let lost: string | undefined;
  const lock = await lockData({
    path: folder.lock,
    folder: folder.path,
    onLost: (holder) => {
      lost = `the folder ${folder.path} was taken over by ${holder}`;
      log.error('the folder of the database was taken over; nothing is written any more', {
        folder: folder.path,
        holder,
      });
      void engine.stop(lost);
    },
  });
  const engine = createEngine({ dataFolder: folder.data, statementSeconds, log, clock });
  try {
    await prepareData(folder, log);
    await engine.start().catch((error: unknown) => {
      throw new ConfigError(`cannot open the database in ${folder.path}: ${reasonOf(error)}`);
    });
  } catch (error) {
    await engine.close();
    await lock.release();
    throw error;
  }
  const pool = new pg.Pool({
    stream: () => createEngineStream(engine.thread),
    user: 'postgres',
    password: 'none',
    database: 'postgres',
    host: 'localhost',
    ssl: false,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: queueSeconds * 1000,
    onConnect: (client) => takeOver(client, settings),
  });
  // Whoever runs a query hears of it; without a listener it would end the process.
  pool.on('error', (error) => log.debug('a connection to the embedded database ended', { reason: reasonOf(error) }));
  return {
    kind: 'embedded',
    pool,
    connect: undefined,
    trouble: () => lost ?? engine.trouble(),
    fsyncs: engine.fsyncs,
    unhurried: engine.unhurried,
    close: async () => {
      await pool.end();
      await engine.close();
      await lock.release();
    },
  };
}

/** The session inside is always the same one; what an earlier connection left behind in it must go. */
async function takeOver(client: ClientBase, settings: EmbeddedSettings): Promise<void> {
  await client.query('rollback');
  await client.query('discard all');
  await setUpSession(client, settings);
}

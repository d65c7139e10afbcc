import type { PoolClient } from 'pg';
import type { Database } from './database.ts';

/** Runs work on one connection, which is closed instead of handed back if the work fails: a transaction may be open on it. */
export async function withConnection<T>(
  { pool }: Pick<Database, 'pool'>,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // It may end between two queries; the next one tells. Without a listener it would end the process.
  const onError = (): void => undefined;
  client.on('error', onError);
  let isBroken = true;
  try {
    const result = await work(client);
    isBroken = false;
    return result;
  } finally {
    client.off('error', onError);
    client.release(isBroken);
  }
}

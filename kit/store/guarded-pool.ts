import { AsyncLocalStorage } from 'node:async_hooks';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { reasonOf, SourceError } from '../errors.ts';

/** Hands out connections, and refuses one to work that has a transaction open already. */
export interface GuardedPool {
  readonly pool: PostgresPool;
  /** Runs what a transaction consists of; inside of it the pool gives nothing. */
  readonly inside: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * The embedded database has one connection: a query beside the transaction would wait for the transaction, which waits for the query.
 * A server has more, until they are all waiting for each other; so the mistake is an error on both.
 */
export function guardPool(pool: Pool): GuardedPool {
  const transactions = new AsyncLocalStorage<{ isOpen: boolean }>();

  async function connect(): Promise<PostgresPoolClient> {
    if (transactions.getStore()?.isOpen === true) {
      throw new Error(
        'a query on the store from inside of a transaction would wait for itself; use the transaction that was handed in',
      );
    }
    return handedOut(await pool.connect().catch((error: unknown) => Promise.reject(explained(error))));
  }

  return {
    pool: { connect, end: () => pool.end() },
    inside: (work) => {
      const transaction = { isOpen: true };
      return transactions.run(transaction, async () => {
        try {
          return await work();
        } finally {
          // What was started inside and not awaited may go on now.
          transaction.isOpen = false;
        }
      });
    },
  };
}

/** A connection that is closed instead of handed on when the server has not answered on it. */
function handedOut(client: PoolClient): PostgresPoolClient {
  let broken: Error | undefined;
  // It may end between two queries of a transaction; the next one tells.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);

  async function query(text: string, parameters: readonly unknown[]): Promise<unknown> {
    // The transaction ended with its connection; an error here would hide the one that tells why.
    if (broken !== undefined && text === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] };
    try {
      return await client.query(text, [...parameters]);
    } catch (error) {
      // Only an error of the server itself leaves the connection in a known state.
      if (!isOfServer(error)) broken = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  return {
    query: query as PostgresPoolClient['query'],
    release: () => {
      client.off('error', onError);
      client.release(broken);
    },
  };
}

/** The driver's own words for a queue that does not move. */
function explained(error: unknown): unknown {
  if (reasonOf(error) !== 'timeout exceeded when trying to connect') return error;
  return new SourceError(
    'all connections to the database are taken, and none came back in time: a transaction takes too long, or waits for a query beside it',
  );
}

function isOfServer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'severity' in error;
}

import type { Client, Pool } from 'pg';

/** A connection of one's own; `client.connect()` opens it. */
export interface OwnConnection {
  readonly client: Client;
  /** Also if the server does not answer any more. */
  readonly close: () => Promise<void>;
}

/** A database of either kind, as the store sees it. */
export interface Database {
  readonly kind: 'embedded' | 'postgresql';
  readonly pool: Pool;
  /** A connection beside those of the pool; undefined for the embedded database, which has but one. */
  readonly connect: (() => OwnConnection) | undefined;
  /** Why it does not answer; undefined while it does. */
  readonly trouble: () => string | undefined;
  /** Files that the embedded database has brought to the disk since the start. */
  readonly fsyncs: () => number | undefined;
  /** Runs work whose statements may take any time. */
  readonly unhurried: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Precedence } from '../../exporters/cmdb/inventory/precedence.ts';
import { type CmdbStore, createCmdbStore, type Look } from '../../exporters/cmdb/store/cmdb-store.ts';
import { cmdbMigrations } from '../../exporters/cmdb/store/migrations.ts';
import { type CmdbTables, cmdbSchema } from '../../exporters/cmdb/store/tables.ts';
import type { Clock } from '../../kit/clock.ts';
import { createLog } from '../../kit/log.ts';
import { openStore, type Store } from '../../kit/store/store.ts';
import { observation } from './cmdb-observed.ts';
import { layEmptyDatabase } from './empty-database.ts';

export interface TestClock extends Clock {
  readonly advance: (seconds: number) => void;
}

export function testClock(start = 1_800_000_000): TestClock {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now,
    advance: (seconds) => {
      now += seconds;
    },
  };
}

export interface TestDatabase {
  readonly store: Store<CmdbTables>;
  /** Empties the tables and begins anew. */
  readonly empty: (options?: { readonly clock?: TestClock; readonly precedence?: Precedence }) => Promise<TestCmdb>;
  readonly close: () => Promise<void>;
}

export interface TestCmdb {
  readonly cmdb: CmdbStore;
  readonly store: Store<CmdbTables>;
  readonly clock: TestClock;
  /** Another follower of the same database, as a second replica has it. */
  readonly replica: () => Promise<CmdbStore>;
  readonly look: (items: Look['observation']['items'], more?: Partial<Look>) => ReturnType<CmdbStore['look']>;
}

const silent = createLog({ level: 'error', format: 'logfmt', daemon: 'cmdb', write: () => undefined });
const tables = 'item, claim, identity, relation, change, finding, look, maintenance_window';

/** A real database with the tables of the inventory: the embedded one in a folder of its own, or a PostgreSQL server by its URL. */
export async function openTestDatabase(url: string | undefined): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'cmdb-store-'));
  if (url === undefined) layEmptyDatabase(folder);
  const settings = { folder, url, schema: cmdbSchema, migrations: cmdbMigrations, log: silent, clock: testClock() };
  const store = await openStore<CmdbTables>(settings);
  return {
    store,
    empty: async ({ clock = testClock(), precedence = { order: ['file', 'scan'], ofAttribute: new Map() } } = {}) => {
      await sql`truncate ${sql.raw(tables)} restart identity`.execute(store.db);
      const open = () => createCmdbStore({ db: store.db, transaction: store.transaction, clock, precedence });
      const cmdb = await open();
      return { cmdb, store, clock, replica: open, look: (items, more) => lookWith(cmdb, clock, items, more) };
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function lookWith(cmdb: CmdbStore, clock: TestClock, items: Look['observation']['items'], more: Partial<Look> = {}) {
  return cmdb.look({
    source: 'scan',
    type: 'test',
    observation: observation(items),
    startedAt: clock.now(),
    mayCreate: true,
    maxMissingRatio: 0.2,
    check: () => [],
    ...more,
  });
}

import { sql } from 'kysely';
import { createAlertContexts } from '../../exporters/cmdb/alerts/alert-contexts.ts';
import { createAlertRelay } from '../../exporters/cmdb/alerts/relay.ts';
import { explainCmdbError } from '../../exporters/cmdb/api/explain-error.ts';
import { cmdbRoutes } from '../../exporters/cmdb/api/routes/index.ts';
import type { CmdbServices } from '../../exporters/cmdb/api/services.ts';
import { createFinder } from '../../exporters/cmdb/find/create-finder.ts';
import { defaultSdSettings } from '../../exporters/cmdb/service-discovery/sd-list.ts';
import { createServiceDiscovery } from '../../exporters/cmdb/service-discovery/service-discovery.ts';
import { createGoodCounts } from '../../exporters/cmdb/store/good-counts.ts';
import { createMaintenanceBook } from '../../exporters/cmdb/store/maintenance-book.ts';
import type { AccessRules } from '../../kit/api/access.ts';
import type { Log } from '../../kit/log.ts';
import { type ApiAnswer, type ApiRequest, startApiServer } from './api-server.ts';
import { openTestDatabase, type TestCmdb, type TestDatabase } from './cmdb-store.ts';

export interface RunningApi extends TestCmdb {
  readonly url: string;
  readonly services: CmdbServices;
  readonly ask: (path: string, request?: ApiRequest) => Promise<ApiAnswer>;
  /** What the database itself answers. */
  readonly count: (table: string) => Promise<number>;
  readonly create: (item: Readonly<Record<string, unknown>>) => Promise<number>;
  /** What was logged. */
  readonly logged: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export interface ApiSettings {
  readonly services?: Partial<CmdbServices>;
  readonly access?: Partial<AccessRules>;
  /** One that other tests use, too; it is emptied first and not closed. */
  readonly database?: TestDatabase | undefined;
}

/** The routes of the inventory on a free port, with a store in memory. */
export async function startApi({ services: given, access, database: shared }: ApiSettings = {}): Promise<RunningApi> {
  const database = shared ?? (await openTestDatabase(undefined));
  const test = await database.empty();
  const lines: string[] = [];
  const note = (message: string, fields?: object): void =>
    void lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const log: Log = { debug: note, info: note, warn: note, error: note, setLevel: () => undefined };
  const services: CmdbServices = {
    store: test.cmdb,
    clock: test.clock,
    log,
    finder: createFinder(test.cmdb.inventory),
    check: () => [],
    sources: { list: () => [], look: async () => undefined },
    hardware: undefined,
    maxImportBytes: 1024 * 1024,
    expectations: () => ({ list: [], notSeenAfter: undefined }),
    isUnderMaintenance: () => false,
    ...outputsOf(test, log),
    ...given,
  };
  const server = await startApiServer(cmdbRoutes, {
    services,
    log,
    explainError: explainCmdbError,
    ...(access === undefined ? {} : { access }),
  });
  const { url, ask } = server;
  return {
    ...test,
    url,
    services,
    ask,
    count: async (table) => {
      const { rows } = await sql<{ count: number }>`select count(*)::integer as count from ${sql.table(table)}`.execute(
        database.store.db,
      );
      return rows[0]?.count ?? 0;
    },
    create: async (item) => {
      const { status, json, text } = await ask('/api/v1/items', { method: 'POST', body: item });
      if (status !== 201) throw new Error(`not created: ${text}`);
      return json.id;
    },
    logged: () => lines,
    stop: async () => {
      await server.stop();
      if (shared === undefined) await database.close();
    },
  };
}

function outputsOf({ cmdb: store, clock, store: { db } }: TestCmdb, log: Log) {
  const maintenance = createMaintenanceBook({ db, store, clock });
  const contexts = createAlertContexts({ store, openWindows: maintenance.open, clock });
  const { inventory } = store;
  return {
    maintenance,
    onWindowChanged: () => undefined,
    discovery: createServiceDiscovery(defaultSdSettings, {
      inventory,
      trouble: () => undefined,
      counts: createGoodCounts({ db, clock }),
      clock,
      log,
    }),
    contexts,
    relay: createAlertRelay([], { contexts, externalUrl: undefined, readFile: () => '', log }),
    externalUrl: undefined,
  };
}

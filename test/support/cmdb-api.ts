import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import express from 'express';
import { sql } from 'kysely';
import { createAlertContexts } from '../../exporters/cmdb/alerts/alert-contexts.ts';
import { createAlertRelay } from '../../exporters/cmdb/alerts/relay.ts';
import type { AccessRules } from '../../exporters/cmdb/api/access.ts';
import { createRoleTokens } from '../../exporters/cmdb/api/role-tokens.ts';
import { cmdbRoutes } from '../../exporters/cmdb/api/routes/index.ts';
import { serveRoutes } from '../../exporters/cmdb/api/serve-routes.ts';
import type { CmdbServices } from '../../exporters/cmdb/api/services.ts';
import { createFinder } from '../../exporters/cmdb/find/create-finder.ts';
import { defaultSdSettings } from '../../exporters/cmdb/service-discovery/sd-list.ts';
import { createServiceDiscovery } from '../../exporters/cmdb/service-discovery/service-discovery.ts';
import { createGoodCounts } from '../../exporters/cmdb/store/good-counts.ts';
import { createMaintenanceBook } from '../../exporters/cmdb/store/maintenance-book.ts';
import type { Log } from '../../kit/log.ts';
import { openTestDatabase, type TestCmdb, type TestDatabase } from './cmdb-store.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  // What comes back is looked at key by key.
  readonly json: ReturnType<typeof JSON.parse>;
}

export interface ApiRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

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
  const app = express();
  app.disable('etag');
  const rules = { tokens: undefined, read: 'open', listenAddress: { host: '127.0.0.1', port: 0 }, ...access } as const;
  serveRoutes(app, cmdbRoutes, { services, access: rules, log });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const ask = (path: string, request: ApiRequest = {}): Promise<ApiAnswer> => askUrl(`${url}${path}`, request);
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
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (shared === undefined) await database.close();
    },
  };
}

/** Bodies that are no text are sent as JSON. */
export function askUrl(url: string, { method = 'GET', body, headers = {} }: ApiRequest = {}): Promise<ApiAnswer> {
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, agent: false, headers: { ...type, ...headers } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const received = Buffer.concat(chunks).toString('utf8');
        const isJson = incoming.headers['content-type']?.startsWith('application/json') === true;
        const json = isJson && received !== '' ? JSON.parse(received) : undefined;
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: received, json });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(text);
  });
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

export const testTokens = { reader: 'reader-token', editor: 'editor-token', admin: 'admin-token' } as const;

/** Tokens of all roles, as their file would give them. */
export function testRoleTokens(log: Log): AccessRules['tokens'] {
  const lines = Object.entries(testTokens).map(
    ([role, token]) => `${createHash('sha256').update(token).digest('hex')} ${role} ${role}-program`,
  );
  return createRoleTokens('tokens', { readFile: () => lines.join('\n'), signatureOf: () => '', log });
}

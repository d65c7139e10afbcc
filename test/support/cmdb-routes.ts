import { createServer } from 'node:http';
import express from 'express';
import { explainCmdbError } from '../../exporters/cmdb/api/explain-error.ts';
import type { Route } from '../../kit/api/route.ts';
import { serveRoutes } from '../../kit/api/serve-routes.ts';
import { quietLog } from './stores.ts';

export interface RunningApi {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Routes of the inventory's API on loopback, where whoever asks may do everything. */
export async function startCmdbApi<S>(routes: readonly Route<S>[], services: S): Promise<RunningApi> {
  const app = express();
  app.disable('etag');
  const access = { tokens: undefined, read: 'open', listenAddress: { host: '127.0.0.1', port: 0 } } as const;
  serveRoutes(app, routes, { services, access, log: quietLog, explainError: explainCmdbError });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for a loopback server');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

export async function askJson(
  url: string,
  options: {
    readonly method?: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<JsonAnswer> {
  const { method = 'GET', body, headers = {} } = options;
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
}

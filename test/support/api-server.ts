import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import express from 'express';
import type { AccessRules } from '../../kit/api/access.ts';
import type { ExplainError } from '../../kit/api/explain-error.ts';
import { createRoleTokens } from '../../kit/api/role-tokens.ts';
import type { Route } from '../../kit/api/route.ts';
import { serveRoutes } from '../../kit/api/serve-routes.ts';
import type { Log } from '../../kit/log.ts';
import { quietLog } from './stores.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;
  // What comes back is looked at key by key.
  readonly json: ReturnType<typeof JSON.parse>;
}

export interface ApiRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiServer {
  readonly url: string;
  readonly ask: (path: string, request?: ApiRequest) => Promise<ApiAnswer>;
  readonly stop: () => Promise<void>;
}

export interface ApiServerSettings<S> {
  readonly services: S;
  /** On loopback, where whoever asks may do everything, if it is left out. */
  readonly access?: Partial<AccessRules>;
  readonly log?: Log;
  readonly explainError?: ExplainError;
}

/** Routes on a free port of loopback. */
export async function startApiServer<S>(
  routes: readonly Route<S>[],
  { services, access, log = quietLog, explainError = () => undefined }: ApiServerSettings<S>,
): Promise<ApiServer> {
  const app = express();
  app.disable('etag');
  const rules = { tokens: undefined, read: 'open', listenAddress: { host: '127.0.0.1', port: 0 }, ...access } as const;
  serveRoutes(app, routes, { services, access: rules, log, explainError });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url,
    ask: (path, request = {}) => askUrl(`${url}${path}`, request),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
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
        const bytes = Buffer.concat(chunks);
        const received = bytes.toString('utf8');
        const isJson = incoming.headers['content-type']?.startsWith('application/json') === true;
        const json = isJson && received !== '' ? JSON.parse(received) : undefined;
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: received, bytes, json });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(text);
  });
}

export const testTokens = { reader: 'reader-token', editor: 'editor-token', admin: 'admin-token' } as const;

/** Tokens of all roles, as their file would give them. */
export function testRoleTokens(log: Log): AccessRules['tokens'] {
  const lines = Object.entries(testTokens).map(
    ([role, token]) => `${createHash('sha256').update(token).digest('hex')} ${role} ${role}-program`,
  );
  return createRoleTokens('tokens', { readFile: () => lines.join('\n'), signatureOf: () => '', log });
}

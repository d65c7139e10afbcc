import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { type Route, routeOf } from '../../../kit/api/route.ts';
import { serveRoutes } from '../../../kit/api/serve-routes.ts';
import { askUrl } from '../../support/api-server.ts';
import { quietLog } from '../../support/stores.ts';

const idleMs = 60;
const slowMs = 5 * idleMs;
const route = routeOf<object>();
const common = { tag: 'x', access: 'open', summary: 'x', parameters: {}, answers: {} } as const;
const ended: string[] = [];

async function* slowPieces(): AsyncGenerator<string> {
  try {
    for (const piece of ['a', 'b', 'c']) {
      await sleep(slowMs);
      yield piece;
    }
  } finally {
    ended.push('slow');
  }
}

async function* manyPieces(): AsyncGenerator<string> {
  try {
    for (;;) yield 'x'.repeat(1024 * 1024);
  } finally {
    ended.push('many');
  }
}

const routes: readonly Route<object>[] = [
  route({
    ...common,
    ...{ method: 'get', path: '/api/v1/slow', id: 'slow' },
    handle: async () => {
      await sleep(slowMs);
      return { json: { done: true } };
    },
  }),
  route({
    ...common,
    ...{ method: 'get', path: '/api/v1/pieces', id: 'pieces' },
    handle: () => ({ pieces: slowPieces(), type: 'text/csv' }),
  }),
  route({
    ...common,
    ...{ method: 'get', path: '/api/v1/many', id: 'many' },
    handle: () => ({ pieces: manyPieces(), type: 'text/csv' }),
  }),
];

const app = express();
serveRoutes(app, routes, {
  services: {},
  access: { tokens: undefined, read: 'open', listenAddress: { host: '127.0.0.1', port: 0 } },
  log: quietLog,
});
const server = app.listen(0, '127.0.0.1');
server.setTimeout(idleMs);
let port = 0;
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('an answer that takes longer than a socket may be idle comes all the same', async () => {
  expect((await askUrl(`http://127.0.0.1:${port}/api/v1/slow`)).json).toEqual({ done: true });
});

test('so does one whose pieces take long', async () => {
  expect((await askUrl(`http://127.0.0.1:${port}/api/v1/pieces`)).text).toBe('abc');
  expect(ended).toEqual(['slow']);
});

test('whoever does not take the answer is left as soon as ever, and the work ends', async () => {
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write('GET /api/v1/many HTTP/1.1\r\nHost: x\r\n\r\n');
  while (!ended.includes('many')) await sleep(idleMs);
  socket.destroy();
  expect(ended).toContain('many');
});

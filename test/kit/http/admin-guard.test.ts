import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { adminGuard, checkTokenFile } from '../../../kit/http/admin-guard.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-guard-'));
const tokenFile = join(folder, 'token');
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const readFile = (path: string): string => readFileSync(path, 'utf8');

/** Posts to a guarded path; `host` is where the daemon believes to listen. */
async function post(
  settings: { readonly tokenFile?: string; readonly host?: string | undefined },
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const guard = adminGuard({
    option: '--admin.token-file',
    tokenFile: settings.tokenFile,
    listenAddress: { host: settings.host, port: 0 },
    readFile,
  });
  const app = express();
  app.post('/act', guard, (_request, response) => void response.send('acted'));
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const response = await fetch(`http://127.0.0.1:${port}/act`, { method: 'POST', headers });
  return { status: response.status, text: await response.text() };
}

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('without a token %s may act', async (host) => {
  expect(await post({ host })).toEqual({ status: 200, text: 'acted' });
});

test.each([undefined, '0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org'])(
  'without a token nobody may act where others can connect: %s',
  async (host) => {
    const { status, text } = await post({ host });
    expect(status).toBe(403);
    expect(text).toContain('--admin.token-file');
  },
);

test('without a token a web page may not act, though its browser runs on this machine', async () => {
  expect((await post({ host: '127.0.0.1' }, { origin: 'https://example.org' })).status).toBe(403);
});

test.each(['forwarded', 'x-forwarded-for', 'via'])(
  'without a token nobody may act through a proxy: %s',
  async (header) => {
    const { status, text } = await post({ host: '127.0.0.1' }, { [header]: 'for=10.1.1.1' });
    expect([status, text]).toEqual([403, expect.stringContaining('--admin.token-file')]);
  },
);

describe('with a token', () => {
  beforeEach(() => writeFileSync(tokenFile, 'first\n'));

  test.each([
    ['in the Authorization header', { authorization: 'Bearer first' }, 200],
    ['in the header for daemons with passwords', { 'x-admin-token': 'first' }, 200],
    ['that is wrong', { authorization: 'Bearer second' }, 401],
    ['that is only a part', { authorization: 'Bearer firs' }, 401],
    ['that is missing', {}, 401],
    ['that is empty', { authorization: 'Bearer ' }, 401],
    ['under another scheme', { authorization: 'Basic first' }, 401],
  ])('%s', async (_, headers, status) => {
    expect((await post({ tokenFile, host: undefined }, headers)).status).toBe(status);
  });

  test('it is needed on a loopback address too', async () => {
    expect((await post({ tokenFile, host: '127.0.0.1' })).status).toBe(401);
  });

  test('a replaced file counts at once', async () => {
    writeFileSync(tokenFile, 'second');
    expect((await post({ tokenFile }, { authorization: 'Bearer second' })).status).toBe(200);
    expect((await post({ tokenFile }, { authorization: 'Bearer first' })).status).toBe(401);
  });

  test('a file that is gone lets nobody pass and shows no token', async () => {
    rmSync(tokenFile);
    const { status, text } = await post({ tokenFile }, { authorization: 'Bearer first' });
    expect(status).toBe(500);
    expect(text).toContain('--admin.token-file cannot be read');
    expect(text).not.toContain('first');
  });
});

test.each([
  ['is empty', ''],
  ['is blank', ' \n'],
  ['is huge', 'x'.repeat(5000)],
])('a token file that %s is refused at the start', (_, text) => {
  writeFileSync(tokenFile, text);
  expect(() => checkTokenFile({ option: '--admin.token-file', tokenFile, readFile })).toThrow(/must hold one token/);
});

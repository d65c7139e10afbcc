import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAlertContexts } from '../../../../exporters/cmdb/alerts/alert-contexts.ts';
import { readRelays } from '../../../../exporters/cmdb/alerts/read-relays.ts';
import { createAlertRelay } from '../../../../exporters/cmdb/alerts/relay.ts';
import { alertRoutes } from '../../../../exporters/cmdb/api/routes/alert-routes.ts';
import { systemClock } from '../../../../kit/clock.ts';
import { type AlertReceiver, startAlertReceiver } from '../../../support/alert-receiver.ts';
import { askJson, type RunningApi, startCmdbApi } from '../../../support/cmdb-routes.ts';
import { smallSite } from '../../../support/cmdb-site.ts';
import { freePort } from '../../../support/free-port.ts';
import { quietLog } from '../../../support/stores.ts';

let receiver: AlertReceiver;
let api: RunningApi;
/** Answers what its path says. */
let refusing: Server;
let refusingUrl: string;
let isSlow = false;
const files: Readonly<Record<string, string>> = { '/token': 's3cret\n', '/hook': '' };

beforeAll(async () => {
  receiver = await startAlertReceiver();
  refusing = createServer((request, response) => response.writeHead(Number(request.url?.slice(1))).end('no'));
  const port = await freePort();
  await new Promise<void>((resolve) => refusing.listen(port, '127.0.0.1', () => resolve()));
  refusingUrl = `http://127.0.0.1:${port}`;
  const readFile = (path: string): string =>
    path === '/hook' ? `${receiver.url}/hooks/S3CRETPATH` : (files[path] ?? '');
  const dead = await freePort();
  const relays = readRelays(
    {
      value: [
        { name: 'chat', url: `${receiver.url}/alerts`, token_file: '/token' },
        { name: 'hook', url_file: '/hook' },
        ...[400, 401, 429, 500, 503, 302].map((status) => ({ name: `s${status}`, url: `${refusingUrl}/${status}` })),
        { name: 'dead', url: `http://127.0.0.1:${dead}/S3CRETPATH` },
      ],
      where: 'cmdb.yaml: alert_relays',
    },
    { readFile },
  );
  const inventory = smallSite();
  const contexts = createAlertContexts({
    store: { inventory, history: async () => [] },
    openWindows: () => [],
    clock: systemClock,
  });
  const slow = {
    of: async (alerts: Parameters<typeof contexts.of>[0]) => {
      if (isSlow) await sleep(5000, undefined, { ref: false });
      return contexts.of(alerts);
    },
  };
  const relay = createAlertRelay(relays, { contexts: slow, externalUrl: undefined, readFile, log: quietLog });
  api = await startCmdbApi(alertRoutes, { contexts, relay, externalUrl: undefined });
});
afterAll(async () => {
  await api?.stop();
  refusing?.close();
  await receiver?.stop();
});

const message = { version: '4', alerts: [{ status: 'firing', labels: { node: 'node-1' }, annotations: {} }] };
const send = (name: string, body: unknown = message) =>
  askJson(`${api.url}/api/v1/alerts/relay/${name}`, { method: 'POST', body });

test('a message arrives with what is known, and with the token of the file', async () => {
  expect(await send('chat')).toMatchObject({ status: 200, json: { enriched: true } });
  const { body, authorization } = await receiver.delivery('the message', ({ path }) => path === '/alerts');
  expect(authorization).toBe('Bearer s3cret');
  expect(body).toMatchObject({
    alerts: [{ annotations: { cmdb_rack: 'r1', cmdb_owner: 'Ada', cmdb_service: 'vision-prod/trainer (vision)' } }],
  });
});

test('an address that is a secret comes from a file', async () => {
  expect((await send('hook')).status).toBe(200);
  await receiver.delivery('the message', ({ path }) => path === '/hooks/S3CRETPATH');
});

test('a message that cannot be enriched, or not in time, is passed on as it came', async () => {
  const odd = { version: '5', alerts: [{ labels: { node: 7 }, extra: [1] }], other: { a: null } };
  expect(await send('chat', odd)).toMatchObject({ status: 200, json: { enriched: false } });
  await receiver.delivery('the odd message', ({ body }) => JSON.stringify(body) === JSON.stringify(odd));
  isSlow = true;
  const late = { ...message, groupKey: 'late' };
  const started = performance.now();
  expect(await send('chat', late)).toMatchObject({ status: 200, json: { enriched: false } });
  expect(performance.now() - started).toBeLessThan(4000);
  isSlow = false;
  await receiver.delivery('the late message', ({ body }) => JSON.stringify(body) === JSON.stringify(late));
});

test.each([
  ['s400', 400],
  ['s401', 401],
  ['s429', 503],
  ['s500', 502],
  ['s503', 502],
  ['s302', 502],
  ['dead', 502],
])('a receiver %s is answered as %s, without its address', async (name, status) => {
  const answer = await send(name);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.json)).not.toMatch(/S3CRET|127\.0\.0\.1/);
});

test('nothing but what is configured can be reached', async () => {
  expect((await send('other')).status).toBe(404);
  expect((await send(encodeURIComponent('http://127.0.0.1'))).status).toBe(400);
  expect((await send('chat', '{"alerts": [')).status).toBe(400);
  expect((await send('chat', { alerts: 'x' })).status).toBe(400);
  expect((await send('chat', { alerts: [], pad: 'x'.repeat(17 * 1024 * 1024) })).status).toBe(413);
});

test('a web page on the same machine cannot use the relay', async () => {
  const headers = { origin: 'http://evil.example.com' };
  const answer = await askJson(`${api.url}/api/v1/alerts/relay/chat`, { method: 'POST', body: message, headers });
  expect(answer.status).toBe(403);
});

test('context is given for a message and for a list', async () => {
  const ask = (body: unknown) => askJson(`${api.url}/api/v1/alerts/context`, { method: 'POST', body });
  expect((await ask(message)).json).toMatchObject({ version: '4', alerts: [{ annotations: { cmdb_rack: 'r1' } }] });
  expect((await ask(message.alerts)).json).toMatchObject([{ annotations: { cmdb_rack: 'r1' } }]);
  expect((await ask({ alerts: [{ labels: { node: 7 } }] })).status).toBe(400);
});

test.each([
  [[{ name: 'a' }], 'alert_relays[0] must have either url or url_file'],
  [[{ name: 'a', url: 'ftp://x' }], 'alert_relays[0].url must be an http or https address'],
  [[{ name: 'a', url: 'http://u:p@x' }], 'must not hold a user name or password'],
  [[{ name: 'A/b', url: 'http://x' }], 'alert_relays[0].name must be a name'],
  [
    [
      { name: 'a', url: 'http://x' },
      { name: 'a', url: 'http://y' },
    ],
    'there are two relays a',
  ],
  [[{ name: 'a', url: 'http://x', token_file: '/empty' }], 'the file /empty is empty'],
])('%j is refused', (value, reason) => {
  expect(() => readRelays({ value, where: 'cmdb.yaml: alert_relays' }, { readFile: () => '' })).toThrow(reason);
});

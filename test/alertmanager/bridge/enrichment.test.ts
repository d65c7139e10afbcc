import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { type Answer, type FakeHttpServer, startFakeHttpServer } from '../../support/fake-http-server.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-inventory-'));
const tokenFile = join(folder, 'token');
let robot: FakeRobot;
let inventory: FakeHttpServer | undefined;
let bridge: RunningBridge | undefined;

beforeAll(() => writeFileSync(tokenFile, 't0ken\n'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  robot = await startFakeRobot();
});

afterEach(async () => {
  await bridge?.stop();
  await inventory?.stop();
  inventory = undefined;
  await robot.stop();
});

async function start(answer: Answer | undefined): Promise<string> {
  inventory = answer === undefined ? undefined : await startFakeHttpServer(answer);
  bridge = await startBridgeDaemon({
    robots: { sre: { fake: { url: robot.url } } },
    cmdb: { url: `${inventory?.url ?? 'http://127.0.0.1:9'}/cmdb/`, token_file: tokenFile },
  });
  return bridge.url;
}

const failures = async (): Promise<number | undefined> =>
  sampleValue(await scrape(bridge?.url ?? ''), 'fleetlens_bridge_enrichment_failures_total');

const saying =
  (status: number, body: unknown): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

test('place and owner of an alert are told, from the inventory that is asked with its token', async () => {
  const known = { labels: {}, annotations: { cmdb_owner: 'Ada', cmdb_rack: 'r7', other: 'x' } };
  const url = await start(saying(200, [known]));
  await notify(url, 'sre', webhookMessage('g1', [{ node: 'n7' }]));
  expect(robot.messages[0]?.first?.context).toBe('rack: r7; owner: Ada');
  const [asked] = inventory?.requests ?? [];
  expect([asked?.method, asked?.path]).toEqual(['POST', '/cmdb/api/v1/alerts/context']);
  expect(asked?.headers['authorization']).toBe('Bearer t0ken');
  expect(await failures()).toBe(0);
});

test('what Alertmanager knows already is not asked', async () => {
  const url = await start(saying(500, {}));
  await notify(url, 'sre', webhookMessage('g1', [{ annotations: { context: 'rack: r9' } }]));
  expect(robot.messages[0]?.first?.context).toBe('rack: r9');
  expect([inventory?.requests.length, await failures()]).toEqual([0, 0]);
});

const breakingOff: Answer = (response) => {
  response.writeHead(200).flushHeaders();
  response.destroy();
};

const bad: readonly [what: string, answer: Answer | undefined][] = [
  ['answers 500', saying(500, [{ annotations: { cmdb_owner: 'Ada' } }])],
  ['answers 401', saying(401, {})],
  ['answers a page', (response) => void response.end('<html>Sign in</html>')],
  ['answers for other alerts than those', saying(200, [])],
  ['breaks off', breakingOff],
  ['never answers', () => undefined],
  ['is away', undefined],
];

test.each(bad)('an inventory that %s holds no message up, and is counted', async (_, answer) => {
  const url = await start(answer);
  expect((await notify(url, 'sre', webhookMessage('g1', [{ node: 'n7' }]))).status).toBe(200);
  expect(robot.messages).toMatchObject([{ firing: 1, names: ['GpuLost'] }]);
  expect(robot.messages[0]?.first?.context).toBeUndefined();
  expect(await failures()).toBe(1);
});

test('what an inventory answers is cleaned like any other text', async () => {
  const url = await start(saying(200, [{ annotations: { cmdb_owner: `\u202eadA\n${'x'.repeat(100_000)}` } }]));
  await notify(url, 'sre', webhookMessage('g1', [{}]));
  const context = robot.messages[0]?.first?.context ?? '';
  expect(context).toMatch(/^owner: adA x+…$/);
  expect(context.length).toBeLessThanOrEqual(1_000);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../kit/clock.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';
import { quietLog } from '../../support/stores.ts';

let robot: FakeRobot;
let bridge: RunningBridge | undefined;
let folder: string;

beforeEach(async () => {
  robot = await startFakeRobot();
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-notify-'));
});

afterEach(async () => {
  await bridge?.stop();
  bridge = undefined;
  await robot.stop();
  rmSync(folder, { recursive: true });
});

const tokenFile = (): string => join(folder, 'token');

async function start(...args: readonly string[]): Promise<string> {
  bridge = await startBridgeDaemon({ robots: { sre: { fake: { url: robot.url } } } }, systemClock, { args });
  return bridge.url;
}

async function statusWith(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return (await notify(url, 'sre', webhookMessage('g1', [{}]), undefined, headers)).status;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('only who has the token is taken, and only what is taken is counted', async () => {
  writeFileSync(tokenFile(), 'right\n');
  const url = await start(`--notify.token-file=${tokenFile()}`);
  const basic = { authorization: `Basic ${Buffer.from('a:right').toString('base64')}` };
  const refused = [{}, bearer('wrong'), bearer(''), bearer('right2'), basic];
  for (const headers of refused) expect(await statusWith(url, headers)).toBe(401);
  expect(robot.bodies).toEqual([]);
  const received = 'fleetlens_bridge_notifications_received_total{robot="sre"}';
  expect(sampleValue(await scrape(url), received)).toBe(0);
  expect(await statusWith(url, bearer('right'))).toBe(200);
  expect(robot.messages).toHaveLength(1);
  expect(sampleValue(await scrape(url), received)).toBe(1);
});

test('a robot that is not there is no way around the token', async () => {
  writeFileSync(tokenFile(), 'right\n');
  const url = await start(`--notify.token-file=${tokenFile()}`);
  expect((await notify(url, 'nobody', webhookMessage('g1', [{}]))).status).toBe(401);
});

test('a token that is replaced counts at once, and one that is lost lets nobody in', async () => {
  writeFileSync(tokenFile(), 'first\n');
  const url = await start(`--notify.token-file=${tokenFile()}`);
  writeFileSync(tokenFile(), 'second\n');
  expect(await statusWith(url, bearer('first'))).toBe(401);
  expect(await statusWith(url, bearer('second'))).toBe(200);
  writeFileSync(tokenFile(), '\n');
  expect(await statusWith(url, bearer(''))).toBe(500);
  expect(robot.messages).toHaveLength(1);
});

test.each([
  ['through a proxy', [], { 'x-forwarded-for': '10.0.0.7' }],
  ['by a page in a browser', [], { origin: 'https://evil.example' }],
  ['on an address that others reach', ['--web.listen-address=0.0.0.0:0'], {}],
] as const)('without a token nothing is taken that comes %s', async (_, args, headers) => {
  const url = (await start(...args)).replace('0.0.0.0', '127.0.0.1');
  const answer = await notify(url, 'sre', webhookMessage('g1', [{}]), undefined, headers);
  expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('--notify.token-file') });
  expect(robot.bodies).toEqual([]);
});

test.each([
  ['an address that others reach', '0.0.0.0:0', 1],
  ['loopback', '127.0.0.1:0', 0],
])('a start on %s without a token tells of what will be refused', async (_, address, warnings) => {
  const warned: string[] = [];
  const log = { ...quietLog, warn: (message: string) => void warned.push(message) };
  const args = [`--web.listen-address=${address}`];
  bridge = await startBridgeDaemon({ robots: { sre: { fake: { url: robot.url } } } }, systemClock, { args, log });
  expect(warned).toEqual(Array.from({ length: warnings }, () => 'every notification will be refused'));
});

test('a token file that cannot be read ends the start with what is wrong', async () => {
  await expect(start(`--notify.token-file=${join(folder, 'nothing')}`)).rejects.toThrow('--notify.token-file');
});

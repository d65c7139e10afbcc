import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAlertmanager, startAlertmanager } from '../../support/alertmanager.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-key-'));
const keyFile = join(folder, 'key');
const key = 'k'.repeat(32);
const hour = 3600;
let nowSeconds = 1_800_000_000;
const clock = { now: () => nowSeconds, monotonic: () => nowSeconds };

let alertmanager: RunningAlertmanager;
let robot: FakeRobot;
let bridge: RunningBridge;

const config = (language = 'en'): object => ({
  robots: { sre: { fake: { url: robot.url }, language } },
  alertmanager: { url: alertmanager.url },
  acknowledge: {
    external_url: 'http://bridge.example.com/',
    key_file: keyFile,
    durations: ['1h', '4h'],
    expires: '1d',
  },
});

beforeAll(async () => {
  writeFileSync(keyFile, key);
  robot = await startFakeRobot();
  alertmanager = await startAlertmanager({ config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] } });
  bridge = await startBridgeDaemon(config(), clock);
});

afterAll(async () => {
  await bridge.stop();
  await alertmanager.stop();
  await robot.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  writeFileSync(keyFile, key);
  nowSeconds += 3 * 24 * hour;
});

/** The token in the link of a new message. */
async function newToken(): Promise<string> {
  await notify(bridge.url, 'sre', webhookMessage(`g${nowSeconds}`, [{}]));
  const link = new URL(robot.messages.at(-1)?.acknowledgeUrl ?? '');
  expect(link.href).toMatch(/^http:\/\/bridge\.example\.com\/ack\?token=/);
  return link.searchParams.get('token') ?? '';
}

async function press(form: Readonly<Record<string, string>>): Promise<{ status: number; page: string }> {
  const response = await fetch(`${bridge.url}/ack`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, page: await response.text() };
}

async function open(token: string): Promise<{ status: number; page: string }> {
  const response = await fetch(`${bridge.url}/ack?${new URLSearchParams({ token })}`);
  return { status: response.status, page: await response.text() };
}

async function silences(): Promise<number> {
  const list = await (await fetch(`${alertmanager.url}/api/v2/silences`)).json();
  return (list as readonly unknown[]).length;
}

async function counted(outcome: string): Promise<number> {
  return sampleValue(await scrape(bridge.url), `fleetlens_bridge_acknowledgements_total{outcome="${outcome}"}`) ?? -1;
}

const form = { seconds: '3600', who: 'Ada', all: '1' } as const;

const forgeries: readonly [what: string, forge: (token: string) => string][] = [
  ['no signature', (token) => token.split('.')[0] ?? ''],
  ['another signature', (token) => `${token.split('.')[0]}.${Buffer.alloc(32).toString('base64url')}`],
  [
    'other labels under the signature',
    (token) => {
      const claim = Buffer.from(JSON.stringify([9e9, 'en', { severity: 'critical' }])).toString('base64url');
      return `${claim}.${token.split('.')[1]}`;
    },
  ],
  ['one character more', (token) => `${token}A`],
  ['nothing', () => ''],
];

test.each(forgeries)('a link with %s shows nothing and silences nothing', async (_, forge) => {
  const token = forge(await newToken());
  const before = [await silences(), await counted('refused')];
  expect(await open(token)).toMatchObject({ status: 403, page: expect.stringContaining('does not work') });
  expect(await press({ ...form, token })).toMatchObject({ status: 403 });
  expect([await silences(), await counted('refused')]).toEqual([before[0], (before[1] ?? 0) + 2]);
});

test('a link of another key is refused', async () => {
  const token = await newToken();
  writeFileSync(keyFile, 'x'.repeat(32));
  expect((await press({ ...form, token })).status).toBe(403);
  expect(await silences()).toBe(0);
});

test.each([
  ['en', 'too old'],
  ['zh', '过期'],
] as const)('a link that has expired says so in the language of its message (%s)', async (language, word) => {
  bridge.reload(config(language));
  const token = await newToken();
  nowSeconds += 24 * hour - 1;
  expect((await open(token)).status).toBe(200);
  nowSeconds += 1;
  expect(await open(token)).toMatchObject({ status: 403, page: expect.stringContaining(word) });
  expect((await press({ ...form, token })).status).toBe(403);
  expect(await silences()).toBe(0);
});

test.each([
  ['a time that was not offered', { ...form, seconds: '7200' }],
  ['a time that is no number', { ...form, seconds: 'forever' }],
  ['no name', { ...form, who: ' \u200b ' }],
])('a form with %s is asked again', async (_, bad) => {
  bridge.reload(config());
  expect((await press({ ...bad, token: await newToken() })).status).toBe(400);
  expect(await silences()).toBe(0);
});

test('a form of a megabyte is refused', async () => {
  const { status } = await press({ ...form, token: await newToken(), comment: 'x'.repeat(1_000_000) });
  expect(status).toBe(413);
  expect(await silences()).toBe(0);
});

test('while Alertmanager is away a person is told that nothing was silenced', async () => {
  const failed = await counted('failed');
  bridge.reload({ ...config(), alertmanager: { url: 'http://127.0.0.1:9' } });
  const token = await newToken();
  expect((await open(token)).status).toBe(200);
  expect((await press({ ...form, token })).status).toBe(502);
  expect(await counted('failed')).toBe(failed + 1);
});

test('the form that the others change is taken as it is', async () => {
  bridge.reload(config());
  expect((await press({ ...form, token: await newToken() })).status).toBe(200);
  expect(await silences()).toBe(1);
});

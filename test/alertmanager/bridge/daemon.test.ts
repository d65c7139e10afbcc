import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { type FakeRobot, startFakeRobot, taken } from '../../support/fake-robot.ts';

let robot: FakeRobot;
let bridge: RunningBridge | undefined;

beforeEach(async () => {
  robot = await startFakeRobot();
});

afterEach(async () => {
  await bridge?.stop();
  bridge = undefined;
  await robot.stop();
});

async function start(own: object = {}, more: object = {}): Promise<RunningBridge> {
  bridge = await startBridgeDaemon({ robots: { sre: { fake: { url: robot.url }, ...own } }, ...more });
  return bridge;
}

async function value(name: string, labels: string): Promise<number | undefined> {
  return sampleValue(await scrape(bridge?.url ?? ''), `${name}{${labels}}`);
}

async function answered(): Promise<Readonly<Record<string, number>>> {
  const text = await scrape(bridge?.url ?? '');
  const rows = text.matchAll(/^fleetlens_bridge_alerts_answered_total\{robot="sre",outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries(
    [...rows].filter(([, , count]) => count !== '0').map(([, outcome, count]) => [outcome, Number(count)]),
  );
}

test('a notification is answered once the robot has it', async () => {
  const { url } = await start();
  expect(await notify(url, 'sre', webhookMessage('g1', [{ severity: 'critical' }]))).toMatchObject({ status: 200 });
  expect(robot.messages).toMatchObject([
    { kind: 'group', groups: 1, firing: 1, severity: 'critical', names: ['GpuLost'] },
  ]);
  expect(await answered()).toEqual({ told: 1 });
});

test('what came before is not told again, and two at one moment are one message', async () => {
  const { url } = await start();
  const message = webhookMessage('g1', [{}]);
  const both = await Promise.all([notify(url, 'sre', message), notify(url, 'sre', message)]);
  expect([...both, await notify(url, 'sre', message)].map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(robot.messages).toHaveLength(1);
  expect(await answered()).toEqual({ told: 1, deduplicated: 2 });
  await notify(url, 'sre', webhookMessage('g1', [{ status: 'resolved' }]));
  expect(robot.messages).toHaveLength(2);
});

test('what waits while the robot is busy becomes one digest, most severe first', async () => {
  const { url } = await start({ limit: { messages: 1, per: '1s' } });
  await notify(url, 'sre', webhookMessage('g0', [{}]));
  const answers = await Promise.all(
    ['info', 'warning', 'critical'].map((severity, index) =>
      notify(url, 'sre', webhookMessage(`g${index + 1}`, [{ severity, name: `Of${severity}` }])),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(robot.messages[1]).toMatchObject({
    kind: 'digest',
    groups: 3,
    firing: 3,
    names: ['Ofcritical', 'Ofwarning', 'Ofinfo'],
  });
});

test.each([
  ['HTML', { status: 200, body: '<html>Login</html>' }, 503, { unavailable: 1 }],
  ['500', { status: 500, body: 'oh' }, 503, { unavailable: 1 }],
  [
    '200 with an error in the body',
    { status: 200, body: '{"errcode":310000,"errmsg":"keywords not in content"}' },
    422,
    { refused: 1 },
  ],
] as const)('a robot that answers %s', async (_, answer, status, counted) => {
  const { url } = await start();
  robot.answerWith(() => answer);
  expect((await notify(url, 'sre', webhookMessage('g1', [{}]))).status).toBe(status);
  expect(await answered()).toEqual(counted);
  robot.answerWith(() => taken);
  expect((await notify(url, 'sre', webhookMessage('g1', [{}]))).status).toBe(200);
  expect(robot.messages).toHaveLength(1);
});

test('a robot that does not answer in time', async () => {
  const { url } = await start({ timeout: '1s' });
  robot.answerWith(() => undefined);
  const answer = await notify(url, 'sre', webhookMessage('g1', [{}]));
  expect(answer).toMatchObject({ status: 503, text: expect.stringContaining('no answer within 1 s') });
  expect(await value('fleetlens_bridge_requests_total', 'robot="sre",outcome="unreachable"')).toBe(1);
});

test('a robot with too many messages is left alone, and Alertmanager is told for how long', async () => {
  const { url } = await start({ deliver_within: '1s' });
  robot.answerWith(() => ({ status: 429, body: '', headers: { 'retry-after': '600' } }));
  const answer = await notify(url, 'sre', webhookMessage('g1', [{}]));
  expect(answer).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^(599|600)$/) });
  await notify(url, 'sre', webhookMessage('g2', [{}]));
  expect(robot.bodies).toHaveLength(1);
});

test('a signature that is too old is made again by the clock of the robot, once', async () => {
  const { url } = await start();
  const ahead = 3_600_000;
  robot.answerWith(({ signedAtMs }) => {
    const now = Date.now() + ahead;
    return Math.abs(now - signedAtMs) < 60_000 ? taken : { status: 200, body: JSON.stringify({ errcode: 1, now }) };
  });
  expect((await notify(url, 'sre', webhookMessage('g1', [{}]))).status).toBe(200);
  await notify(url, 'sre', webhookMessage('g2', [{}]));
  expect(robot.bodies).toHaveLength(3);
  expect(await value('fleetlens_bridge_clock_skew_seconds', 'robot="sre"')).toBeCloseTo(3600, 0);
});

test('what is refused is written down, for its owner alone', async () => {
  const first = await start();
  const letters = join(first.folder, 'dead.jsonl');
  first.reload({ robots: { sre: { fake: { url: robot.url } } }, dead_letter: { file: letters } });
  robot.answerWith(() => ({ status: 200, body: '{"errcode":2,"errmsg":"no"}' }));
  await notify(first.url, 'sre', webhookMessage('g1', [{ name: 'GpuLost', node: 'n7' }]));
  const [line = ''] = readFileSync(letters, 'utf8').split('\n');
  expect(JSON.parse(line)).toMatchObject({
    robot: 'sre',
    reason: 'no',
    alerts: [{ name: 'GpuLost', labels: { node: 'n7' } }],
  });
  expect(statSync(letters).mode & 0o777).toBe(0o600);
});

test('a dead-letter file that cannot be written costs nothing but itself', async () => {
  const { url } = await start({}, { dead_letter: { file: '/proc/nowhere/dead.jsonl' } });
  robot.answerWith(() => ({ status: 200, body: '{"errcode":2,"errmsg":"no"}' }));
  expect((await notify(url, 'sre', webhookMessage('g1', [{}]))).status).toBe(422);
  expect(sampleValue(await scrape(url), 'fleetlens_bridge_dead_letter_errors_total')).toBe(1);
});

test('a client that goes away is taken out of the queue', async () => {
  const { url } = await start({ limit: { messages: 1, per: '1h' } });
  await notify(url, 'sre', webhookMessage('g0', [{}]));
  const gone = new AbortController();
  const asked = notify(url, 'sre', webhookMessage('g1', [{}]), gone.signal).catch(() => 'gone');
  const waits = (count: number) =>
    eventually(`${count} to wait`, async () =>
      (await value('fleetlens_bridge_waiting_notifications', 'robot="sre"')) === count ? true : undefined,
    );
  await waits(1);
  gone.abort();
  expect(await asked).toBe('gone');
  await waits(0);
  expect(await answered()).toEqual({ told: 1, abandoned: 1 });
});

test('the settings of a robot leave out severities and ends', async () => {
  const { url } = await start({ severities: ['critical'], send_resolved: false });
  await notify(url, 'sre', webhookMessage('g1', [{ severity: 'critical' }, { severity: 'info', name: 'Other' }]));
  await notify(url, 'sre', webhookMessage('g2', [{ severity: 'critical', status: 'resolved' }]));
  expect(robot.messages).toMatchObject([{ firing: 1, names: ['GpuLost'] }]);
  expect(await answered()).toEqual({ told: 1, filtered: 2 });
});

test('a megabyte in an annotation, right-to-left writing and what hides are cut or kept as they should be', async () => {
  const { url } = await start();
  const summary = `بطاقة 🔥 \u202egnp.exe\u0007 ${'x'.repeat(1_000_000)}`;
  await notify(url, 'sre', webhookMessage('g1', [{ annotations: { summary, description: summary } }]));
  const told = robot.messages[0]?.first;
  expect(told?.summary).toMatch(/^بطاقة 🔥 gnp\.exe x+…$/u);
  expect(told?.summary.length).toBeLessThanOrEqual(500);
  expect(told?.description.length).toBeLessThanOrEqual(4_000);
});

test.each([
  ['no JSON', '{', 400, 'no JSON'],
  ['another version', JSON.stringify({ version: '3' }), 400, 'version'],
  ['no alerts', JSON.stringify({ version: '4', groupKey: 'g', alerts: [] }), 400, 'alerts'],
  [
    'an alert without labels',
    JSON.stringify({ version: '4', groupKey: 'g', alerts: [{ status: 'firing', fingerprint: 'a' }] }),
    400,
    'alerts[0].labels',
  ],
  ['17 MB', JSON.stringify({ version: '4', text: 'x'.repeat(17_000_000) }), 413, 'max_alerts'],
])('a body that is %s', async (_, body, status, word) => {
  const { url } = await start();
  const answer = await notify(url, 'sre', body);
  expect(answer).toMatchObject({ status, text: expect.stringContaining(word) });
  expect(robot.bodies).toEqual([]);
});

test('a robot that is not there is told of without the names of the others', async () => {
  const { url } = await start();
  const answer = await notify(url, 'nobody', webhookMessage('g1', [{}]));
  expect(answer.status).toBe(404);
  expect(answer.text).not.toContain('sre');
});

test('teams are called for critical alerts alone', async () => {
  const { url } = await start({}, { teams: { sre: [{ mobile: '13800138000' }] } });
  await notify(url, 'sre', webhookMessage('g1', [{ severity: 'warning', labels: { team: 'sre' } }]));
  await notify(url, 'sre', webhookMessage('g2', [{ severity: 'critical', labels: { team: 'sre' } }]));
  expect(robot.messages.map(({ mentions }) => mentions)).toEqual([[], [{ mobile: '13800138000' }]]);
});

test('a bad file leaves the old one in force', async () => {
  const { url, reload } = await start();
  reload({ robots: { sre: { fax: {} } } });
  expect((await notify(url, 'sre', webhookMessage('g1', [{}]))).status).toBe(200);
  expect(sampleValue(await scrape(url), 'fleetlens_config_last_reload_successful')).toBe(0);
});

import { createDelivered } from '../../../alertmanager/bridge/sending/delivered.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';

const minute = 60;
const hour = 60 * minute;
const groups = ['a', 'b', 'c'];

let robot: FakeRobot;
let bridge: RunningBridge;
let nowSeconds = 1_800_000_000;
const clock = { now: () => nowSeconds, monotonic: () => nowSeconds };

beforeEach(async () => {
  robot = await startFakeRobot();
  bridge = await startBridgeDaemon(
    { robots: { sre: { fake: { url: robot.url }, limit: { messages: 1000, per: '1s' } } }, deduplicate_for: '1h' },
    clock,
  );
});

afterEach(async () => {
  await bridge.stop();
  await robot.stop();
});

/** Both of a pair of Alertmanagers send every group so often, for so long, from now on. */
async function resend({ every, during }: { readonly every: number; readonly during: number }): Promise<number> {
  const begin = nowSeconds;
  let sent = 0;
  for (nowSeconds = begin; nowSeconds <= begin + during; nowSeconds += every) {
    for (const group of groups) {
      const message = webhookMessage(group, [{ name: group }, { name: group, node: 'n2' }]);
      const answers = [await notify(bridge.url, 'sre', message), await notify(bridge.url, 'sre', message)];
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      sent += 2;
    }
  }
  return sent;
}

const answered = async (outcome: string): Promise<number | undefined> =>
  sampleValue(
    await scrape(bridge.url),
    `fleetlens_bridge_notifications_answered_total{robot="sre",outcome="${outcome}"}`,
  );

test('a pair that repeats every 4 hours for a day is told once for each repeat', async () => {
  const sent = await resend({ every: 4 * hour, during: 24 * hour });
  const told = groups.length * 7;
  expect(robot.messages).toHaveLength(told);
  expect([await answered('told'), await answered('deduplicated')]).toEqual([told, sent - told]);
});

test('an Alertmanager that sends the same every 5 minutes for hours is told once in deduplicate_for', async () => {
  const sent = await resend({ every: 5 * minute, during: 6 * hour });
  const told = groups.length * 7;
  expect(robot.messages).toHaveLength(told);
  expect([await answered('told'), await answered('deduplicated')]).toEqual([told, sent - told]);
});

test('what changes in a group is told at once, however lately the group was', async () => {
  const states = [
    [{ name: 'GpuLost' }],
    [{ name: 'GpuLost' }, { name: 'GpuXid' }],
    [{ name: 'GpuLost' }, { name: 'GpuXid', status: 'resolved' as const }],
    [{ name: 'GpuLost', startsAt: '2026-01-01T00:00:01Z' }],
  ];
  for (const state of states) await notify(bridge.url, 'sre', webhookMessage('g', state));
  expect(robot.messages.map(({ firing, resolved }) => [firing, resolved])).toEqual([
    [1, 0],
    [2, 0],
    [1, 1],
    [1, 0],
  ]);
});

test('what was not told is told at the next attempt, however often it failed', async () => {
  robot.answerWith(() => ({ status: 500, body: 'oh' }));
  for (let turn = 0; turn < 48; turn++) {
    nowSeconds += 5 * minute;
    expect((await notify(bridge.url, 'sre', webhookMessage('g', [{}]))).status).toBe(503);
  }
  robot.answerWith(() => ({ status: 200, body: '{"errcode":0}' }));
  expect((await notify(bridge.url, 'sre', webhookMessage('g', [{}]))).status).toBe(200);
  expect([robot.messages.length, await answered('unavailable'), await answered('told')]).toEqual([1, 48, 1]);
});

describe('the memory of what was told', () => {
  const keys = Array.from({ length: 120_000 }, (_, index) => `k${index}`);

  test('holds the latest 50,000, whatever comes within the time', () => {
    const { add, has } = createDelivered(
      () => hour,
      () => 0,
    );
    for (const key of keys) add(key);
    expect(keys.filter(has)).toEqual(keys.slice(-50_000));
  });

  test('holds nothing beyond the time', () => {
    let now = 0;
    const { add, has } = createDelivered(
      () => hour,
      () => now,
    );
    for (const key of keys.slice(0, 1000)) add(key);
    now = hour - 1;
    add('late');
    expect(keys.filter(has)).toHaveLength(1000);
    now = hour;
    expect(keys.filter(has)).toEqual([]);
    expect(has('late')).toBe(true);
  });

  test('counts the time from when it was told last', () => {
    let now = 0;
    const { add, has } = createDelivered(
      () => hour,
      () => now,
    );
    add('a');
    now = hour;
    add('a');
    now = 2 * hour - 1;
    expect(has('a')).toBe(true);
  });
});

import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';

let robot: FakeRobot;
let bridge: RunningBridge;

beforeEach(async () => {
  robot = await startFakeRobot();
  bridge = await startBridgeDaemon(with_('sre', 'night'));
});

afterEach(async () => {
  await bridge.stop();
  await robot.stop();
});

function with_(...names: readonly string[]): { readonly robots: Readonly<Record<string, object>> } {
  return { robots: Object.fromEntries(names.map((name) => [name, { fake: { url: robot.url } }])) };
}

const linesOf = async (name: string): Promise<readonly string[]> =>
  (await scrape(bridge.url)).split('\n').filter((line) => line.includes(`robot="${name}"`));

test('a robot that is taken out has no series left, and the others keep theirs', async () => {
  for (const name of ['sre', 'night']) await notify(bridge.url, name, webhookMessage('g1', [{}]));
  robot.answerWith(() => ({ status: 500, body: 'oh' }));
  await notify(bridge.url, 'night', webhookMessage('g2', [{}]));
  expect((await linesOf('night')).length).toBeGreaterThan(20);
  const before = await linesOf('sre');
  bridge.reload(with_('sre'));
  expect(await linesOf('night')).toEqual([]);
  expect(await linesOf('sre')).toEqual(before);
  expect((await notify(bridge.url, 'night', webhookMessage('g3', [{}]))).status).toBe(404);
});

test('a robot that comes back counts from the start', async () => {
  await notify(bridge.url, 'night', webhookMessage('g1', [{}]));
  bridge.reload(with_('sre'));
  bridge.reload(with_('sre', 'night'));
  const told = 'fleetlens_bridge_notifications_answered_total{robot="night",outcome="told"}';
  expect(sampleValue(await scrape(bridge.url), told)).toBe(0);
  await notify(bridge.url, 'night', webhookMessage('g1', [{}]));
  expect(sampleValue(await scrape(bridge.url), told)).toBe(1);
});

test('what waits for a robot that is taken out goes back to Alertmanager, and leaves no series', async () => {
  const slow = { ...with_('sre').robots, night: { fake: { url: robot.url }, limit: { messages: 1, per: '1h' } } };
  bridge.reload({ robots: slow });
  await notify(bridge.url, 'night', webhookMessage('g1', [{}]));
  const waiting = notify(bridge.url, 'night', webhookMessage('g2', [{}]));
  await eventually('one to wait', async () =>
    sampleValue(await scrape(bridge.url), 'fleetlens_bridge_waiting_notifications{robot="night"}') === 1
      ? true
      : undefined,
  );
  bridge.reload(with_('sre'));
  expect((await waiting).status).toBe(503);
  expect(await linesOf('night')).toEqual([]);
});

test('a request that ends after its robot was taken out leaves no series', async () => {
  let answer: (() => void) | undefined;
  robot.holdWith((release) => {
    answer = release;
  });
  const sending = notify(bridge.url, 'night', webhookMessage('g1', [{}]));
  const release = await eventually('the robot to be asked', () => answer);
  bridge.reload(with_('sre'));
  release();
  expect((await sending).status).toBe(200);
  expect(await linesOf('night')).toEqual([]);
});

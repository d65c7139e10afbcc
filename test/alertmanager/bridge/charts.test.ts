import { chartTemplateFault } from '../../../alertmanager/bridge/chart-url.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';

const template =
  'https://grafana.example.com/render/d-solo/gpu?var-node={node}&var-uuid={uuid}&var-name={alertname}&from={from}&to={to}';
const startsAt = '2026-01-01T12:00:00Z';
const nowSeconds = Date.parse('2026-01-01T13:30:00Z') / 1000;
const clock = { now: () => nowSeconds, monotonic: () => nowSeconds };

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

const start = async (chart_url: string): Promise<string> => {
  bridge = await startBridgeDaemon({ robots: { sre: { fake: { url: robot.url }, chart_url } } }, clock);
  return bridge.url;
};

test('an alert has the picture of its node, from an hour before it began until now', async () => {
  const url = await start(template);
  await notify(url, 'sre', webhookMessage('g1', [{ node: 'n7', startsAt, labels: { uuid: 'GPU-1' } }]));
  const { searchParams, host } = new URL(robot.messages[0]?.first?.chartUrl ?? '');
  expect(host).toBe('grafana.example.com');
  expect(Object.fromEntries(searchParams)).toEqual({
    'var-node': 'n7',
    'var-uuid': 'GPU-1',
    'var-name': 'GpuLost',
    from: String(Date.parse('2026-01-01T11:00:00Z')),
    to: String(nowSeconds * 1000),
  });
});

test('a label cannot leave its parameter, and one that is not there is empty', async () => {
  const url = await start(template);
  await notify(url, 'sre', webhookMessage('g1', [{ node: 'n7&to=0#{from}/../@evil.example', startsAt }]));
  const { searchParams, host, pathname, hash } = new URL(robot.messages[0]?.first?.chartUrl ?? '');
  expect([host, pathname, hash]).toEqual(['grafana.example.com', '/render/d-solo/gpu', '']);
  expect(searchParams.get('var-node')).toBe('n7&to=0#{from}/../@evil.example');
  expect(searchParams.getAll('to')).toEqual([String(nowSeconds * 1000)]);
  expect(searchParams.get('var-uuid')).toBe('');
});

test('without a template there is none', async () => {
  bridge = await startBridgeDaemon({ robots: { sre: { fake: { url: robot.url } } } });
  await notify(bridge.url, 'sre', webhookMessage('g1', [{}]));
  expect(robot.messages[0]?.first).not.toHaveProperty('chartUrl');
});

test.each([
  ['https://grafana.example.com/{nod}', 'unknown placeholder {nod}'],
  ['javascript:{node}', 'http or https'],
  ['grafana/{node}', 'http or https'],
  ['https://{node}.example.com/', 'placeholder in its host'],
  ['https://grafana.example.com{node}/', 'placeholder in its host'],
])('the template %s ends the start with what is wrong', async (chart, words) => {
  expect(chartTemplateFault(chart)).toContain(words);
  await expect(start(chart)).rejects.toThrow(/robots\.sre\.chart_url/);
});

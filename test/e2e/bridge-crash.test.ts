import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAlertmanager, sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import type { RunningChild } from '../support/child-process.ts';
import { endCliProcesses, listeningUrl, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type FakeRobot, type RobotRequest, startRobotServer } from '../support/robots/robot-server.ts';

const groups = 100;
const alertsOfGroup = 5;
const alerts = groups * alertsOfGroup;
/** The first messages are of a group each, and this one is a digest of what waits. */
const fatalMessage = 4;

let robot: FakeRobot | undefined;
let alertmanager: RunningAlertmanager | undefined;
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bridge-crash-'));

afterEach(async () => {
  await alertmanager?.stop();
  await endCliProcesses();
  await robot?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startBridge(port: number): Promise<RunningChild> {
  const file = `--bridge.file=${join(folder, 'bridge.yaml')}`;
  const bridge = await startCli(['bridge', file, `--web.listen-address=127.0.0.1:${port}`]);
  await listeningUrl(bridge);
  return bridge;
}

interface Told {
  readonly kind: string;
  readonly alerts_left_out: number;
  readonly alerts: readonly { readonly fingerprint: string }[];
}

const toldBy = ({ body }: RobotRequest): Told => JSON.parse(body);
const fingerprintsOf = (told: Told): readonly string[] => told.alerts.map(({ fingerprint }) => fingerprint);

test('a bridge that is killed in a storm loses nothing, and tells again what was in one message alone', async () => {
  let turn = 0;
  const fake = await startRobotServer({
    refuse: () => undefined,
    good: () => (++turn === fatalMessage ? 'never' : { body: {} }),
  });
  robot = fake;
  const sre = { webhook: { url: fake.url }, limit: { messages: 8, per: '10s' }, deliver_within: '5s' };
  writeFileSync(join(folder, 'bridge.yaml'), JSON.stringify({ robots: { sre } }));
  const port = await freePort();
  const bridge = await startBridge(port);
  alertmanager = await startAlertmanager({
    config: {
      route: { receiver: 'sre', group_by: ['node'], group_wait: '3s', group_interval: '10s', repeat_interval: '4h' },
      receivers: [{ name: 'sre', webhook_configs: [{ url: `http://127.0.0.1:${port}/notify/sre`, max_alerts: 0 }] }],
    },
  });
  await sendAlerts(
    alertmanager.url,
    Array.from({ length: alerts }, (_, index) => ({
      startsAtMs: Date.now(),
      labels: {
        alertname: 'GpuLost',
        severity: index % alertsOfGroup === 0 ? 'critical' : 'warning',
        node: `n${Math.floor(index / alertsOfGroup)}`,
        gpu_id: String(index % alertsOfGroup),
      },
    })),
  );
  const fatal = await eventually('the message at which it is killed', () => fake.taken[fatalMessage - 1], {
    withinSeconds: 60,
  });
  bridge.kill('SIGKILL');
  expect(await bridge.ended).toBe('SIGKILL');
  const again = fingerprintsOf(toldBy(fatal));
  expect([toldBy(fatal).kind, again.length > alertsOfGroup]).toEqual(['digest', true]);

  await startBridge(port);
  const told = (): readonly string[] => fake.taken.map(toldBy).flatMap(fingerprintsOf);
  await eventually(
    'what it has not answered for to be told again',
    () => (told().length >= alerts + again.length ? true : undefined),
    { withinSeconds: 60 },
  );
  expect(new Set(told()).size).toBe(alerts);
  expect(fake.taken.map((request) => toldBy(request).alerts_left_out)).toEqual(fake.taken.map(() => 0));
  const times = new Map<string, number>();
  for (const fingerprint of told()) times.set(fingerprint, (times.get(fingerprint) ?? 0) + 1);
  const twice = [...times].filter(([, count]) => count > 1);
  expect(new Set(twice.map(([fingerprint]) => fingerprint))).toEqual(new Set(again));
  expect(twice.every(([, count]) => count === 2)).toBe(true);
}, 240_000);

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAlertmanager, sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../support/bridge-daemon.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeDingTalk } from '../support/robots/fake-dingtalk.ts';
import type { FakeRobot } from '../support/robots/robot-server.ts';

const groups = 100;
const alertsOfGroup = 5;

let robot: FakeRobot | undefined;
let bridge: RunningBridge | undefined;
let alertmanager: RunningAlertmanager | undefined;
let folder: string | undefined;

afterEach(async () => {
  await alertmanager?.stop();
  await bridge?.stop();
  await robot?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test('a storm through a real Alertmanager is told whole, in fewer messages than the robot takes', async () => {
  const secret = 'SECsecret';
  const fake = await startFakeDingTalk({ secret });
  robot = fake;
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-dingtalk-'));
  const files = { url_file: join(folder, 'url'), secret_file: join(folder, 'secret') };
  writeFileSync(files.url_file, `${fake.url}/robot/send?access_token=t0ken\n`);
  writeFileSync(files.secret_file, `${secret}\n`);
  bridge = await startBridgeDaemon({ robots: { sre: { dingtalk: files } } });
  const webhook = { url: `${bridge.url}/notify/sre`, max_alerts: 0, send_resolved: true };
  alertmanager = await startAlertmanager({
    config: {
      route: { receiver: 'sre', group_by: ['node'], group_wait: '3s', group_interval: '30s', repeat_interval: '4h' },
      receivers: [{ name: 'sre', webhook_configs: [webhook] }],
    },
  });
  await sendAlerts(
    alertmanager.url,
    Array.from({ length: groups * alertsOfGroup }, (_, index) => ({
      startsAtMs: Date.now(),
      labels: {
        alertname: 'GpuLost',
        severity: index % alertsOfGroup === 0 ? 'critical' : 'warning',
        node: `n${Math.floor(index / alertsOfGroup)}`,
        gpu_id: String(index % alertsOfGroup),
      },
    })),
  );
  const told = (): number => fake.taken.reduce((sum, { body }) => sum + Number(/FIRING:(\d+)/.exec(body)?.[1]), 0);
  await eventually('all alerts to be told', () => (told() >= groups * alertsOfGroup ? true : undefined), {
    withinSeconds: 60,
  });
  expect(told()).toBe(groups * alertsOfGroup);
  expect(fake.seen).toHaveLength(fake.taken.length);
  expect(fake.taken.length).toBeLessThanOrEqual(20);
  // Alertmanager sends a group again that it got no answer for: the bridge knows it.
  const again = webhookMessage('again', [{}]);
  expect(
    [await notify(bridge.url, 'sre', again), await notify(bridge.url, 'sre', again)].map(({ text }) => text),
  ).toEqual(['told\n', 'deduplicated\n']);
});

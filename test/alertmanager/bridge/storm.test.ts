import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notify, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { startFakeDingTalk } from '../../support/robots/fake-dingtalk.ts';

const groups = 1_250;
const alertsOfGroup = 8;

test('10,000 alerts at once reach DingTalk as digests within its limits, counted to the last', async () => {
  const fake = await startFakeDingTalk();
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-storm-'));
  const url = join(folder, 'url');
  writeFileSync(url, `${fake.url}/robot/send?access_token=t0ken`);
  const bridge = await startBridgeDaemon({ robots: { sre: { dingtalk: { url_file: url } } } });
  try {
    const alerts = Array.from({ length: alertsOfGroup }, (_, gpu) => ({
      severity: gpu === 0 ? 'critical' : 'warning',
      labels: { gpu_id: String(gpu) },
    }));
    const answers = await Promise.all(
      Array.from({ length: groups }, (_, index) =>
        notify(
          bridge.url,
          'sre',
          webhookMessage(
            `g${index}`,
            alerts.map((alert) => ({ ...alert, node: `n${index}` })),
          ),
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const told = fake.taken.map(({ body }) => Number(/FIRING:(\d+)/.exec(body)?.[1]));
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(groups * alertsOfGroup);
    expect(fake.seen).toHaveLength(fake.taken.length);
    expect(fake.taken.length).toBeLessThanOrEqual(20);
    expect(Math.max(...told)).toBeGreaterThan(1_000);
    const series = 'fleetlens_bridge_alerts_answered_total{robot="sre",outcome="told"}';
    expect(sampleValue(await scrape(bridge.url), series)).toBe(groups * alertsOfGroup);
  } finally {
    await bridge.stop();
    await fake.stop();
    rmSync(folder, { recursive: true });
  }
});

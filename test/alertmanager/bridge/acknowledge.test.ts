import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClaim, sealClaim } from '../../../alertmanager/bridge/acknowledge/link.ts';
import { type RunningAlertmanager, startAlertmanager } from '../../support/alertmanager.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';

const key = 'k'.repeat(32);
const claim = { labels: { alertname: 'GpuLost' }, language: 'zh', expires: 1_000 } as const;

test('a link opens with its key until it expires', () => {
  const token = sealClaim(claim, key) ?? '';
  expect(openClaim(token, key, 999)).toEqual({ claim });
  expect(openClaim(token, key, 1_000)).toEqual({ fault: 'expired', language: 'zh' });
  expect(openClaim(token, 'x'.repeat(32), 999)).toEqual({ fault: 'wrong' });
  const [content = '', signature = ''] = token.split('.');
  const other = Buffer.from(JSON.stringify([9e9, 'zh', {}])).toString('base64url');
  expect(openClaim(`${other}.${signature}`, key, 999)).toEqual({ fault: 'wrong' });
  expect(openClaim(content, key, 999)).toEqual({ fault: 'wrong' });
});

describe('with a real Alertmanager', () => {
  let alertmanager: RunningAlertmanager;
  let robot: FakeRobot;
  let bridge: RunningBridge;
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-key-'));

  beforeAll(async () => {
    writeFileSync(join(folder, 'key'), key);
    robot = await startFakeRobot();
    alertmanager = await startAlertmanager({ config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] } });
    bridge = await startBridgeDaemon({
      robots: { sre: { fake: { url: robot.url } } },
      alertmanager: { url: alertmanager.url },
      acknowledge: { external_url: 'http://bridge.example.com', key_file: join(folder, 'key') },
    });
  });

  afterAll(async () => {
    await bridge.stop();
    await alertmanager.stop();
    await robot.stop();
    rmSync(folder, { recursive: true });
  });

  const silences = async (): Promise<readonly { readonly createdBy: string; readonly matchers: unknown }[]> =>
    (await (await fetch(`${alertmanager.url}/api/v2/silences`)).json()) as never;

  test('opening the link silences nothing, and its button does', async () => {
    await notify(bridge.url, 'sre', webhookMessage('g1', [{}]));
    const link = new URL(robot.messages[0]?.acknowledgeUrl ?? '');
    const opened = await fetch(`${bridge.url}/ack${link.search}`);
    expect([opened.status, opened.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(await silences()).toEqual([]);
    const body = new URLSearchParams({ token: link.searchParams.get('token') ?? '', seconds: '3600', who: 'Ada' });
    expect((await fetch(`${bridge.url}/ack`, { method: 'POST', body })).status).toBe(200);
    expect(await silences()).toMatchObject([{ createdBy: 'Ada', matchers: [{ name: 'alertname', value: 'GpuLost' }] }]);
    expect(await (await fetch(`${bridge.url}/ack${link.search}`)).text()).toContain('by Ada');
  });

  test('a link that was changed is refused', async () => {
    const answer = await fetch(`${bridge.url}/ack?token=abc.def`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('does not work')]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAlertmanager, sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import { endCliProcesses, runCli, sampleValue, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeDingTalk } from '../support/robots/fake-dingtalk.ts';
import { startFakeFeishu } from '../support/robots/fake-feishu.ts';
import type { FakeRobot } from '../support/robots/robot-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bridge-generated-'));
const robots: FakeRobot[] = [];
let alertmanager: RunningAlertmanager | undefined;

afterEach(async () => {
  await alertmanager?.stop();
  await endCliProcesses();
  for (const robot of robots) await robot.stop();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | object): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? `${content}\n` : JSON.stringify(content));
  return file;
}

const textIn = ({ taken }: FakeRobot): string => taken.map(({ body }) => body).join('\n');

test('from the file of a site to the robot of each team, with real programs in between', async () => {
  const dingtalk = await startFakeDingTalk({ secret: 'SECsecret' });
  const feishu = await startFakeFeishu({ secret: 'feishu' });
  robots.push(dingtalk, feishu);
  const token = write('token', 'long-enough-to-guess-for-years');
  const bridgeFile = write('bridge.yaml', {
    robots: {
      sre: {
        dingtalk: {
          url_file: write('dingtalk', `${dingtalk.url}/robot/send?access_token=t0ken`),
          secret_file: write('dingtalk-secret', 'SECsecret'),
        },
      },
      everybody: {
        feishu: {
          url_file: write('feishu', `${feishu.url}/open-apis/bot/v2/hook/h00k`),
          secret_file: write('feishu-secret', 'feishu'),
        },
        language: 'zh',
      },
    },
  });
  const { url } = await startDaemonProcess(['bridge', `--bridge.file=${bridgeFile}`, `--notify.token-file=${token}`]);
  const to = (robot: string): object => ({ bridge: { url, robot, credentials_file: token } });
  const site = write('site.yaml', {
    receivers: { default: [to('everybody')], sre: [to('sre')] },
    intervals: { group_wait: '1s', group_interval: '1s', repeat: '4h' },
  });
  const out = join(folder, 'out');
  const generated = await runCli(['generate', `--out=${out}`, `--site=${site}`]);
  expect([generated.status, generated.stderr]).toEqual([0, '']);
  alertmanager = await startAlertmanager({ config: join(out, 'alertmanager', 'alertmanager.yml') });

  const lost = {
    alertname: 'GpuLost',
    severity: 'critical',
    domain: 'gpu',
    team: 'sre',
    cluster: 'berlin',
    node: 'n7',
  };
  await sendAlerts(alertmanager.url, [
    { labels: lost, annotations: { summary: 'A GPU no longer answers.' } },
    {
      labels: { alertname: 'OfNobody', severity: 'warning', cluster: 'berlin' },
      annotations: { summary: 'Elsewhere.' },
    },
  ]);
  await eventually('both robots to be told', () =>
    dingtalk.taken.length > 0 && feishu.taken.length > 0 ? true : undefined,
  );
  expect(textIn(dingtalk)).toContain('A GPU no longer answers.');
  expect(textIn(dingtalk)).not.toContain('Elsewhere.');
  expect(textIn(feishu)).toContain('Elsewhere.');
  expect(textIn(feishu)).toContain('告警');

  await sendAlerts(alertmanager.url, [{ labels: lost, isOver: true }]);
  await eventually('the end to be told', () => (textIn(dingtalk).includes('RESOLVED') ? true : undefined));
  const metrics = await scrape(url);
  const told = (robot: string): number | undefined =>
    sampleValue(metrics, `fleetlens_bridge_notifications_answered_total{robot="${robot}",outcome="told"}`);
  expect([told('sre'), told('everybody'), dingtalk.taken.length, feishu.taken.length]).toEqual([2, 1, 2, 1]);
}, 120_000);

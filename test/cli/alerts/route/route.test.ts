import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMain } from '../../../support/run-main.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-route-'));
const site = join(folder, 'site.yaml');
writeFileSync(
  site,
  `receivers:
  default: [{ webhook: { url: 'http://127.0.0.1:9/' } }]
  sre:
    - pagerduty: { routing_key_file: /run/pagerduty, severities: [critical] }
    - slack: { api_url_file: /run/slack }
tenants:
  search: { channels: [{ telegram: { bot_token_file: /run/telegram, chat_id: 1 } }], team_too: true }
time_intervals:
  office: [{ weekdays: ['monday:friday'], location: Europe/Berlin }]
quiet_hours: { sre: { only_in: [office] } }
`,
);
afterAll(() => rmSync(folder, { recursive: true }));

async function told(...labels: readonly string[]): Promise<unknown> {
  const { stdout } = await runMain('alerts', 'route', `--site=${site}`, '--json', ...labels);
  const answer = JSON.parse(stdout) as { told: { receiver: string; channels: string[] }[] };
  return answer.told.map(({ receiver, channels }) => [receiver, ...channels].join(' '));
}

test('says who is told of an alert of the pack, through what, and when', async () => {
  expect(await told('alertname=GpuLost')).toEqual(['sre pagerduty slack']);
  expect(await told('alertname=GpuTemperatureHigh')).toEqual(['sre-warning slack']);
  expect(await told('alertname=TrainingStalled', 'tenant=search')).toEqual([
    'search-tenant telegram',
    'default webhook',
  ]);
  const { stdout, status } = await runMain(
    'alerts',
    'route',
    `--site=${site}`,
    'alertname=GpuTemperatureHigh',
    'node=n7',
  );
  expect(status).toBe(0);
  expect(stdout).toContain('node=n7');
  expect(stdout).toContain('only in office');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'alertname="GpuTemperatureCritical" fires at the same cluster, node, uuid.',
  );
});

test('says why nobody is told', async () => {
  expect(await runMain('alerts', 'route', `--site=${site}`, 'alertname=GpuPowerCapped')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('Nobody is told, because severity=~"info|none".'),
  });
});

test.each([
  [['alertname=A'], '--site is needed'],
  [[`--site=${site}`], 'name labels of the alert'],
  [[`--site=${site}`, 'GpuLost'], 'labels are written as name=value, such as alertname=GpuLost, got GpuLost'],
  [['--site=/nowhere.yaml', 'alertname=A'], '--site /nowhere.yaml: '],
])('%j is refused', async (args, complaint) => {
  const { status, stderr } = await runMain('alerts', 'route', ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(complaint);
});

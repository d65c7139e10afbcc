import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

function siteWith(name: string, tests: string): string {
  const path = join(folder, name);
  writeFileSync(path, `${readFileSync(site, 'utf8')}${tests}`);
  return path;
}

test('the routing tests of a site are held against its routes, and wrong ones say what came instead', async () => {
  const right = siteWith(
    'right.yaml',
    `routing_tests:
  - { labels: { alertname: GpuLost, node: n7 }, receivers: [sre] }
  - { labels: { alertname: GpuTemperatureHigh }, receivers: [nobody], at: '2027-02-28T12:00+01:00' }
  - { labels: { alertname: TrainingStalled, tenant: search }, receivers: [default, search-tenant] }
`,
  );
  const ran = await runMain('alerts', 'route', `--site=${right}`, '--test');
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^ok +sre +alertname=GpuLost node=n7$/m);
  expect(ran.stdout).toMatch(/^ok +nobody +alertname=GpuTemperatureHigh at 2027-02-28T12:00\+01:00$/m);
  expect(ran.stdout).toMatch(/\n3 routing tests: 0 wrong\n$/);

  const wrong = siteWith(
    'wrong.yaml',
    'routing_tests: [{ labels: { alertname: GpuPowerCapped }, receivers: [sre] }]\n',
  );
  const failed = await runMain('alerts', 'route', `--site=${wrong}`, '--test');
  expect(failed.status).toBe(1);
  expect(failed.stdout).toMatch(/^WRONG +nobody +alertname=GpuPowerCapped$/m);
  expect(failed.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'alertname=GpuPowerCapped: expected sre, got nobody, because severity=~"info|none". 1 routing test: 1 wrong',
  );
  const json = await runMain('alerts', 'route', `--site=${wrong}`, '--test', '--json');
  expect(json.status).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject([{ isRight: false, told: ['nobody'], test: { receivers: ['sre'] } }]);
});

test('an alert goes by the severity and team that the site has given it, and so does one of an objective', async () => {
  const overrides = join(folder, 'overrides.yaml');
  writeFileSync(
    overrides,
    'alerts: { GpuTemperatureHigh: { severity: critical }, ShopSloAbsent: { severity: warning } }\n',
  );
  const slos = join(folder, 'slos.yaml');
  writeFileSync(
    slos,
    'slos: [{ name: shop, description: It answers., objective: 0.99, indicator: { boolean_gauge: up } }]\n',
  );
  const files = [`--rules.overrides=${overrides}`, `--slo.file=${slos}`];
  expect(await told('alertname=GpuTemperatureHigh', ...files)).toEqual(['sre pagerduty slack']);
  expect(await told('alertname=ShopSloAbsent', ...files)).toEqual(['sre-warning slack']);
  expect(await told('alertname=ShopErrorBudgetBurnFast', ...files)).toEqual(['sre pagerduty slack']);
});

test.each([
  [['alertname=A'], '--site is needed'],
  [[`--site=${site}`, '--test', 'alertname=A'], '--test takes no labels, got alertname=A'],
  [[`--site=${site}`, '--test'], 'the site file has no routing_tests'],
  [[`--site=${site}`], 'name labels of the alert'],
  [[`--site=${site}`, 'GpuLost'], 'labels are written as name=value, such as alertname=GpuLost, got GpuLost'],
  [['--site=/nowhere.yaml', 'alertname=A'], '--site /nowhere.yaml: '],
])('%j is refused', async (args, complaint) => {
  const { status, stderr } = await runMain('alerts', 'route', ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(complaint);
});

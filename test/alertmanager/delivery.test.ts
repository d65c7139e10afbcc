import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import { type AlertReceiver, type Delivery, startAlertReceiver } from '../support/alert-receiver.ts';
import { type RunningAlertmanager, sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { type FakeSmtp, startFakeSmtp } from '../support/fake-smtp.ts';

const secrets = mkdtempSync(join(tmpdir(), 'fleetlens-secrets-'));
const annotations = {
  summary: 'A GPU that was there no longer answers.',
  runbook_url: 'https://docs.example.com/GpuLost.md',
};
const lost = {
  alertname: 'GpuLost',
  severity: 'critical',
  action: 'drain',
  domain: 'gpu',
  team: 'sre',
  cluster: 'berlin',
  node: 'node-7',
};

let endpoint: AlertReceiver;
let smtp: FakeSmtp;
let alertmanager: RunningAlertmanager;

function secretFile(name: string, content: string): string {
  const file = join(secrets, name);
  writeFileSync(file, content);
  return file;
}

beforeAll(async () => {
  endpoint = await startAlertReceiver();
  smtp = await startFakeSmtp();
  const site: Site = {
    receivers: {
      default: [{ webhook: { url: `${endpoint.url}/default` } }],
      sre: [
        { webhook: { url: `${endpoint.url}/sre`, credentials_file: secretFile('token', 't0ken\n'), max_alerts: 2 } },
        { slack: { api_url_file: secretFile('slack', `${endpoint.url}/slack`), channel: '#gpu' } },
        { email: { to: ['oncall@example.com', 'lead@example.com'] } },
      ],
      dead_man: [{ webhook: { url: `${endpoint.url}/heartbeat` } }],
    },
    smtp: {
      smarthost: smtp.address,
      from: 'fleetlens@example.com',
      username: 'fleetlens',
      password_file: secretFile('smtp', 'hunter2'),
      require_tls: false,
    },
    external_url: 'https://alerts.example.com/am',
    intervals: { group_wait: '1s', group_interval: '1s', repeat: '1h' },
  };
  alertmanager = await startAlertmanager({ config: renderAlertmanager(site, { templatesDir }) });
  await sendAlerts(alertmanager.url, [
    { labels: { alertname: 'Watchdog', severity: 'none', team: 'observability' } },
    { labels: { ...lost, gpu_id: '0', uuid: 'GPU-0' }, annotations },
    { labels: { ...lost, gpu_id: '1', uuid: 'GPU-1' }, annotations },
    { labels: { ...lost, alertname: 'GpuXidNodeReboot', gpu_id: '1', uuid: 'GPU-1' }, annotations },
    { labels: { alertname: 'GpuPowerCapped', severity: 'info', team: 'sre', cluster: 'berlin' } },
    { labels: { alertname: 'ElsewhereWarning', severity: 'warning', cluster: 'berlin' } },
  ]);
});

afterAll(async () => {
  await alertmanager.stop();
  await endpoint.stop();
  await smtp.stop();
  rmSync(secrets, { recursive: true, force: true });
});

function to(path: string): (delivery: Delivery) => boolean {
  return (delivery) => delivery.path === path;
}

test('a node is one webhook message, cut to max_alerts, with the bearer token of its file', async () => {
  const { body, authorization } = await endpoint.delivery('the page of the node', to('/sre'));
  expect(authorization).toBe('Bearer t0ken');
  expect(body).toMatchObject({
    version: '4',
    status: 'firing',
    receiver: 'sre',
    groupLabels: { cluster: 'berlin', node: 'node-7' },
    commonLabels: { node: 'node-7', team: 'sre' },
    commonAnnotations: annotations,
    truncatedAlerts: 1,
  });
  expect(body['alerts']).toHaveLength(2);
});

test('an alert without team reaches the default', async () => {
  const { body } = await endpoint.delivery('the alert without team', to('/default'));
  expect(body).toMatchObject({ groupLabels: { alertname: 'ElsewhereWarning', cluster: 'berlin' } });
});

test('the heartbeat reaches the dead man at once', async () => {
  expect((await endpoint.delivery('the heartbeat', to('/heartbeat'))).body).toMatchObject({ status: 'firing' });
});

test('Slack gets title, colour, text and a link to the address of the site, at the URL in the file', async () => {
  const { body } = await endpoint.delivery('the message for Slack', to('/slack'));
  const title = '[FIRING:3] GpuLost and others node-7';
  expect(body).toMatchObject({ channel: '#gpu', username: 'FleetLens' });
  expect(body['attachments']).toEqual([
    expect.objectContaining({
      title,
      fallback: title,
      color: '#b3261e',
      title_link: 'https://alerts.example.com/am/#/alerts?filter=%7Bcluster%3D%22berlin%22%2Cnode%3D%22node-7%22%7D',
      text: expect.stringContaining('*To do:* Drain the node'),
    }),
  ]);
});

test('mail has subject, recipients, plain text and HTML, and goes out with the password of the file', async () => {
  const mail = await smtp.mail('the mail');
  expect(mail).toMatchObject({ from: 'fleetlens@example.com', login: 'fleetlens:hunter2' });
  expect(mail.to).toEqual(['oncall@example.com', 'lead@example.com']);
  expect(mail.text).toMatch(/^Subject: \[FIRING:3\] GpuLost and others node-7$/m);
  expect(mail.text).toMatch(/^Content-Type: multipart\/alternative/m);
  const [plain = '', html = ''] = partsOf(mail.text);
  expect(plain).toContain('* GpuLost · node-7 · GPU 0');
  expect(plain).toContain('Silence: https://alerts.example.com/am/#/silences/new?filter=');
  expect(html).toContain('<a href="https://docs.example.com/GpuLost.md"');
  expect(html).toContain('A GPU that was there no longer answers.');
});

test('the end of the alerts is told too, and what is muted is told nobody', async () => {
  await sendAlerts(alertmanager.url, [
    { labels: { alertname: 'ElsewhereWarning', severity: 'warning', cluster: 'berlin' }, isOver: true },
  ]);
  await endpoint.delivery('the end', ({ path, body }) => path === '/default' && body['status'] === 'resolved');
  expect(JSON.stringify(endpoint.deliveries)).not.toContain('GpuPowerCapped');
});

/** The parts of a multipart mail, with the quoted-printable encoding undone. */
function partsOf(mail: string): string[] {
  const boundary = /boundary=(?:"([^"]+)"|(\S+))/.exec(mail);
  const parts = mail.split(`--${boundary?.[1] ?? boundary?.[2]}`).slice(1, -1);
  return parts.map((part) => {
    const bytes = part
      .replaceAll(/=\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  });
}

import { channelNames, parseChannel } from '../../alertmanager/channels/index.ts';
import { features, parseVersion } from '../../alertmanager/features.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

const file = '/run/secrets/one';
/** One of each kind with every key that it knows, and what a newer one needs. */
const channels: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bridge: { url: 'http://bridge.example:9416', robot: 'sre-dingtalk', credentials_file: file },
  email: { to: 'a@example.com' },
  slack: { api_url_file: file, channel: '#gpu' },
  webhook: { url: 'https://x.example/hook' },
  pagerduty: { routing_key_file: file, url: 'https://events.eu.pagerduty.com/v2/enqueue' },
  opsgenie: {
    api_key_file: file,
    api_url: 'https://api.eu.opsgenie.com/',
    responders: [{ name: 'gpu', type: 'team' }],
  },
  victorops: { api_key_file: file, route: 'gpu' },
  webex: { room_id: 'Y2lz', credentials_file: file },
  sns: {
    topic_arn: 'arn:aws:sns:eu-central-1:123456789012:gpu',
    region: 'eu-central-1',
    profile: 'alerts',
    role_arn: 'arn:aws:iam::123456789012:role/alerts',
  },
  telegram: { bot_token_file: file, chat_id: -1001234567890 },
  pushover: { user_key_file: file, token_file: file },
  discord: { webhook_url_file: file },
  msteams: { webhook_url_file: file },
  jira: {
    api_url: 'https://x.atlassian.net/rest/api/2/',
    username: 'a@example.com',
    password_file: file,
    project: 'GPU',
    issue_type: 'Incident',
    resolve_transition: 'Done',
    reopen_transition: 'Reopen',
  },
  rocketchat: { api_url: 'https://chat.example.com/', token_id_file: file, token_file: file, channel: '#gpu' },
  wechat: { corp_id: 'ww1', agent_id: '1000002', api_secret_file: file, to_user: '@all' },
};
const smtp = { smarthost: 'mail.example.com:587', from: 'a@example.com' };
const newer = Object.keys(features);

function siteWith(name: string): Site {
  return { receivers: { default: [parseChannel({ [name]: channels[name] }, 'channel')] }, smtp };
}

function rendered(name: string, version: string): Readonly<Record<string, unknown>> {
  const target = { version: parseVersion(version, 'version'), secrets: 'files' } as const;
  const { name: _, ...configs } = renderAlertmanager(siteWith(name), { templatesDir, target }).receivers[0] ?? {
    name: '',
  };
  return configs;
}

test('every kind of channel is here', () => expect(Object.keys(channels)).toEqual(channelNames));

test.each(channelNames)('%s gives back what was written', (name) => {
  expect(parseChannel({ [name]: channels[name] }, 'channel')).toEqual({ [name]: channels[name] });
});

test.each(channelNames.filter((name) => !newer.includes(name)))('%s is accepted by the oldest Alertmanager', (name) => {
  const config = renderAlertmanager(siteWith(name), { templatesDir });
  expect(asJsonFile(config, (path) => amtool('check-config', path))).toContain('SUCCESS');
});

// For these the oldest Alertmanager has no word, or none for a file; the message says what to do.
test.each([
  ['telegram', '0.26', 'takes its secret only from the configuration itself'],
  ['pushover', '0.26', 'takes its secret only from the configuration itself'],
  ['discord', '0.28', 'takes its secret only from the configuration itself'],
  ['wechat', '0.31', 'takes its secret only from the configuration itself'],
  ['msteams', '0.28', 'does not know it'],
  ['jira', '0.28', 'does not know it'],
  ['rocketchat', '0.28', 'does not know it'],
])('%s needs Alertmanager %s', (name, since, why) => {
  const before = `0.${Number(since.slice(2)) - 1}`;
  expect(() => rendered(name, '0.25')).toThrow(`receivers.default[0].${name}: Alertmanager 0.25 ${why}`);
  expect(() => rendered(name, before)).toThrow(`--alertmanager.target-version=${since}`);
  expect(Object.keys(rendered(name, since))).toEqual([expect.stringMatching(/_configs$/)]);
});

test('the URL of a webhook may be a secret from 0.26 on', () => {
  const site: Site = { receivers: { default: [{ webhook: { url_file: file } }] } };
  expect(() => renderAlertmanager(site, { templatesDir })).toThrow('receivers.default[0].webhook: Alertmanager 0.25');
  const target = { version: '0.26', secrets: 'files' } as const;
  expect(renderAlertmanager(site, { templatesDir, target }).receivers[0]).toMatchObject({
    webhook_configs: [{ url_file: file }],
  });
});

test.each(channelNames)('%s names no secret but by its file', (name) => {
  const text = JSON.stringify(rendered(name, '0.34'));
  const keys = [...text.matchAll(/"([a-z_]+)":/g)].map(([, key = '']) => key);
  const secret = /passw|token|secret|credential|api_key|api_url$|webhook_url|routing_key|user_key/;
  const inline = keys.filter((key) => secret.test(key) && !key.endsWith('_file'));
  // These are addresses, not secrets, and the name of a route.
  const known: Readonly<Record<string, readonly string[]>> = {
    opsgenie: ['api_url'],
    jira: ['api_url'],
    rocketchat: ['api_url'],
    victorops: ['routing_key'],
  };
  expect(inline).toEqual(known[name] ?? []);
});

test.each([
  ['pagerduty', { routing_key: 'abc' }, "put that file's path in routing_key_file"],
  ['opsgenie', { api_key: 'abc' }, 'api_key_file'],
  ['victorops', { api_key_file: file }, 'victorops.route: missing'],
  ['telegram', { bot_token: 'abc', chat_id: 1 }, 'bot_token_file'],
  ['telegram', { bot_token_file: file, chat_id: '1' }, 'chat_id: got "1"; allowed: the whole number of a chat'],
  ['sns', { topic_arn: 'gpu', region: 'x' }, 'allowed: an ARN such as'],
  ['wechat', { corp_id: 'a', agent_id: 'b', api_secret_file: file }, 'add to_user, to_party or to_tag'],
  ['webhook', { url: 'http://x/', url_file: file }, 'stands beside url_file; keep one'],
  ['webhook', {}, 'url: missing'],
  ['opsgenie', { api_key_file: file, responders: [{ name: 'a', type: 'crew' }] }, 'one of team, user, escalation'],
])('%s %j is refused', (name, settings, complaint) => {
  expect(() => parseChannel({ [name]: settings }, 'channel')).toThrow(complaint);
});

test.each(['0.24', '1.0', '25', '0.255', 'latest'])('there is no target %s', (version) => {
  expect(() => parseVersion(version, '--x')).toThrow(`--x: got "${version}"; allowed: a release of Alertmanager`);
});

test('a severity of somebody else is never less than an error to a pager', () => {
  const [pagerduty] = (rendered('pagerduty', '0.25')['pagerduty_configs'] ?? []) as { severity: string }[];
  expect(pagerduty?.severity).toMatch(/\{\{ else \}\}error\{\{ end \}\}$/);
});

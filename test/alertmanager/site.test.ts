import fc from 'fast-check';
import { SiteError } from '../../alertmanager/checks.ts';
import { defaultSite } from '../../alertmanager/default-site.ts';
import { parseSite } from '../../alertmanager/site.ts';

const webhook = { webhook: { url: 'http://127.0.0.1:9000/' } };
const receivers = { default: [webhook] };
const smtp = { smarthost: 'mail.example.com:587', from: 'a@example.com' };

function withDefault(...channels: readonly unknown[]): unknown {
  return { receivers: { default: channels } };
}

describe('parseSite', () => {
  test('gives back a full site as it was written', () => {
    const site = {
      receivers: {
        default: [webhook],
        sre: [
          { slack: { api_url_file: '/run/slack', channel: '#gpu', severities: ['critical', 'warning'] } },
          { email: { to: ['a@example.com', 'b@example.com'], send_resolved: false } },
        ],
        workload: [{ email: { to: 'c@example.com' } }],
        observability: [
          { webhook: { url: 'https://x.example/hook?team=o11y', credentials_file: '/t', max_alerts: 0 } },
        ],
        dead_man: [{ webhook: { url: 'https://x.example/beat', ca_file: '/etc/ca.pem' } }],
      },
      smtp: { ...smtp, hello: 'am.example.com', username: 'u', password_file: '/run/smtp', require_tls: false },
      external_url: 'https://alerts.example.com/am',
      grouping: { default: ['cluster', 'alertname'], gpu_pages: ['cluster', 'rack'] },
      intervals: { group_wait: '0s', group_interval: '10s', repeat: '1h', repeat_warnings: '1d', heartbeat: '2m' },
      mute: ['warning', 'info'],
    };
    expect(parseSite(structuredClone(site))).toEqual(site);
  });

  test('leaves out what was not written', () => {
    expect(parseSite({ receivers })).toEqual({ receivers });
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'site: got undefined; allowed: a mapping with the keys receivers, domains,'],
    ['a list', [], 'site: got []; allowed: a mapping'],
    ['no receivers', {}, 'receivers: missing; add it'],
    ['no default', { receivers: { sre: [webhook] } }, 'receivers.default: missing; add it'],
    ['a key with a slip', { receivers, intervalls: {} }, 'intervalls: unknown key; allowed: receivers, domains,'],
    [
      'an unknown team',
      { receivers: { ...receivers, dba: [webhook] } },
      'receivers.dba: unknown key; allowed: default, sre,',
    ],
    ['an empty team', { receivers: { ...receivers, sre: null } }, 'receivers.sre: got null; allowed: a list'],
    ['no channel', withDefault(), 'receivers.default: got []; allowed: a list with at least one entry'],
    [
      'an unknown channel',
      withDefault({ pager: {} }),
      'receivers.default[0].pager: unknown key; allowed: email, slack, webhook',
    ],
    [
      'two channels in one entry',
      withDefault({ ...webhook, slack: {} }),
      'receivers.default[0]: exactly one of email, slack, webhook',
    ],
    ['an entry without channel', withDefault({}), 'receivers.default[0]: exactly one of email, slack, webhook'],
    [
      'a key of another channel',
      withDefault({ webhook: { url: 'http://x/', channel: '#x' } }),
      'receivers.default[0].webhook.channel: unknown key; allowed: url,',
    ],
    ['a webhook without url', withDefault({ webhook: {} }), 'receivers.default[0].webhook.url: missing'],
    [
      'a url without scheme',
      withDefault({ webhook: { url: 'x.example/hook' } }),
      'webhook.url: got "x.example/hook"; allowed: a URL that begins with http',
    ],
    [
      'a fraction',
      withDefault({ webhook: { url: 'http://x/', max_alerts: 1.5 } }),
      'webhook.max_alerts: got 1.5; allowed: a whole number',
    ],
    [
      'yes as text',
      withDefault({ webhook: { url: 'http://x/', send_resolved: 'yes' } }),
      'webhook.send_resolved: got "yes"; allowed: true or false',
    ],
    [
      'a severity that is none',
      withDefault({ webhook: { url: 'http://x/', severities: ['page'] } }),
      'severities[0]: got "page"; allowed: one of critical, warning, info',
    ],
    [
      'nobody for critical alerts',
      withDefault({ webhook: { url: 'http://x/', severities: ['info'] } }),
      'receivers.default: no channel takes critical alerts',
    ],
    [
      'a channel with a blank',
      withDefault({ slack: { api_url_file: '/x', channel: '# gpu' } }),
      'slack.channel: got "# gpu"; allowed: the name of a channel',
    ],
    [
      'mail without server',
      withDefault(webhook, { email: { to: 'a@example.com' } }),
      'receivers.default[1].email: needs a mail server; add smtp',
    ],
    [
      'an address without @',
      { ...Object(withDefault({ email: { to: ['a@example.com', 'b'] } })), smtp },
      'email.to[1]: got "b"; allowed: an address',
    ],
    [
      'a server without port',
      { receivers, smtp: { ...smtp, smarthost: 'mail' } },
      'smtp.smarthost: got "mail"; allowed: host:port',
    ],
    [
      'a port out of range',
      { receivers, smtp: { ...smtp, smarthost: 'mail:70000' } },
      'smtp.smarthost: got "mail:70000"',
    ],
    [
      'a user without password',
      { receivers, smtp: { ...smtp, username: 'u' } },
      'smtp: username and password_file go together',
    ],
    [
      'a number as duration',
      { receivers, intervals: { repeat: 30 } },
      'intervals.repeat: got 30; allowed: a whole number with a unit',
    ],
    ['an unknown unit', { receivers, intervals: { group_wait: '5min' } }, 'intervals.group_wait: got "5min"'],
    [
      'an interval of zero',
      { receivers, intervals: { group_interval: '0s' } },
      'intervals.group_interval: got "0s"; allowed: more than zero',
    ],
    [
      'a label with a dash',
      { receivers, grouping: { default: ['my-label'] } },
      'grouping.default[0]: got "my-label"; allowed: the name of a label',
    ],
    [
      'muted critical alerts',
      { receivers, mute: ['critical'] },
      'mute[0]: got "critical"; allowed: one of warning, info',
    ],
    [
      'a page with a query',
      { receivers, external_url: 'https://x.example/?a=b' },
      'external_url: got "https://x.example/?a=b"',
    ],
    [
      'a heartbeat that ends with a message',
      { receivers: { ...receivers, dead_man: [{ webhook: { url: 'http://x/', send_resolved: true } }] } },
      'receivers.dead_man[0]: send_resolved must not be true',
    ],
    [
      'a heartbeat by severity',
      { receivers: { ...receivers, dead_man: [{ webhook: { url: 'http://x/', severities: ['critical'] } }] } },
      'receivers.dead_man[0]: severities mean nothing',
    ],
  ])('refuses %s', (_name, site, message) => {
    expect(() => parseSite(site)).toThrow(message);
  });

  const secret = 'hunter2-T0K3N';

  test.each<[string, unknown, string]>([
    [
      'the URL of Slack',
      withDefault({ slack: { api_url: `https://hooks.slack.com/${secret}` } }),
      "slack.api_url: a secret must not stand in the site file; write it to a file and put that file's path in api_url_file",
    ],
    [
      'the URL of Slack as its file',
      withDefault({ slack: { api_url_file: `https://hooks.slack.com/${secret}` } }),
      'slack.api_url_file: allowed: the absolute path',
    ],
    [
      'the URL of Slack as webhook',
      withDefault({ webhook: { url: `https://hooks.slack.com/${secret}` } }),
      'use the slack channel and its api_url_file',
    ],
    [
      'a token',
      withDefault({ webhook: { url: 'http://x/', token: secret } }),
      "webhook.token: a secret must not stand in the site file; write it to a file and put that file's path in credentials_file",
    ],
    [
      'a token in a URL',
      withDefault({ webhook: { url: `https://x.example/?access_token=${secret}` } }),
      'the parameter access_token looks like a secret in the URL',
    ],
    [
      'a password in a URL',
      withDefault({ webhook: { url: `https://u:${secret}@x.example/` } }),
      'user name and password in a URL',
    ],
    [
      'a password for mail',
      { receivers, smtp: { ...smtp, username: 'u', password: secret } },
      "smtp.password: a secret must not stand in the site file; write it to a file and put that file's path in password_file",
    ],
    [
      'a password as its file',
      { receivers, smtp: { ...smtp, username: 'u', password_file: secret } },
      'smtp.password_file: allowed: the absolute path',
    ],
    ['a secret where none belongs', { receivers, api_key: secret }, 'api_key: unknown key, and no secret belongs here'],
  ])('refuses %s and does not repeat it', (_name, site, message) => {
    const refusal = refusalOf(site);
    expect(refusal).toContain(message);
    expect(refusal).not.toContain(secret);
  });
});

function refusalOf(site: unknown): string {
  try {
    parseSite(site);
  } catch (error) {
    return String(error);
  }
  return 'was accepted';
}

describe('whatever the file holds', () => {
  test('parseSite says what is wrong in one line', () => {
    fc.assert(fc.property(fc.anything(), (value) => saysOrAccepts(value)));
  });

  test('parseSite survives any value at any place of a site', () => {
    const places = placesIn(defaultSite);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const site = structuredClone(defaultSite);
        put(site, place, value);
        return saysOrAccepts(site);
      }),
      { numRuns: 500 },
    );
  });
});

function saysOrAccepts(value: unknown): boolean {
  try {
    parseSite(value);
    return true;
  } catch (error) {
    return error instanceof SiteError && !error.message.includes('\n');
  }
}

type Place = readonly string[];

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[key], ...placesIn(child).map((rest) => [key, ...rest])]);
}

function put(target: unknown, [key = '', ...rest]: Place, value: unknown): void {
  if (typeof target !== 'object' || target === null) return;
  if (rest.length === 0) Reflect.set(target, key, value);
  else put(Reflect.get(target, key), rest, value);
}

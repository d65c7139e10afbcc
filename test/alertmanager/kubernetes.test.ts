import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { AlertmanagerConfig as Config, Route } from '../../alertmanager/config.ts';
import { objectForm, secretForm } from '../../alertmanager/kubernetes/forms.ts';
import { secretOf } from '../../alertmanager/kubernetes/secrets.ts';
import { takenRoutes } from '../../alertmanager/match-routes.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import { parseSite, type Site } from '../../alertmanager/site.ts';
import { representativeSites } from '../support/alertmanager-sites.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

const models = join(
  import.meta.dirname,
  '../../node_modules/@kubernetes-models/prometheus-operator/monitoring.coreos.com',
);
const mounted = '/etc/alertmanager/secrets';

/** Everything that an AlertmanagerConfig has a word for. */
const site = parseSite({
  receivers: {
    default: [
      { slack: { api_url_file: '/run/slack', channel: '#gpu' } },
      {
        webhook: {
          url: 'https://x.example/',
          credentials_file: `${mounted}/o11y/token`,
          ca_file: `${mounted}/o11y/ca.pem`,
        },
      },
      { webhook: { url_file: `${mounted}/o11y/url` } },
      { email: { to: ['a@example.com', 'b@example.com'] } },
      { telegram: { bot_token_file: `${mounted}/chat/telegram`, chat_id: -100 } },
      { discord: { webhook_url_file: `${mounted}/chat/discord` } },
      { msteams: { webhook_url_file: `${mounted}/chat/teams` } },
      {
        rocketchat: {
          api_url: 'https://c.example/',
          token_file: `${mounted}/chat/rocket`,
          token_id_file: `${mounted}/chat/rocket-id`,
        },
      },
    ],
    sre: [
      { pagerduty: { routing_key_file: `${mounted}/pagers/pagerduty`, severities: ['critical'] } },
      { opsgenie: { api_key_file: `${mounted}/pagers/opsgenie`, responders: [{ name: 'gpu', type: 'team' }] } },
      { victorops: { api_key_file: `${mounted}/pagers/victorops`, route: 'gpu' } },
      { pushover: { user_key_file: `${mounted}/pagers/user`, token_file: `${mounted}/pagers/token` } },
    ],
    workload: [
      { wechat: { corp_id: 'w', agent_id: '1', api_secret_file: `${mounted}/chat/wecom`, to_party: '2' } },
      { webex: { room_id: 'Y', credentials_file: `${mounted}/chat/webex` } },
      { sns: { topic_arn: 'arn:aws:sns:eu-central-1:1:t', region: 'eu-central-1', role_arn: 'arn:aws:iam::1:role/r' } },
    ],
    dead_man: [{ webhook: { url: 'https://beat.example/' } }],
  },
  tenants: { search: { channels: [{ webhook: { url: 'https://search.example/' } }], team_too: true } },
  smtp: {
    smarthost: 'm.example.com:587',
    from: 'a@example.com',
    username: 'u',
    password_file: `${mounted}/smtp/password`,
  },
  time_intervals: {
    office: [
      {
        weekdays: ['monday:friday'],
        times: ['01:00-10:00'],
        days_of_month: ['1:5', '-1'],
        months: ['march'],
        years: ['2026'],
        location: 'UTC',
      },
    ],
  },
  quiet_hours: { sre: { only_in: ['office'] }, workload: { never_in: ['office'] } },
  kubernetes_secrets: { '/run/slack': { name: 'slack', key: 'url' } },
});
const options = { templates: 'the templates', toYaml: (config: object) => JSON.stringify(config) };
const newest = { ...options, version: '0.34' } as const;

describe('as an AlertmanagerConfig', () => {
  const { config, secret, patch } = objectForm(site, { ...newest, namespace: 'monitoring', labels: { team: 'gpu' } });
  const spec = config.spec as unknown as Spec;

  test('is what the operator takes', () => {
    expect(complaints([config])).toEqual([null]);
    expect(complaints([{ ...config, spec: { ...config.spec, receivers: [{}] } }])).toEqual([expect.any(String)]);
  });

  test('has no field that the operator does not know', () => {
    const unknown = [
      ...unknownKeys(config.spec, 'v1alpha1/AlertmanagerConfigSpec', 'spec'),
      ...everyRoute(spec.route).flatMap((route) => unknownKeys(route, 'v1alpha1/Route', 'route')),
    ];
    expect(unknown).toEqual([]);
  });

  test('names receivers and intervals that it has, and matchers of the four kinds', () => {
    const receivers = spec.receivers.map(({ name }) => name);
    const intervals = (spec.muteTimeIntervals ?? []).map(({ name }) => name);
    const routes = everyRoute(spec.route);
    const named = routes.flatMap(({ receiver = 'default' }) => receiver);
    const timed = routes.flatMap((route) => [...(route.activeTimeIntervals ?? []), ...(route.muteTimeIntervals ?? [])]);
    const kinds = routes.flatMap(({ matchers = [] }) => matchers.map(({ matchType }) => matchType));
    expect(named.filter((name) => !receivers.includes(name))).toEqual([]);
    expect(new Set(timed)).toEqual(new Set(intervals));
    expect(kinds.filter((kind) => !['=', '!=', '=~', '!~'].includes(kind))).toEqual([]);
    expect(new Set(receivers).size).toBe(receivers.length);
  });

  test('has the entry of a Secret wherever the file has a path', () => {
    const text = JSON.stringify(config);
    expect(text).not.toMatch(/_file|\/run\/|\/etc\/alertmanager\/secrets/);
    const [defaults] = spec.receivers;
    expect(defaults).toMatchObject({
      slackConfigs: [{ apiURL: { name: 'slack', key: 'url' } }],
      webhookConfigs: [
        {
          httpConfig: {
            authorization: { type: 'Bearer', credentials: { name: 'o11y', key: 'token' } },
            tlsConfig: { ca: { secret: { name: 'o11y', key: 'ca.pem' } } },
          },
        },
        { urlSecret: { name: 'o11y', key: 'url' } },
      ],
      emailConfigs: [
        {
          to: 'a@example.com, b@example.com',
          authPassword: { name: 'smtp', key: 'password' },
          smarthost: 'm.example.com:587',
          requireTLS: true,
        },
      ],
      discordConfigs: [{ apiURL: { name: 'chat', key: 'discord' } }],
      rocketchatConfigs: [{ token: { name: 'chat', key: 'rocket' }, tokenID: { name: 'chat', key: 'rocket-id' } }],
    });
  });

  test('routes as the file does', () => {
    const { route } = renderAlertmanager(site, { templatesDir: '/t', target: { version: '0.34', secrets: 'files' } });
    const same = asFileRoute(spec.route);
    for (const labels of [
      { alertname: 'Watchdog', severity: 'none' },
      { alertname: 'GpuLost', severity: 'critical', domain: 'gpu', team: 'sre', node: 'n' },
      { alertname: 'GpuTemperatureHigh', severity: 'warning', domain: 'gpu', team: 'sre', node: 'n' },
      { alertname: 'TrainingStalled', severity: 'critical', domain: 'training', team: 'workload', tenant: 'search' },
      { alertname: 'BudgetStepReached', severity: 'warning', domain: 'billing', team: 'finance' },
    ]) {
      expect(takenRoutes(same, labels)).toEqual(takenRoutes(route, labels));
    }
  });

  test('comes with a base that loads, and with what opens the trap of the namespace', () => {
    expect(secret.stringData['fleetlens.tmpl']).toBe('the templates');
    const base = JSON.parse(secret.stringData['alertmanager.yaml'] ?? '') as Config;
    expect(asJsonFile({ ...base, templates: [] }, (file) => amtool('check-config', file))).toContain('SUCCESS');
    expect(base.templates).toEqual(['/etc/alertmanager/config/fleetlens.tmpl']);
    expect(patch.spec).toEqual({
      configSecret: 'fleetlens-alertmanager',
      alertmanagerConfigSelector: { matchLabels: { team: 'gpu' } },
      alertmanagerConfigMatcherStrategy: { type: 'None' },
    });
    expect(unknownKeys(patch.spec, 'v1/AlertmanagerSpec', 'spec')).toEqual([]);
  });

  test('so are the routes of other sites', () => {
    const made = [representativeSites['nobody but the default'], representativeSites['a team of each kind']];
    expect(complaints(made.map((each) => objectForm(each, newest).config))).toEqual([null, null]);
  });

  test('a kind whose secret the operator fills in needs no newer Alertmanager, and one that is new does', () => {
    const telegram: Site = { receivers: { default: [{ telegram: { bot_token_file: `${mounted}/a/b`, chat_id: 1 } }] } };
    expect(() => objectForm(telegram, { ...options, version: '0.25' })).not.toThrow();
    const teams: Site = { receivers: { default: [{ msteams: { webhook_url_file: `${mounted}/a/b` } }] } };
    expect(() => objectForm(teams, { ...options, version: '0.25' })).toThrow('does not know it');
  });

  test('refuses what it cannot say', () => {
    const shanghai = { office: [{ weekdays: ['monday'], location: 'Asia/Shanghai' }] };
    const receivers = { default: [{ webhook: { url: 'http://x/' } }] };
    expect(() => objectForm({ receivers, time_intervals: shanghai }, newest)).toThrow(
      'knows no location; write the times in UTC',
    );
    const jira = {
      api_url: 'https://x/',
      username: 'u',
      password_file: `${mounted}/a/b`,
      project: 'P',
      issue_type: 'T',
    };
    expect(() => objectForm({ receivers: { default: [{ jira }] } }, newest)).toThrow(
      'has jira, which an AlertmanagerConfig cannot hold',
    );
  });
});

describe('as a Secret', () => {
  const plain = parseSite({
    receivers: { default: [{ slack: { api_url_file: '/run/slack' } }, { email: { to: 'a@example.com' } }] },
    smtp: {
      smarthost: 'm.example.com:587',
      from: 'a@example.com',
      username: 'u',
      password_file: `${mounted}/smtp/password`,
    },
    kubernetes_secrets: { '/run/slack': { name: 'slack', key: 'url' } },
  });
  const { secret, patch } = secretForm(plain, { ...options, version: '0.25', namespace: 'monitoring' });

  test('holds a configuration that loads, with its templates beside it', () => {
    const config = load(secret.stringData['alertmanager.yaml'] ?? '') as Config;
    expect(asJsonFile({ ...config, templates: [] }, (file) => amtool('check-config', file))).toContain('SUCCESS');
    expect(config.templates).toEqual(['/etc/alertmanager/config/fleetlens.tmpl']);
    expect(config.global).toMatchObject({ smtp_auth_password_file: `${mounted}/smtp/password` });
    expect(config.receivers[0]).toMatchObject({ slack_configs: [{ api_url_file: `${mounted}/slack/url` }] });
    expect(secret).toMatchObject({ metadata: { name: 'fleetlens-alertmanager', namespace: 'monitoring' } });
  });

  test('has the Secrets mounted that it reads', () => {
    expect(patch.spec).toEqual({ configSecret: 'fleetlens-alertmanager', secrets: ['slack', 'smtp'] });
    expect(unknownKeys(patch.spec, 'v1/AlertmanagerSpec', 'spec')).toEqual([]);
  });
});

test.each([
  ['/run/slack', 'which Secret holds /run/slack? Add "/run/slack: {name: …, key: …}"'],
  ['/etc/alertmanager/secrets/slack', 'which Secret holds'],
  ['/etc/alertmanager/secrets/Slack/url', 'the name of a Secret: lower case'],
])('%s alone says no Secret', (file, complaint) => {
  expect(() => secretOf(file, {})).toThrow(complaint);
});

test.each([
  [{ '/run/a': { name: 'A', key: 'k' } }, 'kubernetes_secrets./run/a.name: got "A"'],
  [{ '/run/a': { name: 'a', key: 'k/k' } }, 'kubernetes_secrets./run/a.key: got "k/k"'],
  [{ '/run/a': { name: 'a' } }, 'kubernetes_secrets./run/a.key: missing'],
  [{ relative: { name: 'a', key: 'b' } }, 'allowed: the absolute path of a file'],
])('%j is no map of secrets', (kubernetes_secrets, complaint) => {
  expect(() => parseSite({ receivers: { default: [{ webhook: { url: 'http://x/' } }] }, kubernetes_secrets })).toThrow(
    complaint,
  );
});

/** What the schema of the operator says to each object; null where it is content. */
function complaints(objects: readonly unknown[]): unknown {
  const script = join(import.meta.dirname, 'validate-alertmanager-configs.mjs');
  return JSON.parse(execFileSync(process.execPath, [script], { input: JSON.stringify(objects), encoding: 'utf8' }));
}

interface RouteObject {
  readonly receiver?: string;
  readonly matchers?: readonly { readonly name: string; readonly matchType: string; readonly value: string }[];
  readonly activeTimeIntervals?: readonly string[];
  readonly muteTimeIntervals?: readonly string[];
  readonly groupBy?: readonly string[];
  readonly groupInterval?: string;
  readonly repeatInterval?: string;
  readonly continue?: boolean;
  readonly routes?: readonly RouteObject[];
}

interface Spec {
  readonly route: RouteObject;
  readonly receivers: readonly { readonly name: string }[];
  readonly muteTimeIntervals?: readonly { readonly name: string }[];
}

function everyRoute(route: RouteObject): readonly RouteObject[] {
  return [route, ...(route.routes ?? []).flatMap(everyRoute)];
}

function asFileRoute({
  matchers,
  activeTimeIntervals,
  muteTimeIntervals,
  groupBy,
  groupInterval,
  repeatInterval,
  routes,
  ...same
}: RouteObject): Route {
  return {
    ...same,
    ...(matchers && { matchers: matchers.map(({ name, matchType, value }) => `${name}${matchType}"${value}"`) }),
    ...(activeTimeIntervals && { active_time_intervals: activeTimeIntervals }),
    ...(muteTimeIntervals && { mute_time_intervals: muteTimeIntervals }),
    ...(groupBy && { group_by: groupBy }),
    ...(groupInterval !== undefined && { group_interval: groupInterval }),
    ...(repeatInterval !== undefined && { repeat_interval: repeatInterval }),
    ...(routes && { routes: routes.map(asFileRoute) }),
  };
}

/** Where the value has a key that the declared type has not: the package's own check overlooks such. */
function unknownKeys(value: unknown, model: string, path: string): readonly string[] {
  const fields = fieldsOf(model);
  return Object.entries((value ?? {}) as object).flatMap(([key, each]) => {
    const where = `${path}.${key}`;
    if (!fields.has(key)) return [where];
    const type = fields.get(key);
    if (type === undefined || key === 'routes') return [];
    const list = Array.isArray(each) ? each : [each];
    return list.flatMap((item) => (typeof item === 'object' ? unknownKeys(item, type, where) : []));
  });
}

/** Names of the fields of a model with the model of each that is an object, from its declaration. */
function fieldsOf(model: string): ReadonlyMap<string, string | undefined> {
  const text = readFileSync(join(models, `${model}.d.ts`), 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
  const [, body = ''] = /export interface I\w+(?: extends [\w, ]+)? \{([\s\S]*?)\n\}/.exec(text) ?? [];
  return new Map(
    [...body.matchAll(/"(\w+)"\??:([^;]*);/g)].map(([, name = '', type = '']) => {
      const [, version, kind] = /PkgApisMonitoring(V1alpha1|V1)(\w+)/.exec(type) ?? [];
      return [
        name,
        version === undefined || isScalar(version, kind ?? '') ? undefined : `${version.toLowerCase()}/${kind}`,
      ];
    }),
  );
}

function isScalar(version: string, kind: string): boolean {
  return !readFileSync(join(models, version.toLowerCase(), `${kind}.d.ts`), 'utf8').includes(
    `export interface I${kind}`,
  );
}

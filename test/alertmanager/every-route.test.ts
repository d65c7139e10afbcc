import { takenRoutes } from '../../alertmanager/match-routes.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { ruleLabels } from '../../rules/render/prometheus.ts';
import { type Labels, listAlerts, sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import { representativeSites } from '../support/alertmanager-sites.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';
import { eventually } from '../support/eventually.ts';

const shipped = alertThemes.flatMap(({ alerts }) => alerts);
const strangers: readonly Labels[] = [
  { alertname: 'Elsewhere' },
  { alertname: 'Elsewhere', severity: 'page', team: 'sre' },
  { alertname: 'AlertmanagerFailedToSendAlerts', severity: 'critical', team: 'sre' },
];

/** Every alert of the pack, as it is, without a tenant, and for each of two tenants; and some of other packs. */
const asked: readonly Labels[] = [
  ...shipped.flatMap((alert) => {
    const own: Labels = { alertname: alert.name, ...ruleLabels(alert), ...alert.fires.alerts[0] };
    const { tenant: _, ...labels } = own;
    return [labels, { ...labels, tenant: 'search' }, { ...labels, tenant: 'ads' }];
  }),
  ...strangers,
];

const sites = Object.entries<Site>(representativeSites).map(([name, site]) => ({
  name,
  site,
  config: renderAlertmanager(site, { templatesDir }),
}));

test.each(sites)('$name: a running Alertmanager takes every alert where we say', async ({ config }) => {
  const alertmanager = await startAlertmanager({ config });
  try {
    await sendAlerts(
      alertmanager.url,
      asked.map((labels) => ({ labels })),
    );
    const listed = await eventually('all alerts to be listed', async () => {
      const found = await listAlerts(alertmanager.url);
      return found.length === asked.length ? found : undefined;
    });
    const told = new Map(listed.map(({ labels, receivers }) => [keyOf(labels), receivers.map(({ name }) => name)]));
    const wrong = asked.filter((labels) => {
      const expected = [...new Set(receiversOf(config, labels))].sort();
      return (told.get(keyOf(labels)) ?? []).toSorted().join() !== expected.join();
    });
    expect(wrong).toEqual([]);
  } finally {
    await alertmanager.stop();
  }
});

test.each(sites)('$name: amtool agrees on a sample', ({ config }) => {
  const sample = [...asked.filter((_, index) => index % 60 === 7), ...strangers];
  asJsonFile(config, (file) => {
    for (const labels of sample) {
      const words = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      const said = amtool('config', 'routes', 'test', `--config.file=${file}`, ...words).trim();
      expect({ labels, said }).toEqual({ labels, said: receiversOf(config, labels).join(',') });
    }
  });
});

test('what a route does not say it takes from above, but for its hours', () => {
  const route = {
    receiver: 'root',
    group_by: ['cluster'],
    routes: [
      {
        matchers: ['team="sre"'],
        repeat_interval: '1h',
        mute_time_intervals: ['move'],
        routes: [{ matchers: ['node!=""'] }],
      },
    ],
  };
  const [above] = takenRoutes(route, { team: 'sre' });
  const [below] = takenRoutes(route, { team: 'sre', node: 'n1' });
  expect(above).toMatchObject({ receiver: 'root', groupBy: ['cluster'], repeat: '1h', mutedIn: ['move'] });
  expect(below).toMatchObject({ receiver: 'root', groupBy: ['cluster'], repeat: '1h', mutedIn: [] });
});

test('a tenant that shares with a team without channels shares with the default', () => {
  const { config } = sites.find(({ name }) => name === 'tenants beside the default') ?? { config: undefined };
  const told = (severity: string, tenant: string) =>
    config && receiversOf(config, { alertname: 'A', severity, team: 'workload', domain: 'training', tenant });
  expect(told('critical', 'ads')).toEqual(['ads-tenant', 'default']);
  expect(told('warning', 'ads')).toEqual(['ads-tenant-warning', 'default']);
  expect(told('critical', 'search')).toEqual(['search-tenant']);
  expect(told('critical', 'maps')).toEqual(['default']);
});

test.each(sites)('$name: no critical alert waits for an hour of the day, and none reaches nobody', ({ config }) => {
  const critical = asked.filter(({ severity }) => severity === 'critical');
  const taken = critical.flatMap((labels) => takenRoutes(config.route, labels));
  expect(critical.length).toBeGreaterThan(50);
  expect(
    taken.filter(({ activeIn, mutedIn, receiver }) => activeIn.length + mutedIn.length > 0 || receiver === 'nobody'),
  ).toEqual([]);
});

describe('with domains, tenants, quiet hours and digests', () => {
  const { config } = sites.at(-1) ?? { config: renderAlertmanager({ receivers: { default: [] } }, { templatesDir }) };
  const labelsOf = (text: string): Labels =>
    Object.fromEntries(text.split(' ').map((pair) => pair.split('=') as [string, string]));
  const told = (text: string) => takenRoutes(config.route, labelsOf(text));

  test.each([
    // What a tenant runs and spends is its business.
    [
      'alertname=TenantTokenBudgetBurn severity=warning domain=inference team=workload tenant=search',
      'search-tenant-warning',
    ],
    ['alertname=BudgetExceeded severity=critical domain=billing team=finance tenant=search', 'search-tenant'],
    ['alertname=TrainingStalled severity=critical domain=training team=workload tenant=search', 'search-tenant'],
    // The team hears of it too where the site says so.
    ['alertname=TrainingStalled severity=critical domain=training team=workload tenant=ads', 'ads-tenant,workload'],
    [
      'alertname=BudgetExceeded severity=critical domain=billing team=finance tenant=ads',
      'ads-tenant,finance-critical',
    ],
    // A tenant that the site does not know is told through the team.
    ['alertname=TrainingStalled severity=critical domain=training team=workload tenant=maps', 'workload'],
    // A machine, a late bill and the metering are not the tenant's to mend.
    ['alertname=GpuLost severity=critical domain=gpu team=sre node=n1 tenant=search', 'sre'],
    ['alertname=BillOverdue severity=warning domain=billing team=finance tenant=search', 'finance'],
    [
      'alertname=MeteringGap severity=critical domain=billing team=observability tenant=search',
      'observability-billing',
    ],
    // A domain within a team.
    ['alertname=HardwareHealthCritical severity=critical domain=cmdb team=sre node=n1', 'sre-cmdb'],
    ['alertname=InferenceAllUpstreamsDown severity=critical domain=inference team=sre', 'sre-inference'],
    ['alertname=InferenceUpstreamDown severity=warning domain=inference team=sre', 'sre-inference-warning'],
    ['alertname=CmdbUnknownAsset severity=warning domain=cmdb team=observability', 'default'],
  ])('%s reaches %s', (labels, receivers) => {
    expect(
      told(labels)
        .map(({ receiver }) => receiver)
        .join(),
    ).toBe(receivers);
  });

  test.each([
    ['alertname=A severity=warning domain=gpu team=sre', ['shanghai'], ['move']],
    ['alertname=A severity=warning domain=training team=workload', ['berlin', 'shanghai'], []],
    ['alertname=A severity=info domain=training team=workload', ['berlin', 'shanghai'], []],
    ['alertname=A severity=warning', ['berlin', 'shanghai'], []],
    ['alertname=A severity=warning domain=training team=workload tenant=search', ['berlin'], []],
    ['alertname=A severity=warning domain=training team=workload tenant=maps', ['berlin', 'shanghai'], []],
    ['alertname=A severity=critical domain=gpu team=sre', [], []],
    ['alertname=A severity=page domain=gpu team=sre', [], []],
  ])('%s is told in %p but not in %p', (labels, activeIn, mutedIn) => {
    expect(told(labels)[0]).toMatchObject({ activeIn, mutedIn });
  });

  test('a digest comes whatever the hour, since a message that is due in quiet hours would never come', () => {
    for (const severity of ['warning', 'info']) {
      const [digest] = told(`alertname=CmdbDrift severity=${severity} domain=cmdb team=sre`);
      expect(digest).toMatchObject({
        receiver: expect.stringMatching(/^sre-cmdb/),
        activeIn: [],
        mutedIn: [],
        groupBy: ['cluster', 'domain'],
      });
    }
    expect(told('alertname=GpuPowerCapped severity=info domain=gpu team=sre')[0]).toMatchObject({
      groupBy: ['cluster', 'domain'],
    });
    expect(told('alertname=GpuEccCorrectableBurst severity=warning domain=gpu team=sre')[0]).toMatchObject({
      groupBy: ['cluster', 'alertname', 'domain'],
      activeIn: ['shanghai'],
    });
  });
});

function receiversOf({ route }: ReturnType<typeof renderAlertmanager>, labels: Labels): readonly string[] {
  return takenRoutes(route, labels).map(({ receiver }) => receiver);
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

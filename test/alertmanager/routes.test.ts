import { deliveryAlerts } from '../../alertmanager/alert-names.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import type { Site } from '../../alertmanager/site.ts';
import type { Alert } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { ruleLabels } from '../../rules/render/prometheus.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

const hook = (severities?: readonly ['critical']) => ({
  webhook: { url: 'http://127.0.0.1:9000/', ...(severities === undefined ? {} : { severities }) },
});

const site: Site = {
  receivers: { default: [hook()], sre: [hook(), hook(['critical'])], observability: [hook()], dead_man: [hook()] },
};

const shipped = alertThemes.flatMap(({ alerts }) => alerts);

function routed(rendered: Site, labels: string): string {
  const config = renderAlertmanager(rendered, { templatesDir });
  return asJsonFile(config, (file) =>
    amtool('config', 'routes', 'test', `--config.file=${file}`, ...labels.split(' ')),
  ).trim();
}

function groupedBy(
  { team, of }: { readonly team: string; readonly of: 'node' | 'model_name' },
  rendered: Site,
): readonly string[] | undefined {
  const { route } = renderAlertmanager(rendered, { templatesDir });
  const ofTeam = route.routes?.find(({ matchers }) => matchers?.includes(`team="${team}"`)) ?? route;
  const pages = ofTeam.routes?.find(({ matchers }) => matchers?.includes(`${of}!=""`));
  return pages?.group_by;
}

describe('routes', () => {
  test.each([
    ['alertname=Watchdog severity=none team=observability', 'dead-man'],
    ['alertname=GpuLost severity=critical domain=gpu team=sre cluster=a node=n1 uuid=GPU-1', 'sre'],
    ['alertname=GpuLost severity=critical domain=gpu team=sre', 'sre'],
    ['alertname=HardwareHealthCritical severity=critical domain=cmdb team=sre cluster=a node=n1', 'sre'],
    ['alertname=NodeMaintenance severity=none domain=cmdb team=sre cluster=a node=n1', 'nobody'],
    ['alertname=GpuTemperatureHigh severity=warning domain=gpu team=sre node=n1', 'sre-warning'],
    ['alertname=GpuPowerCapped severity=info domain=gpu team=sre node=n1', 'nobody'],
    ['alertname=Quiet severity=none team=sre', 'nobody'],
    ['alertname=ExporterDown severity=critical domain=fleetlens team=observability node=n1', 'observability'],
    ['alertname=GpuXidAppError severity=warning domain=gpu team=workload node=n1', 'default'],
    ['alertname=GpuXidAppError severity=critical domain=gpu team=workload node=n1', 'default'],
    ['alertname=InferenceErrorBudgetBurnFast severity=critical domain=inference team=sre model_name=m', 'sre'],
    ['alertname=InferenceAllUpstreamsDown severity=critical domain=inference team=sre', 'sre'],
    ['alertname=InferenceTtftHigh severity=warning domain=inference team=workload model_name=m', 'default'],
    ['alertname=BudgetExceeded severity=critical domain=billing team=finance tenant=search', 'default'],
    ['alertname=BudgetStepReached severity=warning domain=billing team=finance tenant=search', 'default'],
    ['alertname=MeteringGap severity=critical domain=billing team=observability', 'observability'],
    ['alertname=SomethingElse', 'default'],
    ['alertname=SomethingElse team=sre severity=page', 'sre'],
    ['alertname=AlertmanagerFailedToSendAlerts severity=critical', 'default'],
    ['alertname=AlertmanagerFailedToSendAlerts severity=critical team=workload', 'default'],
    ['alertname=AlertmanagerFailedToSendAlerts severity=critical team=observability', 'default,observability'],
  ])('%s reaches %s', (labels, receivers) => {
    expect(routed(site, labels)).toBe(receivers);
  });

  test('the heartbeat of a site without dead man is not sent to people', () => {
    expect(routed({ receivers: { default: [hook()] } }, 'alertname=Watchdog severity=none')).toBe('nobody');
  });

  test('a site may hear of info and mute warnings', () => {
    const talkative: Site = { receivers: { default: [hook()] }, mute: [] };
    const quiet: Site = { receivers: { default: [hook()] }, mute: ['warning', 'info'] };
    expect(routed(talkative, 'alertname=GpuPowerCapped severity=info')).toBe('default');
    expect(routed(quiet, 'alertname=GpuTemperatureHigh severity=warning')).toBe('nobody');
    expect(routed(quiet, 'alertname=GpuLost severity=critical')).toBe('default');
  });

  test('a severity that no channel of a team takes reaches nobody', () => {
    const pager: Site = { receivers: { default: [hook()], sre: [hook(['critical'])] } };
    expect(routed(pager, 'alertname=GpuLost severity=critical team=sre')).toBe('sre');
    expect(routed(pager, 'alertname=GpuTemperatureHigh severity=warning team=sre')).toBe('nobody');
  });

  test('one node is one page, unless the site says otherwise', () => {
    expect(groupedBy({ team: 'sre', of: 'node' }, site)).toEqual(['cluster', 'node']);
    expect(groupedBy({ team: 'workload', of: 'node' }, site)).toEqual(['cluster', 'node']);
    const byRack: Site = { ...site, grouping: { gpu_pages: ['rack'] } };
    expect(groupedBy({ team: 'sre', of: 'node' }, byRack)).toEqual(['rack']);
  });

  test('one model with all its objectives is one page, unless the site says otherwise', () => {
    expect(groupedBy({ team: 'sre', of: 'model_name' }, site)).toEqual(['cluster', 'model_name']);
    expect(groupedBy({ team: 'workload', of: 'model_name' }, site)).toEqual(['cluster', 'model_name']);
    const byObjective: Site = { ...site, grouping: { model_pages: ['cluster', 'slo'] } };
    expect(groupedBy({ team: 'sre', of: 'model_name' }, byObjective)).toEqual(['cluster', 'slo']);
  });

  test('warnings about money come once a day in one message that tells of all, and what is about metering as other warnings do', () => {
    const rendered: Site = { receivers: { default: [hook()], finance: [hook()] }, intervals: { digest: '12h' } };
    const { route } = renderAlertmanager(rendered, { templatesDir });
    const finance = route.routes?.find(({ receiver }) => receiver === 'finance');
    const digest = finance?.routes?.find(({ matchers }) => matchers?.includes('domain="billing"'));
    expect(digest).toEqual({
      matchers: ['severity="warning"', 'domain="billing"', 'team="finance"'],
      group_by: ['cluster', 'domain'],
      group_wait: '10m',
      group_interval: '12h',
      repeat_interval: '1m',
    });
    const order = finance?.routes?.map(({ matchers }) => matchers?.join()) ?? [];
    expect(order.indexOf(digest?.matchers?.join())).toBeLessThan(order.indexOf('severity="warning"'));
  });

  test.each(shipped.map((alert) => [alert.name, alert] as const))('%s reaches its team', (_name, alert) => {
    const labels = { alertname: alert.name, ...ruleLabels(alert), ...alert.fires.alerts[0] };
    const text = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    expect(routed(site, text.join(' '))).toBe(receiverOf(alert));
  });
});

function receiverOf({ name, severity, team }: Alert): string {
  if (name === 'Watchdog') return 'dead-man';
  if (deliveryAlerts.some((delivery) => delivery === name)) return `default,${team}`;
  if (severity === 'info' || severity === 'none') return 'nobody';
  if (team === 'workload' || team === 'finance') return 'default';
  return team === 'sre' && severity === 'warning' ? 'sre-warning' : team;
}

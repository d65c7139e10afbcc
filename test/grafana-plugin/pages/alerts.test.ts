import {
  filterIn,
  groupsOf,
  matching,
  valuesOf,
  withFilter,
} from '../../../grafana-plugin/src/pages/alerts/alert-filter';
import { alertFigures, totalsBy } from '../../../grafana-plugin/src/pages/alerts/alert-report';
import { readAlerts, safeUrl } from '../../../grafana-plugin/src/pages/alerts/alertmanager-alert';
import recorded from '../../fixtures/grafana-plugin/alerts.json';

const alerts = readAlerts(recorded);
const everything = filterIn('');

test('reads what Alertmanager answers', () => {
  const lost = alerts.find(({ labels }) => labels.alertname === 'GpuLost');
  expect(lost).toMatchObject({
    state: 'active',
    runbookUrl: 'http://runbooks/GpuLost.md',
    labels: { severity: 'critical' },
  });
  expect(lost?.sinceMs).toBeGreaterThan(Date.UTC(2026, 0));
});

test('what is no list of alerts says so', () => {
  expect(() => readAlerts('<html>')).toThrow('list of alerts');
  expect(() => readAlerts([{ annotations: {} }])).toThrow('no labels');
});

test('only a web address becomes a link', () => {
  expect([safeUrl('javascript:alert(1)'), safeUrl('https://x/y'), safeUrl(undefined)]).toEqual([
    undefined,
    'https://x/y',
    undefined,
  ]);
});

test('critical ones stand first', () => {
  expect(groupsOf(alerts).map(({ severity }) => severity)).toEqual(['critical', 'info', 'none']);
});

test('narrows by label and by text, and the choice lives in the address', () => {
  expect(matching(alerts, { ...everything, severity: 'critical' })).toHaveLength(1);
  expect(matching(alerts, { ...everything, search: ' GPULOST ' })).toHaveLength(1);
  expect(matching(alerts, { ...everything, search: 'nowhere' })).toHaveLength(0);
  expect(valuesOf(alerts, 'severity')).toEqual(['critical', 'info', 'none']);
  const search = withFilter('?from=now-1h', 'team', 'sre');
  expect(search).toBe('from=now-1h&team=sre');
  expect(filterIn(search).team).toBe('sre');
  expect(withFilter(search, 'team', '')).toBe('from=now-1h');
});

const row = (alertname: string, value: number, team?: string) => ({
  labels: { alertname, severity: 'warning', ...(team === undefined ? {} : { team }) },
  value,
});

test('what begins most stands first; steps become seconds, and waits in vain are told', () => {
  const figures = alertFigures(
    {
      firing: [row('A', 10, 'sre'), row('B', 2)],
      firings: [row('B', 2), row('A', 1, 'sre')],
      pending: [row('C', 3)],
      waits: [row('C', 2)],
    },
    60,
  );
  expect(
    figures.map(({ alertname, firings, firingSeconds, pendingSeconds, pendingOnly }) => [
      alertname,
      firings,
      firingSeconds,
      pendingSeconds,
      pendingOnly,
    ]),
  ).toEqual([
    ['B', 2, 120, 0, 0],
    ['A', 1, 600, 0, 0],
    ['C', 0, 0, 180, 2],
  ]);
  expect(totalsBy(figures, 'team')).toEqual([
    { name: 'none', alerts: 2, firings: 2, firingSeconds: 120 },
    { name: 'sre', alerts: 1, firings: 1, firingSeconds: 600 },
  ]);
});

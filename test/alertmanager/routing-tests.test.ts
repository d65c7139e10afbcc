import { renderAlertmanager } from '../../alertmanager/render.ts';
import { type RoutingTest, type RoutingVerdict, routingVerdicts } from '../../alertmanager/routing-tests.ts';
import { parseSite } from '../../alertmanager/site.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

const hook = [{ webhook: { url: 'http://127.0.0.1:9/' } }];
const site = {
  receivers: { default: hook, sre: hook, observability: hook },
  tenants: { search: { channels: hook, team_too: true } },
  time_intervals: {
    office: [{ weekdays: ['monday:friday'], times: ['09:00-18:00'], location: 'Europe/Berlin' }],
    move: [{ years: ['2030'], location: 'UTC' }],
  },
  quiet_hours: { sre: { only_in: ['office'], never_in: ['move'] } },
};

function verdictsOf(...tests: readonly unknown[]): readonly RoutingVerdict[] {
  const parsed = parseSite({ ...site, routing_tests: tests });
  return routingVerdicts(parsed, renderAlertmanager(parsed, { templatesDir }), (labels) => labels);
}

const critical = { alertname: 'A', severity: 'critical', team: 'sre' };
const warning = { alertname: 'A', severity: 'warning', team: 'sre' };
const ofTenant = { alertname: 'A', severity: 'warning', team: 'workload', tenant: 'search' };

const cases: readonly RoutingTest[] = [
  { labels: critical, receivers: ['sre'] },
  { labels: warning, receivers: ['sre'] },
  { labels: { ...warning, severity: 'info' }, receivers: ['nobody'] },
  { labels: ofTenant, receivers: ['search-tenant', 'default'] },
  {
    labels: { alertname: 'BridgeDeadLetter', severity: 'critical', team: 'observability' },
    receivers: ['default', 'observability'],
  },
];

test.each(cases)('$labels reach $receivers, and amtool agrees', (each) => {
  const [verdict] = verdictsOf(each);
  expect(verdict).toMatchObject({ isRight: true, told: each.receivers });
  const labels = Object.entries(each.labels).map(([name, value]) => `${name}=${value}`);
  const args = [`--verify.receivers=${verdict?.told.join(',')}`, ...labels];
  asJsonFile(renderAlertmanager(parseSite(site), { templatesDir }), (file) =>
    amtool('config', 'routes', 'test', `--config.file=${file}`, ...args),
  );
});

test('another way is wrong, also one of two, and says what decided it', () => {
  expect(verdictsOf({ labels: { ...warning, severity: 'info' }, receivers: ['sre'] })).toMatchObject([
    { isRight: false, told: ['nobody'], because: ['severity=~"info|none"'] },
  ]);
  expect(verdictsOf({ labels: ofTenant, receivers: ['default'] })).toMatchObject([{ isRight: false }]);
  expect(verdictsOf({ labels: ofTenant, receivers: ['default', 'search-tenant'] })).toMatchObject([{ isRight: true }]);
});

test.each([
  ['2027-03-01T12:00+01:00', warning, ['sre'], []],
  ['2027-03-01T20:00+01:00', warning, ['nobody'], ['2027-03-01T20:00+01:00 is not in office']],
  ['2027-03-01T20:00+01:00', critical, ['sre'], []],
  ['2030-03-01T12:00+01:00', warning, ['nobody'], ['2030-03-01T12:00+01:00 is in move']],
])('at %s %j is told %j', (at, labels, receivers, reasons) => {
  const [verdict] = verdictsOf({ labels, receivers, at });
  expect(verdict).toMatchObject({ isRight: true, told: receivers });
  expect(verdict?.because.filter((reason) => reason.startsWith(at))).toEqual(reasons);
});

test.each<[unknown, string]>([
  [[], 'routing_tests: got []; allowed: a list with at least one entry'],
  [[{ receivers: ['sre'] }], 'routing_tests[0].labels: missing; add it'],
  [[{ labels: {}, receivers: ['sre'] }], 'routing_tests[0].labels: got {}; allowed: labels of an alert'],
  [[{ labels: { 'a-b': 'c' }, receivers: ['sre'] }], 'names of labels, of letters, digits and _'],
  [
    [{ labels: { a: ['b'] }, receivers: ['sre'] }],
    'routing_tests[0].labels.a: got ["b"]; allowed: the value of a label',
  ],
  [[{ labels: { a: 'b' } }], 'routing_tests[0].receivers: missing'],
  [[{ labels: { a: 'b' }, receivers: [] }], 'routing_tests[0].receivers: got []'],
  [
    [{ labels: { a: 'b' }, receivers: ['sre'], at: '20:00' }],
    'routing_tests[0].at: got "20:00"; allowed: a moment with its offset',
  ],
  [[{ labels: { a: 'b' }, receivers: ['sre'], at: '2027-13-01T20:00Z' }], 'routing_tests[0].at: got'],
  [[{ labels: { a: 'b' }, receiver: 'sre' }], 'routing_tests[0].receiver: unknown key; allowed: labels, receivers, at'],
])('%j is refused', (tests, complaint) => {
  expect(() => parseSite({ ...site, routing_tests: tests })).toThrow(complaint);
});

test('a receiver that there is not is a mistake of the test, not of the routes', () => {
  expect(() =>
    verdictsOf({ labels: warning, receivers: ['sre'] }, { labels: warning, receivers: ['sre-warn'] }),
  ).toThrow(
    'routing_tests[1].receivers: no receiver is called sre-warn; there are default, sre, observability, search-tenant, nobody',
  );
});

test('what a site expects of its routes stands in nothing that is generated', () => {
  const tested = parseSite({ ...site, routing_tests: cases });
  expect(renderAlertmanager(tested, { templatesDir })).toEqual(renderAlertmanager(parseSite(site), { templatesDir }));
});

import { renderAlertmanager } from '../../alertmanager/render.ts';
import { parseSite, type Site } from '../../alertmanager/site.ts';
import { startAlertReceiver } from '../support/alert-receiver.ts';
import { sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

const receivers = { default: [{ webhook: { url: 'http://127.0.0.1:9/' } }] };

function withPeriod(period: unknown): unknown {
  return { receivers, time_intervals: { one: [period] } };
}

test.each([
  { weekdays: ['monday:friday', 'sunday'], times: ['00:00-24:00'], location: 'Asia/Shanghai' },
  { weekdays: ['Saturday'], location: 'Europe/Berlin' },
  {
    days_of_month: ['1:5', '-3:-1', '1:-1', 15],
    months: ['january:march', '12', 6],
    years: ['2026:2028', 2030],
    location: 'UTC',
  },
  { times: ['22:00-24:00', '00:00-06:00'], location: 'America/Argentina/Buenos_Aires' },
])('%j is accepted, and by amtool', (period) => {
  const config = renderAlertmanager(parseSite(withPeriod(period)), { templatesDir });
  expect(asJsonFile(config, (file) => amtool('check-config', file))).toContain('SUCCESS');
});

test.each([
  [{ weekdays: ['monday'] }, 'time_intervals.one[0].location: missing'],
  [{ location: 'UTC' }, 'time_intervals.one[0]: holds at any time'],
  [{ weekdays: [], location: 'UTC' }, 'holds at any time'],
  [{ weekdays: ['friday:monday'], location: 'UTC' }, 'weekdays[0]: got "friday:monday"; allowed: a day'],
  [{ weekdays: ['mon'], location: 'UTC' }, 'a range of days, such as monday:friday'],
  [{ times: ['9:00-18:00'], location: 'UTC' }, 'a range of times, such as 09:00-18:00'],
  [{ times: ['22:00-06:00'], location: 'UTC' }, 'two ranges, such as 22:00-24:00 and 00:00-06:00'],
  [{ times: ['09:00-24:01'], location: 'UTC' }, 'times from 00:00 to 24:00'],
  [{ times: ['09:60-10:00'], location: 'UTC' }, 'times from 00:00 to 24:00'],
  [{ times: ['09:00-09:00'], location: 'UTC' }, 'a start before the end'],
  [{ days_of_month: ['0'], location: 'UTC' }, 'a day from 1 to 31'],
  [{ days_of_month: ['32'], location: 'UTC' }, 'a day from 1 to 31'],
  [{ days_of_month: ['-1:1'], location: 'UTC' }, 'the first day before the last'],
  [{ days_of_month: ['5:1'], location: 'UTC' }, 'the first day before the last'],
  [{ months: ['13'], location: 'UTC' }, 'a month or a range of months'],
  [{ months: ['march:january'], location: 'UTC' }, 'the first before the last'],
  [{ years: ['26'], location: 'UTC' }, 'a year or a range of years'],
  [{ weekdays: ['monday'], location: 'Asia/Beijing' }, 'allowed: a location of the IANA time zone database'],
  [{ weekdays: ['monday'], location: 'asia/shanghai' }, 'allowed: a location'],
  [{ weekdays: ['monday'], location: '+08:00' }, 'allowed: a location'],
  [{ weekdays: ['monday'], location: 'Local' }, 'allowed: a location'],
  [{ weekday: ['monday'], location: 'UTC' }, 'time_intervals.one[0].weekday: unknown key'],
])('%j is refused', (period, complaint) => {
  expect(() => parseSite(withPeriod(period))).toThrow(complaint);
});

const office = { office: [{ weekdays: ['monday:friday'], location: 'UTC' }] };

test.each<[unknown, string]>([
  [
    { receivers, quiet_hours: { default: { only_in: ['office'] } } },
    'quiet_hours.default: no interval is called office; write it under time_intervals',
  ],
  [
    { receivers, time_intervals: office, quiet_hours: { sre: { only_in: ['ofice'] } } },
    'quiet_hours.sre: no interval is called ofice; there are office',
  ],
  [{ receivers, time_intervals: office, quiet_hours: { sre: {} } }, 'quiet_hours.sre: says nothing'],
  [
    { receivers, time_intervals: office, quiet_hours: { sre: { only_in: ['office'], never_in: ['office'] } } },
    'nobody is ever told',
  ],
  [
    { receivers, time_intervals: office, quiet_hours: { dba: { only_in: ['office'] } } },
    'quiet_hours.dba: unknown key',
  ],
  [{ receivers, time_intervals: { 'two words': [] } }, 'allowed: a name of letters'],
  [
    { receivers, tenants: { a: { channels: receivers.default, quiet_hours: { only_in: ['x'] } } } },
    'tenants.a.quiet_hours: no interval is called x',
  ],
  [{ receivers, tenants: { 'a b': { channels: receivers.default } } }, 'names of tenants without blanks'],
  [{ receivers, tenants: { a: { channels: [] } } }, 'tenants.a.channels: got []'],
  [
    { receivers, tenants: { a: { channels: [{ email: { to: 'a@example.com' } }] } } },
    'tenants.a.channels[0].email: needs a mail server',
  ],
  [
    { receivers, domains: { sre: { cmdb: [{ email: { to: 'a@example.com' } }] } } },
    'domains.sre.cmdb[0].email: needs a mail server',
  ],
  [
    { receivers, domains: { sre: { hardware: receivers.default } } },
    'domains.sre.hardware: unknown key; allowed: gpu, training',
  ],
  [{ receivers, digests: { cmdb: { every: '0s' } } }, 'digests.cmdb.every: got "0s"'],
  [
    { receivers, digests: { cmdb: { every: '1d', severities: ['critical'] } } },
    'digests.cmdb.severities[0]: got "critical"; allowed: one of warning, info',
  ],
])('%j is refused', (site, complaint) => {
  expect(() => parseSite(site)).toThrow(complaint);
});

test('in quiet hours a running Alertmanager tells of what is critical, and of nothing else', async () => {
  const endpoint = await startAlertReceiver();
  const hook = (path: string) => [{ webhook: { url: `${endpoint.url}/${path}` } }];
  const thisYear = new Date().getUTCFullYear();
  const site: Site = {
    receivers: { default: hook('default'), sre: hook('sre'), workload: hook('workload'), finance: hook('finance') },
    time_intervals: {
      another_year: [{ years: [String(thisYear + 5)], location: 'Asia/Shanghai' }],
      these_years: [{ years: [`${thisYear - 1}:${thisYear + 1}`], location: 'Europe/Berlin' }],
    },
    quiet_hours: {
      sre: { only_in: ['another_year'] },
      workload: { never_in: ['these_years'] },
      finance: { only_in: ['these_years'], never_in: ['another_year'] },
    },
    intervals: { group_wait: '1s', group_interval: '1s' },
  };
  const alertmanager = await startAlertmanager({ config: renderAlertmanager(site, { templatesDir }) });
  try {
    const told = (team: string, severity: string) => ({
      labels: { alertname: `${team} ${severity}`, team, severity, domain: 'platform' },
    });
    await sendAlerts(alertmanager.url, [
      told('sre', 'warning'),
      told('workload', 'warning'),
      told('sre', 'critical'),
      told('workload', 'critical'),
      told('finance', 'warning'),
    ]);
    const names = () =>
      endpoint.deliveries
        .map(({ body }) => String((body['groupLabels'] as { alertname: string }).alertname))
        .toSorted();
    for (const path of ['/sre', '/workload', '/finance'])
      await endpoint.delivery(`the message to ${path}`, (each) => each.path === path);
    // One more round for all groups: what was held back would have come with it.
    await sendAlerts(alertmanager.url, [told('finance', 'critical')]);
    await endpoint.delivery('a later message', ({ body }) => JSON.stringify(body).includes('finance critical'));
    expect(names()).toEqual(['finance critical', 'finance warning', 'sre critical', 'workload critical']);
  } finally {
    await alertmanager.stop();
    await endpoint.stop();
  }
});

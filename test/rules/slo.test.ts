import { verbatim } from '../../metrics/promql.ts';
import { alertFile, recordingFile } from '../../rules/render/prometheus.ts';
import { alertTests } from '../../rules/render/promtool-tests.ts';
import { sloAlerts } from '../../rules/slo/alerts.ts';
import { burnLevels, burnRate, outageMinutes } from '../../rules/slo/burn.ts';
import { collectionAvailability } from '../../rules/slo/collection-availability.ts';
import { gpuAvailability } from '../../rules/slo/gpu-availability.ts';
import { booleanGauge, counted } from '../../rules/slo/indicator.ts';
import { nodeAvailability } from '../../rules/slo/node-availability.ts';
import type { Slo } from '../../rules/slo/objective.ts';
import { sloRecordings } from '../../rules/slo/recordings.ts';
import { trainingGoodput } from '../../rules/slo/training-goodput.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const by = ['cluster', 'service'];
const checkout: Slo = {
  name: 'checkout',
  title: 'checkout',
  missed: ['the requests', 'fail'],
  objective: 0.99,
  periodDays: 30,
  by,
  indicator: {
    kind: 'good',
    good: counted(by, verbatim('http_requests_total{code="200"}')),
    events: counted(by, verbatim('http_requests_total')),
  },
  minimum: { events: 20, bad: 5 },
  pages: true,
  expected: true,
  domain: 'platform',
  team: 'sre',
  firstLook: ['Look.'],
  remedy: ['Mend.'],
};
const byBad: Slo = {
  ...checkout,
  indicator: {
    kind: 'bad',
    bad: counted(by, verbatim('http_requests_total{code!="200"}')),
    events: counted(by, verbatim('http_requests_total')),
  },
};

/** What is to be seen at one time. */
interface Look {
  /** Minutes after the start. */
  readonly at: number;
  /** Names of alerts that fire. */
  readonly firing?: readonly string[];
  /** Value of an expression, rounded to thousandths; undefined for no value at all. */
  readonly values?: Readonly<Record<string, number | undefined>>;
}

interface Situation extends Look {
  readonly slo?: Slo;
  readonly series: Readonly<Record<string, string>>;
}

const good = 'http_requests_total{cluster="c1",service="shop",code="200"}';
const bad = 'http_requests_total{cluster="c1",service="shop",code="500"}';
const labels = '{cluster="c1",service="shop",slo="checkout"}';
const fast = 'CheckoutErrorBudgetBurnFast';
const mid = 'CheckoutErrorBudgetBurnMid';
const slow = 'CheckoutErrorBudgetBurnSlow';
const verySlow = 'CheckoutErrorBudgetBurnVerySlow';
const absent = 'CheckoutSloAbsent';

function exprTestsOf({ at, firing = [], values = {} }: Look): readonly object[] {
  return [
    {
      expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: `${at}m`,
      exp_samples: firing.map((name) => ({ labels: `{alertname="${name}"}`, value: 1 })),
    },
    ...Object.entries(values).map(([expr, value]) => ({
      expr: `sum(round(${expr}, 0.001))`,
      eval_time: `${at}m`,
      exp_samples: value === undefined ? [] : [{ labels: '{}', value }],
    })),
  ];
}

/** Later looks at the same series cost hardly anything, for the rules are evaluated minute by minute up to the last of them. */
function expectIn({ slo = checkout, series, ...first }: Situation, ...later: readonly Look[]): void {
  folder.write('recordings.yaml', recordingFile(sloRecordings(slo)));
  folder.write('alerts.yaml', alertFile(sloAlerts(slo), { runbookBaseUrl: 'https://x' }));
  folder.write('slo.test.yaml', {
    rule_files: ['recordings.yaml', 'alerts.yaml'],
    evaluation_interval: '1m',
    group_eval_order: [`slo-${slo.name}`, `${slo.name}-slo`],
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, text]) => ({ series: name, values: text })),
        promql_expr_test: [first, ...later].flatMap(exprTestsOf),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'slo.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
}

describe.each([
  ['good events', checkout],
  ['bad events', byBad],
])('an objective by counters of %s', (_, slo) => {
  test('has no ratio, no NaN and no alert without traffic, and keeps its budget', () => {
    expectIn({
      slo,
      series: { [good]: '0+10x60 600x120', [bad]: '0x180' },
      at: 180,
      values: {
        'slo:error_ratio:rate5m': undefined,
        'slo:error_ratio:rate1h': undefined,
        'slo:events:increase5m': 0,
        'slo:bad_events:increase5m': 0,
        'slo:error_budget_ratio:remaining': 1,
        [`slo:objective_ratio:constant${labels}`]: 0.99,
        [`slo:period_seconds:constant${labels}`]: 2_592_000,
        // A comparison drops what is NaN.
        'count({__name__=~"slo:.*"}) - count({__name__=~"slo:.*"} > -Inf)': 0,
      },
    });
  });

  test('counts as all bad when every request fails', () => {
    expectIn({
      slo,
      series: { [good]: '0x600', [bad]: '0+10x600' },
      at: 600,
      firing: [fast, mid, slow, verySlow],
      values: { 'slo:error_ratio:rate5m': 1, 'slo:error_ratio:rate3d': 1, 'slo:error_budget_ratio:remaining': -99 },
    });
  });

  test('survives a counter that begins anew', () => {
    expectIn({
      slo,
      series: { [good]: '0+100x60 0+100x60', [bad]: '0x121' },
      at: 120,
      values: { 'slo:error_ratio:rate1h': 0, 'slo:error_budget_ratio:remaining': 1 },
    });
  });

  test('wakes nobody for few requests', () => {
    // Eight requests in an hour, and half of them are bad.
    const sparse = (from: number) =>
      Array.from({ length: 300 }, (_item, minute) => Math.floor((minute + from) / 15)).join(' ');
    expectIn({
      slo,
      series: { [good]: sparse(0), [bad]: sparse(7) },
      at: 120,
      values: { 'round(slo:error_ratio:rate1h, 0.5)': 0.5 },
    });
  });

  test('weighs its budget by events and not by time', () => {
    // Nine tenths of the time hardly anything comes and all of it is bad: 100 of 10,100 events.
    expectIn({
      slo,
      series: { [good]: '0x900 0+100x100', [bad]: '0x10 0+1x100 100x900' },
      at: 1000,
      values: { 'round(slo:error_budget_ratio:remaining, 0.1)': 0 },
    });
  });
});

test('good series that are missing are all bad', () => {
  expectIn({
    series: { [bad]: '0+10x60' },
    at: 55,
    firing: [fast, mid],
    values: { 'slo:error_ratio:rate5m': 1, 'slo:bad_events:increase5m': 50, 'slo:error_budget_ratio:remaining': -99 },
  });
});

test('exactly at the threshold is quiet, and just above it is not', () => {
  const half: Slo = { ...checkout, objective: 0.5, minimum: { events: 1, bad: 1 } };
  // The slowest pace is 1: a share of one half.
  expectIn({
    slo: half,
    series: { [good]: '0+10x700', [bad]: '0+10x700' },
    at: 600,
    values: { 'slo:error_ratio:rate3d': 0.5 },
  });
  expectIn({ slo: half, series: { [good]: '0+10x700', [bad]: '0+11x700' }, at: 600, firing: [verySlow] });
});

test('alerts that could never fire are left out', () => {
  expect(sloAlerts({ ...checkout, objective: 0.8 }).alerts.map(({ name }) => name)).toEqual([slow, verySlow, absent]);
});

test('series that go are told after the time that a total outage may take, and also if they were never there', () => {
  const series = { [good]: '0+10x60 stale', [bad]: '0x60 stale' };
  // A share of 14.4 % in an hour is nine minutes; the last increase of five minutes is seen for five more.
  expectIn({ series, at: 69 }, { at: 80, firing: [absent] });
  expectIn({ series: { up: '1x100' }, at: 60, firing: [absent] });
  expectIn({ slo: { ...checkout, expected: false }, series: { up: '1x100' }, at: 60 });
});

test('the alert about series that have gone names each instance, and the objective once', () => {
  folder.write('recordings.yaml', recordingFile(sloRecordings(checkout)));
  folder.write('alerts.yaml', alertFile(sloAlerts(checkout), { runbookBaseUrl: 'https://x' }));
  folder.write('absent.test.yaml', {
    rule_files: ['recordings.yaml', 'alerts.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [{ series: good, values: '0+10x60 stale' }],
        promql_expr_test: [
          {
            expr: 'count by (cluster, service, slo) (ALERTS{alertstate="firing"})',
            eval_time: '80m',
            exp_samples: [{ labels, value: 1 }],
          },
        ],
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'absent.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

test('bounds of buckets are found as "1" and as "1.0"', () => {
  const latency: Slo = {
    ...checkout,
    indicator: {
      kind: 'good',
      good: counted(by, verbatim('x_bucket{le=~"1|1\\\\.0"}')),
      events: counted(by, verbatim('x_count')),
    },
  };
  const replica = (instance: string, le: string, values: string, count: string) => ({
    [`x_bucket{cluster="c1",service="shop",instance="${instance}",le="${le}"}`]: values,
    [`x_bucket{cluster="c1",service="shop",instance="${instance}",le="11.0"}`]: count,
    [`x_count{cluster="c1",service="shop",instance="${instance}"}`]: count,
  });
  expectIn({
    slo: latency,
    series: { ...replica('a', '1', '0+9x60', '0+10x60'), ...replica('b', '1.0', '0+7x60', '0+10x60') },
    at: 60,
    firing: [fast, mid],
    values: { 'slo:error_ratio:rate1h': 0.2 },
  });
});

test('members count by their number and time, and those that do not tell are bad', () => {
  const storage: Slo = {
    ...checkout,
    by: ['cluster'],
    indicator: booleanGauge(['cluster'], verbatim('up{job="storage"}')),
  };
  const up = (instance: string, values: string) => ({
    [`up{cluster="c1",job="storage",instance="${instance}"}`]: values,
  });
  expectIn({
    slo: storage,
    series: { ...up('a', '1x200'), ...up('b', '1x100 0x100'), ...up('c', '1x200'), ...up('d', '1x200') },
    at: 190,
    firing: [fast, mid, slow],
    values: { 'slo:error_ratio:rate1h': 0.25, 'round(slo:events:increase1h / 10)': 24 },
  });
});

describe('the GPUs of a cluster', () => {
  const gpu = (id: number, values: string, metric = 'gpu_up', more = '') => ({
    [`${metric}{cluster="c1",node="n${id}",gpu_id="0",uuid="GPU-${id}"${more},job="fleetlens-gpu",instance="n${id}:9400"}`]:
      values,
  });
  const wants = (id: number, action: string, values: string) =>
    gpu(id, values, 'gpu_recovery_action', `,action="${action}"`);

  test('are lost while they are down, to be reset, or on a node that does not tell; not while the node is maintained', () => {
    expectIn({
      slo: gpuAvailability,
      series: {
        ...gpu(1, '1x70'),
        ...gpu(2, '0x70'),
        ...gpu(3, '1x70'),
        ...wants(3, 'gpu_reset', '1x70'),
        ...wants(3, 'none', '0x70'),
        ...gpu(4, '1x10 stale'),
        ...gpu(5, '1x70'),
        ...wants(5, 'gpu_reset', '0x70'),
        ...wants(5, 'none', '1x70'),
        ...gpu(6, '0x70'),
        'ALERTS{alertname="NodeMaintenance",alertstate="firing",cluster="c1",node="n6"}': '1x70',
      },
      at: 60,
      firing: ['GpuAvailabilityErrorBudgetBurnFast', 'GpuAvailabilityErrorBudgetBurnMid', 'NodeMaintenance'],
      values: { 'slo:members:count': 5, 'slo:good_members:sum': 2, 'slo:error_ratio:rate5m': 0.6 },
    });
  });

  test('are all lost for an hour when no node tells, and after that it is an alert of its own', () => {
    expectIn(
      {
        slo: gpuAvailability,
        series: { ...gpu(1, '1x60 stale'), ...gpu(2, '1x60 stale') },
        at: 80,
        firing: ['GpuAvailabilityErrorBudgetBurnFast', 'GpuAvailabilityErrorBudgetBurnMid'],
        values: { 'slo:error_ratio:rate5m': 1 },
      },
      { at: 150, firing: ['GpuAvailabilityErrorBudgetBurnMid', 'GpuAvailabilitySloAbsent'] },
    );
  });
});

describe('the machines of a cluster', () => {
  const host = (node: string, values: string, job = 'node') => ({
    [`up{cluster="c1",node="${node}",job="${job}",instance="${node}:9100"}`]: values,
  });

  test('are away while nothing on them answers, and not while they are maintained', () => {
    expectIn({
      slo: nodeAvailability,
      series: {
        ...host('n1', '1x70'),
        ...host('n2', '0x70'),
        ...host('n2', '0x70', 'fleetlens-gpu'),
        // Only node_exporter has stopped.
        ...host('n3', '0x70', 'monitoring/node-exporter'),
        ...host('n3', '1x70', 'fleetlens-gpu'),
        // Gone from service discovery.
        ...host('n4', '1x10 stale'),
        ...host('n5', '0x70'),
        'ALERTS{alertname="NodeMaintenance",alertstate="firing",cluster="c1",node="n5"}': '1x70',
        // No machine that has node_exporter, and a target that says of no machine.
        ...host('n6', '0x70', 'others'),
        'up{cluster="c1",job="node",instance="x:9100"}': '0x70',
      },
      at: 60,
      firing: ['NodeAvailabilityErrorBudgetBurnFast', 'NodeAvailabilityErrorBudgetBurnMid', 'NodeMaintenance'],
      values: { 'slo:members:count': 4, 'slo:good_members:sum': 2, 'slo:error_ratio:rate5m': 0.5 },
    });
  });

  test('are loaded with the profile of node_exporter', () => {
    expect(sloRecordings(nodeAvailability).profile).toBe('node');
    expect(sloAlerts(nodeAvailability).profile).toBe('node');
    expect(sloAlerts(checkout).profile).toBeUndefined();
  });
});

describe('the time of training runs', () => {
  const ofRun = (run: string, exporter = 'a') =>
    `cluster="c1",run="${run}",job_id="1",framework="pytorch",job="fleetlens-training",instance="${exporter}:9410"`;
  const wall = (run: string, values: string, exporter?: string) => ({
    [`training_wall_seconds_total{${ofRun(run, exporter)}}`]: values,
  });
  const badput = (run: string, reason: string, values: string, exporter?: string) => ({
    [`training_badput_seconds_total{${ofRun(run, exporter)},reason="${reason}"}`]: values,
  });

  test('is lost by everything but lasting steps and evaluation, once for each run whoever sees it', () => {
    expectIn({
      slo: trainingGoodput,
      series: {
        ...wall('good', '0+60x900'),
        ...badput('good', 'evaluation', '0+30x900'),
        ...wall('slow', '0+60x900'),
        ...wall('slow', '0+60x900', 'b'),
        ...badput('slow', 'checkpoint_save', '0+12x900'),
        ...badput('slow', 'checkpoint_save', '0+12x900', 'b'),
        ...badput('slow', 'data_loading', '0+12x900'),
        // Ended: its clock stands still.
        ...wall('over', '3600x900'),
        ...badput('over', 'startup', '3600x900'),
      },
      at: 800,
      firing: ['TrainingGoodputErrorBudgetBurnVerySlow'],
      values: { 'slo:members:count': 2, 'slo:good_members:sum': 1.6, 'slo:error_ratio:rate6h': 0.2 },
    });
  });

  test('that a rollback loses at once is paid in full', () => {
    expectIn({
      slo: trainingGoodput,
      series: { ...wall('one', '0+60x700'), ...badput('one', 'wasted_progress', '0x300 3600x400') },
      at: 600,
      values: {
        // One hour of six.
        'round(slo:error_ratio:rate6h, 0.01)': 0.17,
        'round(sum_over_time(slo:members:count[6h]) - sum_over_time(slo:good_members:sum[6h]))': 60,
      },
    });
  });
});

test('scrapes of our daemons are judged, and no others', () => {
  expectIn({
    slo: collectionAvailability,
    series: {
      'up{cluster="c1",node="n1",job="fleetlens-gpu",instance="n1:9400"}': '1x60',
      'up{cluster="c1",node="n2",job="fleetlens-gpu",instance="n2:9400"}': '0x60',
      'up{cluster="c1",node="n3",job="others",instance="n3:1"}': '0x60',
    },
    at: 50,
    firing: ['CollectionAvailabilityErrorBudgetBurnFast', 'CollectionAvailabilityErrorBudgetBurnMid'],
    values: { 'slo:error_ratio:rate30m': 0.5 },
  });
});

test('what fails while targets are set up is no outage, and what fails from the first minute on is one', () => {
  const scrapes = (values: string) => ({
    'up{cluster="c1",node="n1",job="fleetlens-gpu",instance="n1:9400"}': values,
  });
  const slo = collectionAvailability;
  const name = 'CollectionAvailabilityErrorBudgetBurn';
  const later = [30, 60, 120, 360, 600, 720].map((at) => ({ at }));
  expectIn({ slo, series: scrapes('0x4 1x800'), at: 5 }, ...later);
  expectIn({ slo, series: scrapes('0x800'), at: 50, firing: [`${name}Fast`, `${name}Mid`] });
});

test.each([
  [30, [14.4, 6, 3, 1]],
  [7, [3.36, 1.4, 1, 1]],
  [90, [43.2, 18, 9, 3]],
])('alerts over %d days stand for the same shares of the budget', (days, rates) => {
  expect(
    burnLevels.map((level) => {
      const rate = burnRate(level, days);
      return typeof rate === 'number' ? rate : rate.value;
    }),
  ).toEqual(rates);
});

test('an outage may last as long as it takes to use up what the fast alert allows, within reason', () => {
  expect([0.99, 0.9999, 0.5].map((objective) => outageMinutes(objective, 30))).toEqual([9, 5, 60]);
});

test('the examples of an objective hold for whatever it promises', () => {
  for (const [objective, periodDays] of [
    [0.9, 30],
    [0.9995, 7],
    [0.5, 90],
  ] as const) {
    const theme = sloAlerts({ ...checkout, objective, periodDays, expected: false });
    folder.write('rules.yaml', alertFile(theme, { runbookBaseUrl: 'https://x' }));
    folder.write('rules.test.yaml', alertTests(theme, { ruleFiles: ['rules.yaml'] }));
    expect(folder.promtool('test', 'rules', 'rules.test.yaml')).toEqual({
      ok: true,
      output: expect.stringContaining('SUCCESS'),
    });
  }
});

import { billing } from '../../metrics/billing.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, series } from '../../metrics/promql.ts';
import { exampleBillingReplica, exampleBillingTarget, exampleGpuTarget, exampleTarget } from '../../rules/examples.ts';
import { billingGroup } from '../../rules/recording/billing.ts';
import { type billingRecordings, billingScoreGroup } from '../../rules/recording/billing-score.ts';
import { billingSlowGroup } from '../../rules/recording/billing-slow.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

type Input = readonly (readonly [Expr, string])[];

const groups = [billingGroup, billingSlowGroup, billingScoreGroup];
const money = { tenant: 'search', currency: 'EUR' } as const;

function costOf(values: string, resource: string, cluster = 'c1'): Input {
  return [exampleBillingTarget, exampleBillingReplica].map((target) => [
    series(billing.billing_cost_total, { ...target, ...money, cluster, resource }),
    values,
  ]);
}

function gpuTimeOf(values: string, labels: { readonly state: string; readonly profile?: string }): Input {
  return [exampleBillingTarget, exampleBillingReplica].map((target) => [
    series(billing.billing_gpu_seconds_total, { ...target, tenant: 'search', model: 'H100', profile: '', ...labels }),
    values,
  ]);
}

function allocated(labels: {
  readonly pod: string;
  readonly gpu_instance_id?: string;
  readonly instance?: string;
}): Input[number] {
  const holder = { profile: '', namespace: 'ns', container: 'main', job_id: '', gpu_instance_id: '' };
  return [
    series(gpu.gpu_allocated_share_seconds_total, { ...exampleGpuTarget, ...exampleTarget, ...holder, ...labels }),
    '0+15x1500',
  ];
}

function expectAt(
  at: string,
  input: Input,
  expected: Readonly<Record<string, Readonly<Record<string, number>>>>,
  interval = '10m',
): void {
  for (const group of groups) folder.write(`${group.group}.yaml`, recordingFile(group));
  folder.write('billing.test.yaml', {
    rule_files: groups.map(({ group }) => `${group}.yaml`),
    evaluation_interval: interval,
    // Each reads what the one before it has just recorded; without it promtool takes them in any order.
    group_eval_order: groups.map(({ group }) => group),
    tests: [
      {
        interval,
        input_series: input.map(([name, values]) => ({ series: name.promql, values })),
        promql_expr_test: Object.entries(expected).map(([name, values]) => ({
          expr: `round(${name}, 0.01)`,
          eval_time: at,
          exp_samples: Object.entries(values).map(([labels, value]) => ({ labels: `{${labels}}`, value })),
        })),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'billing.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
}

const tenant = 'cluster="c1",tenant="search",currency="EUR"';

/** Every recorded series, so that a new one without a value here fails. 60 an hour for GPUs and 12 for tokens, steady for eight days. */
const steady: { readonly [N in keyof typeof billingRecordings.series]: Readonly<Record<string, number>> } = {
  'cluster_tenant_currency:billing_cost:increase6h': { [tenant]: 432 },
  'cluster:billing_gpu_seconds:increase1d': { 'cluster="c1"': 864_000 },
  'cluster:gpu_allocated_share:rate5m': {},
  'cluster_tenant_currency:billing_cost:median7d': { [tenant]: 432 },
  'cluster_tenant_currency:billing_cost:spread7d': { [tenant]: 0 },
  'cluster_tenant_currency:billing_cost:score': { [tenant]: 0 },
  // Every ten minutes is too seldom for them: they are looked at in anomaly-recording.test.ts.
  'cluster_tenant_currency:billing_cost:mean1d': {},
  'cluster_tenant_currency:billing_cost:deviation1d': {},
  'cluster_tenant_currency:billing_cost:mean1w': {},
  'cluster_tenant_currency:billing_cost:deviation1w': {},
  'cluster_tenant_currency:billing_cost:lowseason': {},
  'cluster_tenant_currency:billing_cost:highseason': {},
};

test('every recorded series has the value and exactly the labels it promises, however many replicas there are', () => {
  expectAt(
    '8d',
    [
      ...costOf('0+10x1200', 'gpu_time'),
      ...costOf('0+2x1200', 'tokens'),
      // A discount on the whole bill is of no cluster.
      ...costOf('0+5x1200', 'discount', ''),
      ...gpuTimeOf('0+6000x1200', { state: 'used' }),
      ...gpuTimeOf('0+6000x1200', { state: 'idle' }),
      ...gpuTimeOf('0+600x1200', { state: 'used', profile: '1g.10gb' }),
    ],
    steady,
  );
});

test('allocated GPUs are counted once, whole ones alone', () => {
  expectAt(
    '1h',
    [
      allocated({ pod: 'a' }),
      allocated({ pod: 'a', instance: 'second:9400' }),
      allocated({ pod: 'b' }),
      allocated({ pod: 'mig', gpu_instance_id: '3' }),
    ],
    { 'cluster:gpu_allocated_share:rate5m': { 'cluster="c1"': 1 } },
    '30s',
  );
});

test('twice the usual spending of a steady tenant is ten deviations; one that is younger than three days has no score', () => {
  expectAt('8d', costOf('0+10x1110 11120+20x50', 'gpu_time'), {
    'cluster_tenant_currency:billing_cost:score': { [tenant]: 10 },
  });
  expectAt('2d', costOf('0+10x280', 'gpu_time'), { 'cluster_tenant_currency:billing_cost:score': {} });
});

test('a tenant that spends nothing most of the time has no score', () => {
  expectAt('8d', costOf('0x1116 0+20x40', 'gpu_time'), { 'cluster_tenant_currency:billing_cost:score': {} });
});

test('the spike itself hardly moves what is usual', () => {
  // Five days at 60 an hour, then half a day at ten times as much.
  expectAt('8d', costOf('0+10x1080 10900+100x72', 'gpu_time'), {
    'cluster_tenant_currency:billing_cost:median7d': { [tenant]: 360 },
    'cluster_tenant_currency:billing_cost:spread7d': { [tenant]: 0 },
  });
});

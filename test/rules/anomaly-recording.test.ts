import { inference } from '../../metrics/inference.ts';
import { countOf, type Expr, series, sumOf } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import inferenceAnomaly from '../../rules/alerts/inference-anomaly.ts';
import trainingSpeed from '../../rules/alerts/training-speed.ts';
import {
  exampleEngineTarget,
  exampleModel,
  exampleOtherRun,
  exampleRunElsewhere,
  exampleRunTarget,
} from '../../rules/examples.ts';
import { anomalyHistoryGroup } from '../../rules/recording/anomaly-history.ts';
import { anomalyNodesGroup } from '../../rules/recording/anomaly-nodes.ts';
import { anomalyReplicasGroup } from '../../rules/recording/anomaly-replicas.ts';
import { anomalyScoreGroup } from '../../rules/recording/anomaly-score.ts';
import { billingGroup } from '../../rules/recording/billing.ts';
import { billingScoreGroup } from '../../rules/recording/billing-score.ts';
import { billingSlowGroup } from '../../rules/recording/billing-slow.ts';
import { gpuGroup } from '../../rules/recording/gpu.ts';
import { inferenceGroup } from '../../rules/recording/inference.ts';
import type { RecordingGroup } from '../../rules/recording.ts';
import { alertFile, recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

type Input = readonly (readonly [Expr, string])[];
type Samples = Readonly<Record<string, number>>;
/** Names that some test asked for. */
const asked = new Set<string>();

interface Situation {
  readonly groups: readonly RecordingGroup[];
  readonly input: Input;
  readonly at: string;
  readonly interval?: string;
  readonly evaluated?: string;
}

/** Samples by their labels, rounded to hundredths, of each expression. */
function expectAt(
  { groups, input, at, interval = '1m', evaluated = interval }: Situation,
  expected: Readonly<Record<string, Samples>>,
): void {
  for (const name of Object.keys(expected)) asked.add(name.replace(/^\(| .*$/g, ''));
  for (const group of groups) folder.write(`${group.group}.yaml`, recordingFile(group));
  for (const theme of [inferenceAnomaly, trainingSpeed]) {
    folder.write(`${theme.theme}.yaml`, alertFile(theme, { runbookBaseUrl: 'https://x' }));
  }
  const names = [...groups.map(({ group }) => group), inferenceAnomaly.theme, trainingSpeed.theme];
  folder.write('anomaly.test.yaml', {
    rule_files: names.map((name) => `${name}.yaml`),
    evaluation_interval: evaluated,
    group_eval_order: names,
    tests: [
      {
        interval,
        input_series: input.map(([name, values]) => ({ series: name.promql, values })),
        promql_expr_test: Object.entries(expected).map(([expr, samples]) => ({
          expr: `round(${expr}, 0.01)`,
          eval_time: at,
          exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels: `{${labels}}`, value })),
        })),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'anomaly.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
}

const run = 'cluster="c1",run="llama-8b",job_id="4711",framework="torchtitan"';
const model = 'cluster="c1",engine_kind="vllm",model_name="llama-8b"';
const history = [anomalyHistoryGroup, anomalyScoreGroup];

test('a run has its level, the median of two hours, two lines and a score; a young one has only its level', () => {
  const young = exampleOtherRun('young');
  const input: Input = [
    // 90 and 110 in turn, then 80 for ten minutes.
    ...[exampleRunTarget, exampleRunElsewhere].map(
      (labels) => [series(training.training_tokens_per_second, labels), `${'90 110 '.repeat(60)}80x20`] as const,
    ),
    [series(training.training_tokens_per_second, young), '_x110 100x40'],
    [series(training.training_mfu_ratio, exampleRunTarget), '0.4x120 0x20'],
  ];
  expectAt(
    { groups: history, input, at: '130m' },
    {
      'run:training_tokens_per_second:avg5m': {
        [run]: 80,
        'cluster="c1",run="young",job_id="4712",framework="torchtitan"': 100,
      },
      '(run:training_tokens_per_second:median2h / 10)': { [run]: 9 },
      'run:training_tokens_per_second:spread2h': {
        [run]: 20,
        'cluster="c1",run="young",job_id="4712",framework="torchtitan"': 0,
      },
      '(run:training_tokens_per_second:low2h / 10)': { [run]: 7.65 },
      '(run:training_tokens_per_second:high2h / 10)': { [run]: 10.35 },
      '(run:training_tokens_per_second:score * 1)': { [run]: -0.6 },
      'run:training_mfu_ratio:avg5m': { [run]: 0 },
      'run:training_mfu_ratio:median2h': { [run]: 0.4 },
      'run:training_mfu_ratio:spread2h': { [run]: 0 },
      'run:training_mfu_ratio:low2h': { [run]: 0.34 },
      'run:training_mfu_ratio:high2h': { [run]: 0.46 },
      // Nothing is fifty times the least deviation of 2 %.
      'run:training_mfu_ratio:score': { [run]: -50 },
    },
  );
});

const tokens = inferenceGroup.series['model:inference_tokens_generated:rate5m'];
const active = inferenceGroup.series['model:inference_active_connections:sum'];

function served(speed: string, load = '10x200'): Input {
  return [
    [series(tokens, exampleModel), speed],
    [series(active, exampleModel), load],
  ];
}

test('a model has the same; the proxy has none of its own', () => {
  const proxy = { ...exampleModel, engine_kind: 'proxy' } as const;
  const input: Input = [...served('1000x120 900x80'), [series(tokens, proxy), '1000x200']];
  expectAt(
    { groups: history, input, at: '140m' },
    {
      'model:inference_tokens_generated:median2h': { [model]: 1000 },
      'model:inference_tokens_generated:spread2h': { [model]: 0 },
      'model:inference_tokens_generated:low2h': { [model]: 850 },
      'model:inference_tokens_generated:high2h': { [model]: 1150 },
      'model:inference_tokens_generated:score': { [model]: -5 },
      'model:inference_active_connections:median2h': { [model]: 10 },
    },
  );
});

test('traffic of a quarter of an hour is told once, as the proxy has it', () => {
  const requests = inferenceGroup.series['model:inference_requests:rate5m'];
  const input: Input = [
    [series(requests, exampleModel), '2x30'],
    [series(requests, { ...exampleModel, engine_kind: 'proxy' }), '1x30'],
    [series(requests, { ...exampleModel, model_name: 'alone' }), '1x10 2x30'],
  ];
  expectAt(
    { groups: history, input, at: '30m' },
    {
      'model:inference_requests:avg15m': {
        'cluster="c1",engine_kind="proxy",model_name="llama-8b"': 1,
        'cluster="c1",engine_kind="vllm",model_name="alone"': 2,
      },
    },
  );
});

const firing = 'count by (alertname) (ALERTS{alertstate="firing",alertname=~".*Throughput.*"})';

/** What bands of mean and deviation with a margin of half do not see: a drop of 40 %, and one to nothing. */
test.each([
  ['a tenth less', '1000x120 900x80', []],
  ['a fifth less', '1000x120 800x80', ['InferenceThroughputBelowHistory']],
  ['two fifths less', '1000x120 600x80', ['InferenceThroughputBelowHistory']],
  ['nothing more', '1000x120 0x80', ['InferenceThroughputBelowHistory']],
  ['two fifths more', '1000x120 1400x80', []],
  ['a fifth less within the first half hour', '_x120 1000x20 800x60', []],
])('tokens of a model: %s', (_, speed, alerts) => {
  const set = { groups: history, input: served(speed), at: '145m' };
  expectAt(set, { [firing]: Object.fromEntries(alerts.map((name) => [`alertname="${name}"`, 1])) });
});

test.each([
  ['a tenth less', '900x80', []],
  ['a fifth less', '800x80', ['TrainingThroughputDrop']],
  ['two fifths less', '600x80', ['TrainingThroughputDrop']],
  ['nothing, while steps go on', '0x80', ['TrainingThroughputDrop']],
])('tokens of a run: %s', (_, later, alerts) => {
  const input: Input = [
    [series(training.training_tokens_per_second, exampleRunTarget), `1000x120 ${later}`],
    [series(training.training_steps_total, exampleRunTarget), '0+30x200'],
  ];
  expectAt(
    { groups: history, input, at: '140m' },
    { [firing]: Object.fromEntries(alerts.map((name) => [`alertname="${name}"`, 1])) },
  );
});

test('a replica has the mean time between its tokens, while it makes some', () => {
  const latency = inference.inference_inter_token_latency_seconds;
  const busy = { ...exampleEngineTarget, ...exampleModel };
  const idle = { ...busy, instance: 'n3:8000' };
  const input: Input = [
    [sumOf(latency, busy), '0+6x30'],
    [countOf(latency, busy), '0+30x30'],
    [sumOf(latency, idle), '6x30'],
    [countOf(latency, idle), '30x30'],
  ];
  expectAt(
    { groups: [anomalyReplicasGroup], input, at: '20m' },
    {
      'model_instance:inference_inter_token_latency_seconds:mean5m': { [`${model},instance="n2:8000"`]: 0.2 },
    },
  );
});

test('a node is compared with the others of its cluster; fewer than five are not compared', () => {
  const of = (
    level: 'node:gpu_temperature_celsius:max' | 'node:gpu_power_watts:sum',
    cluster: string,
    values: readonly number[],
  ): Input =>
    values.map((value, index) => [series(gpuGroup.series[level], { cluster, node: `n${index}` }), `${value}x20`]);
  const z = (values: readonly number[]): Samples =>
    Object.fromEntries(values.map((value, index) => [`cluster="c1",node="n${index}"`, value]));
  const input = [
    ...of('node:gpu_temperature_celsius:max', 'c1', [60, 62, 58, 60, 90]),
    ...of('node:gpu_temperature_celsius:max', 'c2', [60, 60, 60, 90]),
    // Equal nodes: a fifth more is measured by 2 % of the median.
    ...of('node:gpu_power_watts:sum', 'c1', [1000, 1000, 1000, 1000, 1200]),
  ];
  expectAt(
    { groups: [anomalyNodesGroup], input, at: '10m' },
    {
      // Median 60; distances 0 2 2 0 30: their median is 2, and 1 is added.
      'node:gpu_temperature_celsius:z': z([0, 0.5, -0.5, 0, 7.57]),
      'node:gpu_power_watts:z': z([0, 0, 0, 0, 10]),
    },
  );
});

test('spending has the band of yesterday and a week ago', () => {
  const spend = series(billingGroup.series['cluster_tenant_currency:billing_cost:increase6h'], {
    cluster: 'c1',
    tenant: 'search',
    currency: 'EUR',
  });
  const tenant = 'cluster="c1",tenant="search",currency="EUR"';
  const set = {
    groups: [billingSlowGroup, billingScoreGroup],
    // Ten for six days, then twenty.
    input: [[spend, '10x4319 20x900']] as Input,
    at: '170h',
    interval: '2m',
    evaluated: '1h',
  };
  expectAt(set, {
    'cluster_tenant_currency:billing_cost:mean1d': { [tenant]: 20 },
    'cluster_tenant_currency:billing_cost:deviation1d': { [tenant]: 0 },
    'cluster_tenant_currency:billing_cost:mean1w': { [tenant]: 10 },
    'cluster_tenant_currency:billing_cost:deviation1w': { [tenant]: 0 },
    'cluster_tenant_currency:billing_cost:lowseason': { [tenant]: 8.5 },
    'cluster_tenant_currency:billing_cost:highseason': { [tenant]: 23 },
  });
});

test('every recorded series of anomalies is looked at above', () => {
  const names = [anomalyHistoryGroup, anomalyScoreGroup, anomalyReplicasGroup, anomalyNodesGroup].flatMap(
    ({ series: recorded }) => Object.keys(recorded),
  );
  expect([...asked]).toEqual(expect.arrayContaining(names));
});

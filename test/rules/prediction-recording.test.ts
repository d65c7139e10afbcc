import { gpu } from '../../metrics/gpu.ts';
import { type Expr, series } from '../../metrics/promql.ts';
import { gpuGroup } from '../../rules/recording/gpu.ts';
import { inferenceGroup } from '../../rules/recording/inference.ts';
import { predictionBandsGroup } from '../../rules/recording/prediction-bands.ts';
import { predictionPeersGroup } from '../../rules/recording/prediction-peers.ts';
import { predictionScoreGroup } from '../../rules/recording/prediction-score.ts';
import { predictionSlowGroup } from '../../rules/recording/prediction-slow.ts';
import { predictionSpreadGroup } from '../../rules/recording/prediction-spread.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

type Input = readonly (readonly [Expr, string])[];
/** Names that some test asked for. */
const asked = new Set<string>();

type Values = Readonly<Record<string, number>>;

const groups = [
  gpuGroup,
  inferenceGroup,
  predictionPeersGroup,
  predictionSpreadGroup,
  predictionScoreGroup,
  predictionSlowGroup,
  predictionBandsGroup,
];

function target(node: string, id: string) {
  return { cluster: 'c1', node, job: 'fleetlens-gpu', instance: `${node}:9400`, gpu_id: id, uuid: `GPU-${node}-${id}` };
}

/** GPUs of a node, each with its constant. */
function temperatures(node: string, values: readonly number[], length = 100): Input {
  return values.map((value, id) => [
    series(gpu.gpu_temperature_celsius, target(node, String(id))),
    `${value}x${length}`,
  ]);
}

/** Series are two minutes apart. Rules that only read them need no evaluation more often than once in an hour. */
function expectAt(
  at: string,
  input: Input,
  expected: Readonly<Record<string, Values>>,
  { evaluated = '2m', loaded = groups, round = 0.001 } = {},
): void {
  for (const name of Object.keys(expected)) asked.add(name.replace(/^\(| .*$/g, ''));
  for (const group of loaded) folder.write(`${group.group}.yaml`, recordingFile(group));
  folder.write('prediction.test.yaml', {
    rule_files: loaded.map(({ group }) => `${group}.yaml`),
    evaluation_interval: evaluated,
    // Each reads what the one before it has just recorded; without it promtool takes them in any order.
    group_eval_order: loaded.map(({ group }) => group),
    tests: [
      {
        interval: '2m',
        input_series: input.map(([name, values]) => ({ series: name.promql, values })),
        promql_expr_test: Object.entries(expected).map(([name, values]) => ({
          expr: `round(${name}, ${round})`,
          eval_time: at,
          exp_samples: Object.entries(values).map(([labels, value]) => ({ labels: `{${labels}}`, value })),
        })),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'prediction.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
}

const ofGpu = (node: string, id: number): string =>
  `cluster="c1",node="${node}",gpu_id="${id}",uuid="GPU-${node}-${id}"`;

test('a GPU is compared with the others of its node in robust deviations; fewer than five are not compared', () => {
  const spread = [58, 60, 60, 62, 64, 66, 60, 90];
  // Median 61; distances 3 1 1 1 3 5 1 29: their median is 2.
  const z = (value: number): number => Math.round(((value - 61) / (1.4826 * 2)) * 1000) / 1000;
  expectAt(
    '10m',
    [
      ...temperatures('n1', spread),
      ...temperatures('n2', [50, 50, 50, 90]),
      // Two exporters on a node see the same GPU.
      [series(gpu.gpu_temperature_celsius, { ...target('n1', '0'), instance: 'n1:9401' }), '58x100'],
    ],
    {
      'node:gpu_temperature_celsius:median': { 'cluster="c1",node="n1"': 61 },
      'node:gpu_temperature_celsius:mad': { 'cluster="c1",node="n1"': 2 },
      'gpu:gpu_temperature_celsius:z': Object.fromEntries(spread.map((value, id) => [ofGpu('n1', id), z(value)])),
    },
  );
});

test('equal GPUs have no score, and a small difference among equal ones is measured by the floor', () => {
  expectAt('10m', temperatures('n1', [60, 60, 60, 60, 60, 63]), {
    'gpu:gpu_temperature_celsius:z': Object.fromEntries(
      [0, 0, 0, 0, 0, 3].map((value, id) => [ofGpu('n1', id), value]),
    ),
  });
  const power = [300, 300, 300, 300, 314].map(
    (value, id) => [series(gpu.gpu_power_watts, target('n1', String(id))), `${value}x20`] as const,
  );
  const clock = [15, 15, 15, 15, 13].map(
    (value, id) => [series(gpu.gpu_sm_clock_hertz, target('n1', String(id))), `${value}00000000x20`] as const,
  );
  expectAt('10m', [...power, ...clock], {
    'gpu:gpu_power_watts:z': Object.fromEntries([0, 0, 0, 0, 2].map((value, id) => [ofGpu('n1', id), value])),
    'gpu:gpu_sm_clock_hertz:z': Object.fromEntries([0, 0, 0, 0, -10].map((value, id) => [ofGpu('n1', id), value])),
    'node:gpu_power_watts:median': { 'cluster="c1",node="n1"': 300 },
    'node:gpu_power_watts:mad': { 'cluster="c1",node="n1"': 0 },
    'node:gpu_sm_clock_hertz:median': { 'cluster="c1",node="n1"': 1.5e9 },
    'node:gpu_sm_clock_hertz:mad': { 'cluster="c1",node="n1"': 0 },
  });
});

const node = 'cluster="c1",node="n1"';

const hourly = { evaluated: '1h', loaded: [predictionSlowGroup, predictionBandsGroup] };
const nodeSeries = gpuGroup.series;
const ofNode = { cluster: 'c1', node: 'n1' } as const;

/** 50 and 70 in turn: mean 60, deviation 10. Versions of Prometheus differ in whether a day holds 720 samples or 721, so a hundredth is let go. */
function alternating(scale: number, length: number): string {
  return Array.from({ length }, (_, at) => (at % 2 === 0 ? 50 : 70) * scale).join(' ');
}

test('a day gives mean and two deviations, in the unit of the value', () => {
  const input: Input = [
    [series(nodeSeries['node:gpu_temperature_celsius:max'], ofNode), alternating(1, 781)],
    [series(nodeSeries['node:gpu_power_watts:sum'], ofNode), alternating(10, 781)],
    [series(nodeSeries['node:gpu_utilization_ratio:avg'], ofNode), alternating(0.01, 781)],
  ];
  const expected = {
    'node:gpu_temperature_celsius': { mean1d: 60, deviation1d: 10, low1d: 40, high1d: 80 },
    'node:gpu_power_watts': { mean1d: 600, deviation1d: 100, low1d: 400, high1d: 800 },
    'node:gpu_utilization_ratio': { mean1d: 0.6, deviation1d: 0.1, low1d: 0.4, high1d: 0.8 },
  };
  const shares = Object.entries(expected).flatMap(([name, values]) =>
    Object.entries(values).map(
      ([operation, value]) => [`(${name}:${operation} / ${value} * 0.1)`, { [node]: 0.1 }] as const,
    ),
  );
  expectAt('26h', input, Object.fromEntries(shares), hourly);
});

test('a node that is younger than half a day has no band, and one that was away most of the day has none', () => {
  const none = { 'node:gpu_temperature_celsius:mean1d': {}, 'node:gpu_temperature_celsius:low1d': {} };
  const hottest = series(nodeSeries['node:gpu_temperature_celsius:max'], ofNode);
  expectAt('11h', [[hottest, '60x340']], none, hourly);
  expectAt('15h', [[hottest, '60x92 _x310 60x60']], none, hourly);
  expectAt('15h', [[hottest, '60x460']], { 'node:gpu_temperature_celsius:low1d': { [node]: 60 } }, hourly);
  expectAt('15h', [[hottest, '60x92 _x240 60x130']], { 'node:gpu_temperature_celsius:low1d': { [node]: 60 } }, hourly);
});

const model = 'cluster="c1",engine_kind="vllm",model_name="m"';

function requestsOf(values: string): Input {
  const labels = { cluster: 'c1', engine_kind: 'vllm', model_name: 'm' };
  return [[series(inferenceGroup.series['model:inference_requests:rate5m'], labels), values]];
}

test('traffic has the band of yesterday and a week ago, the outer lines of both', () => {
  // A request a second for six days, then two: yesterday knew two, and a week ago one.
  const expected = {
    'model:inference_requests:mean1d': { [model]: 2 },
    'model:inference_requests:deviation1d': { [model]: 0 },
    'model:inference_requests:mean1w': { [model]: 1 },
    'model:inference_requests:deviation1w': { [model]: 0 },
    'model:inference_requests:lowseason': { [model]: 0.85 },
    'model:inference_requests:highseason': { [model]: 2.3 },
  };
  expectAt('170h', requestsOf('1x4319 2x900'), expected, hourly);
  const falling = {
    'model:inference_requests:lowseason': { [model]: 0.85 },
    'model:inference_requests:highseason': { [model]: 2.3 },
  };
  expectAt('170h', requestsOf('2x4319 1x900'), falling, hourly);
});

test('restless traffic has a band of three deviations', () => {
  const half = {
    'model:inference_requests:lowseason': { [model]: -1 },
    'model:inference_requests:highseason': { [model]: 5 },
    'model:inference_requests:score': { [model]: -1 },
  };
  expectAt('170h', requestsOf(Array.from({ length: 5200 }, (_, at) => 1 + 2 * (at % 2)).join(' ')), half, {
    ...hourly,
    round: 0.1,
  });
});

test('traffic of less than a week has no seasonal band, and steady traffic has one of 15 %', () => {
  const young = {
    'model:inference_requests:mean1d': { [model]: 1 },
    'model:inference_requests:mean1w': {},
    'model:inference_requests:lowseason': {},
  };
  expectAt('100h', requestsOf('1x3100'), young, hourly);
  const steady = {
    'model:inference_requests:lowseason': { [model]: 0.85 },
    'model:inference_requests:highseason': { [model]: 1.15 },
  };
  expectAt('170h', requestsOf('1x5300'), steady, hourly);
});

test('every recorded series of prediction is looked at above', () => {
  const names = [
    predictionPeersGroup,
    predictionSpreadGroup,
    predictionScoreGroup,
    predictionSlowGroup,
    predictionBandsGroup,
  ].flatMap(({ series: recorded }) => Object.keys(recorded));
  expect(names.toSorted()).toEqual([...asked].sort());
});

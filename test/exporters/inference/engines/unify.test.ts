import { createExpositionReader } from '../../../../exporters/inference/engines/exposition-reader.ts';
import type { UnifiedSeries } from '../../../../exporters/inference/engines/unified-series.ts';
import { nativeNames, unify } from '../../../../exporters/inference/engines/unify.ts';
import type { EngineKind } from '../../../../metrics/engines/engine.ts';
import { engines } from '../../../../metrics/engines/index.ts';
import { engineFixture } from '../../../support/engine-fixtures.ts';

function unified(kind: EngineKind, page: string, modelName?: string): readonly UnifiedSeries[] {
  const reader = createExpositionReader(nativeNames(engines[kind].series));
  reader.push(page);
  return unify(engines[kind], reader.end(), modelName);
}

function valuesOf(series: readonly UnifiedSeries[], name: string): readonly (readonly [string, unknown])[] {
  return series
    .filter((each) => each.name === name)
    .map(({ labels, value }) => [Object.values(labels).join(' '), value] as const);
}

test('replicas are added up, and of ratios the highest is shown', () => {
  const series = unified('vllm', engineFixture('vllm'));
  const model = 'meta-llama/Llama-3.1-8B-Instruct';
  expect(valuesOf(series, 'inference_active_connections')).toEqual([[model, 12]]);
  expect(valuesOf(series, 'inference_kv_cache_usage_ratio')).toEqual([[model, 0.3467741935483871]]);
  expect(valuesOf(series, 'inference_requests_total')).toEqual([
    [`${model} success stop`, 2304],
    [`${model} success length`, 159],
    [`${model} cancelled abort`, 13],
    [`${model} error error`, 2],
  ]);
  const [[, histogram] = []] = valuesOf(series, 'inference_request_duration_seconds');
  expect(histogram).toMatchObject({ count: 2478, sum: 10832.75 });
});

test('of two names of one series one is read', () => {
  const series = unified('vllm', engineFixture('vllm-before-0.11'));
  expect(valuesOf(series, 'model_cache_hits_total').map(([, value]) => value)).toEqual([401920 + 350080]);
  expect(valuesOf(series, 'inference_inter_token_latency_seconds')).toHaveLength(1);
  const ray = unified('ray_serve', engineFixture('ray-serve'));
  expect(valuesOf(ray, 'inference_requests_total')).toContainEqual(['chat success 200', 801]);
  const oldRay = unified('ray_serve', engineFixture('ray-serve-before-2.10'));
  expect(valuesOf(oldRay, 'inference_requests_total')).toContainEqual(['chat success 200', 801]);
});

test('of a name before and the present one, the present one is read', () => {
  const page = 'vllm:gpu_cache_usage_perc{model_name="m"} 0.9\nvllm:kv_cache_usage_perc{model_name="m"} 0.5\n';
  expect(valuesOf(unified('vllm', page), 'inference_kv_cache_usage_ratio')).toEqual([['m', 0.5]]);
});

test('microseconds and milliseconds become seconds', () => {
  const series = unified('triton', engineFixture('triton'));
  expect(valuesOf(series, 'inference_request_duration_seconds')).toContainEqual([
    'tensorrt_llm',
    { buckets: [[Number.POSITIVE_INFINITY, 521]], sum: 1902.1255, count: 521 },
  ]);
  expect(valuesOf(series, 'inference_time_to_first_token_seconds')).toContainEqual([
    'ensemble',
    {
      buckets: [
        [0.1, 120],
        [0.5, 430],
        [2, 510],
        [5, 519],
        [Number.POSITIVE_INFINITY, 520],
      ],
      sum: 194.5,
      count: 520,
    },
  ]);
  expect(valuesOf(series, 'inference_requests_waiting')).toContainEqual(['tensorrt_llm', 5]);
});

test('a model that the engine does not name has the name of the configuration, or other', () => {
  expect(valuesOf(unified('tgi', engineFixture('tgi'), 'my-model'), 'inference_requests_waiting')).toEqual([
    ['my-model', 4],
  ]);
  expect(valuesOf(unified('litellm', engineFixture('litellm')), 'inference_active_connections')).toEqual([
    ['other', 3],
  ]);
});

test('one native series may be two of ours', () => {
  const series = unified('sglang', engineFixture('sglang'));
  for (const name of ['inference_tokens_cached_total', 'model_cache_hits_total']) {
    expect(valuesOf(series, name).map(([, value]) => value)).toEqual([124496]);
  }
  expect(valuesOf(series, 'inference_requests_waiting').map(([, value]) => value)).toEqual([6]);
});

const gauge = (labels: string, value: string): string => `vllm:num_requests_running{${labels}} ${value}\n`;

test('a series that comes twice counts once, in whatever order its labels are', () => {
  const page = gauge('engine="0",model_name="m"', '3') + gauge('model_name="m",engine="0"', '4');
  expect(valuesOf(unified('vllm', page), 'inference_active_connections')).toEqual([['m', 3]]);
});

test.each(['NaN', '+Inf', '-Inf'])('a gauge or counter that is %s is missing', (value) => {
  const page = `${gauge('model_name="m"', value)}vllm:prompt_tokens_total{model_name="m"} ${value}\n`;
  expect(unified('vllm', page)).toEqual([]);
});

const whole = [
  'vllm:time_to_first_token_seconds_bucket{le="0.1",model_name="m"} 1',
  'vllm:time_to_first_token_seconds_bucket{le="+Inf",model_name="m"} 2',
  'vllm:time_to_first_token_seconds_count{model_name="m"} 2',
  'vllm:time_to_first_token_seconds_sum{model_name="m"} 0.5',
];

test('a whole histogram is read', () => {
  expect(unified('vllm', `${whole.join('\n')}\n`)).toHaveLength(1);
});

test.each([1, 2, 3])('a histogram without its line %i is left out', (missing) => {
  const page = whole.filter((_, index) => index !== missing).join('\n');
  expect(unified('vllm', `${page}\nvllm:x 1\n`)).toEqual([]);
});

test.each([
  ['a sum that is NaN', '0.5', 'NaN'],
  ['a bound that is none', '"0.1"', '"abc"'],
  ['a count below zero', '} 2', '} -2'],
])('a histogram with %s is left out', (_what, part, instead) => {
  expect(unified('vllm', `${whole.join('\n').replace(part, instead)}\n`)).toEqual([]);
});

test('models and reasons beyond the bound are shown together', () => {
  const page = Array.from({ length: 150 }, (_, index) => gauge(`model_name="m${index}"`, '1')).join('');
  const shown = valuesOf(unified('vllm', page), 'inference_active_connections');
  expect(shown).toHaveLength(101);
  expect(shown).toContainEqual(['other', 50]);
});

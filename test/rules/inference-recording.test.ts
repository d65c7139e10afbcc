import { inference } from '../../metrics/inference.ts';
import type { Expr, Histogram } from '../../metrics/promql.ts';
import { bucket, countOf, series, sumOf } from '../../metrics/promql.ts';
import { exampleEngineTarget, exampleModel, exampleProxyModel, exampleProxyTarget } from '../../rules/examples.ts';
import { inferenceGroup } from '../../rules/recording/inference.ts';
import { inferenceQuantileGroup } from '../../rules/recording/inference-quantiles.ts';
import { sloGroup, type sloRecordings } from '../../rules/recording/slo.ts';
import { sloSlowGroup } from '../../rules/recording/slo-slow.ts';
import type { RecordingGroup } from '../../rules/recording.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

type Input = readonly (readonly [Expr, string])[];
type Values = Readonly<Record<string, number>>;

const folder = ruleFolder();
afterAll(() => folder.remove());

/** A scrape of a model, with every label that it gives. */
type ModelLabels = Readonly<Record<keyof typeof exampleProxyTarget | keyof typeof exampleModel | 'tenant', string>>;

const proxy: ModelLabels = { ...exampleProxyTarget, ...exampleProxyModel, tenant: 'search' };
const secondProxy: ModelLabels = { ...proxy, node: 'n2', instance: 'n2:9411' };
const engine: ModelLabels = { ...exampleEngineTarget, ...exampleModel, tenant: '' };
const secondEngine: ModelLabels = { ...engine, node: 'n3', instance: 'n3:8000' };
/** An engine of a kind that counts hits alone, whose owner relabelling names as tenant. */
const sglang: ModelLabels = { ...engine, engine_kind: 'sglang', job: 'fleetlens-engine-sglang', tenant: 'platform' };
/** A model that nobody asks for any more. */
const idle: ModelLabels = { ...proxy, model_name: 'idle' };

function ended(
  target: ModelLabels,
  tenant: string,
  [status, reason = '']: readonly [string, string?],
  perMinute: number,
): readonly [Expr, string] {
  return [series(inference.inference_requests_total, { ...target, tenant, status, reason }), `0+${perMinute}x30`];
}

/** Everything within the bucket up to 2 s, evenly from 1 s on, at so many a minute. */
function between1and2(histogram: Histogram, labels: Readonly<Record<string, string>>, perMinute: number): Input {
  return [
    [bucket(histogram, { ...labels, le: '1' }), '0x30'],
    [bucket(histogram, { ...labels, le: '2' }), `0+${perMinute}x30`],
    [bucket(histogram, { ...labels, le: '+Inf' }), `0+${perMinute}x30`],
    [countOf(histogram, labels), `0+${perMinute}x30`],
    [sumOf(histogram, labels), `0+${perMinute * 1.5}x30`],
  ];
}

/** Nothing but what lies between 4 s and 8 s: bounds that the proxy does not have. */
function between4and8(histogram: Histogram, labels: Readonly<Record<string, string>>): Input {
  return [
    [bucket(histogram, { ...labels, le: '4' }), '0x30'],
    [bucket(histogram, { ...labels, le: '8' }), '0+600x30'],
    [bucket(histogram, { ...labels, le: '+Inf' }), '0+600x30'],
    [countOf(histogram, labels), '0+600x30'],
  ];
}

function tokens(target: ModelLabels, input: string, generated: string): Input {
  return [
    [series(inference.inference_tokens_input_total, target), input],
    [series(inference.inference_tokens_generated_total, target), generated],
  ];
}

const input: Input = [
  // Of 120 a minute 60 succeed, 30 fail by the servers; the rest is the doing of clients and of limits.
  ended(proxy, 'search', ['success'], 42),
  ended(secondProxy, 'search', ['success'], 6),
  ended(proxy, 'chat', ['success'], 12),
  ended(proxy, 'chat', ['error', 'server_error'], 18),
  ended(proxy, 'chat', ['timeout', 'idle'], 6),
  ended(proxy, 'chat', ['rejected', 'overload'], 6),
  ended(proxy, 'search', ['error', 'client_error'], 12),
  ended(proxy, 'search', ['cancelled'], 12),
  ended(proxy, 'search', ['rejected', 'rate_limit'], 6),
  ended(engine, '', ['success'], 60),
  ended(secondEngine, '', ['success'], 60),
  [series(inference.inference_requests_total, { ...idle, status: 'success', reason: '' }), '7x30'],
  ...tokens({ ...proxy, tenant: 'search' }, '0+6000x30', '0+600x30'),
  ...tokens({ ...proxy, tenant: 'chat' }, '0+1200x30', '0+1200x30'),
  ...tokens(engine, '0+7200x30', '0+1800x30'),
  ...tokens(sglang, '0+6000x30', '0+60x30'),
  [series(inference.model_cache_hits_total, engine), '0+300x30'],
  [series(inference.model_cache_queries_total, engine), '0+600x30'],
  [series(inference.model_cache_hits_total, secondEngine), '0+60x30'],
  [series(inference.model_cache_queries_total, secondEngine), '0+600x30'],
  [series(inference.model_cache_hits_total, sglang), '0+1500x30'],
  [series(inference.model_cache_hits_total, { ...engine, engine_kind: 'service' }), '0+30x30'],
  [series(inference.model_cache_misses_total, { ...engine, engine_kind: 'service' }), '0+10x30'],
  [series(inference.model_cache_hits_total, idle), '5x30'],
  [series(inference.model_cache_queries_total, idle), '9x30'],
  [series(inference.inference_preemptions_total, engine), '0+6x30'],
  [series(inference.inference_preemptions_total, secondEngine), '0+12x30'],
  [series(inference.inference_active_connections, engine), '3x30'],
  [series(inference.inference_active_connections, secondEngine), '4x30'],
  [series(inference.inference_active_connections, { ...proxy, tenant: 'search' }), '7x30'],
  [series(inference.inference_requests_waiting, engine), '2x30'],
  [series(inference.inference_requests_waiting, secondEngine), '1x30'],
  [series(inference.inference_kv_cache_usage_ratio, engine), '0.5x30'],
  [series(inference.inference_kv_cache_usage_ratio, secondEngine), '0.75x30'],
  ...[
    inference.inference_time_to_first_token_seconds,
    inference.inference_inter_token_latency_seconds,
    inference.inference_time_per_output_token_seconds,
    inference.inference_request_duration_seconds,
    inference.inference_queue_seconds,
  ].flatMap((histogram) => [
    ...between1and2(histogram, { ...proxy, tenant: 'search' }, 30),
    ...between1and2(histogram, { ...secondProxy, tenant: 'chat' }, 30),
    ...between4and8(histogram, engine),
    ...between1and2(histogram, idle, 0),
  ]),
];

const atProxy = 'cluster="c1",engine_kind="proxy",model_name="llama-8b"';
const atEngine = 'cluster="c1",engine_kind="vllm",model_name="llama-8b"';
const atSglang = 'cluster="c1",engine_kind="sglang",model_name="llama-8b"';
const atService = 'cluster="c1",engine_kind="service",model_name="llama-8b"';
const ofIdle = 'cluster="c1",engine_kind="proxy",model_name="idle"';
const search = `${atProxy},tenant="search"`;
const chat = `${atProxy},tenant="chat"`;
const p50: Values = { [atProxy]: 1.5, [atEngine]: 6 };
const p95: Values = { [atProxy]: 1.95, [atEngine]: 7.8 };
const p99: Values = { [atProxy]: 1.99, [atEngine]: 7.96 };

/** Every recorded series of both groups, so that a new one without a value here fails. */
const expected: {
  readonly [N in keyof typeof inferenceGroup.series | keyof typeof inferenceQuantileGroup.series]: Values;
} = {
  'model:inference_requests:rate5m': { [atProxy]: 2, [atEngine]: 2, [ofIdle]: 0 },
  'model:inference_success_ratio:rate5m': { [atProxy]: 0.5, [atEngine]: 1 },
  'model:inference_error_ratio:rate5m': { [atProxy]: 0.333, [atEngine]: 0 },
  'model:inference_tokens_input:rate5m': { [atProxy]: 120, [atEngine]: 120, [atSglang]: 100 },
  'model:inference_tokens_generated:rate5m': { [atProxy]: 30, [atEngine]: 30, [atSglang]: 1 },
  'model:model_cache_hit_ratio:rate5m': { [atEngine]: 0.3, [atSglang]: 0.25, [atService]: 0.75 },
  'model:inference_preemptions:rate5m': { [atEngine]: 0.3 },
  'model:inference_active_connections:sum': { [atEngine]: 7, [atProxy]: 7 },
  'model:inference_requests_waiting:sum': { [atEngine]: 3 },
  'model:inference_kv_cache_usage_ratio:max': { [atEngine]: 0.75 },
  'model_tenant:inference_requests:rate5m': { [search]: 1.3, [chat]: 0.7, [`${ofIdle},tenant="search"`]: 0 },
  'model_tenant:inference_success_ratio:rate5m': { [search]: 0.615, [chat]: 0.286 },
  'model_tenant:inference_error_ratio:rate5m': { [search]: 0, [chat]: 0.714 },
  'model_tenant:inference_tokens_input:rate5m': { [search]: 100, [chat]: 20 },
  'model_tenant:inference_tokens_generated:rate5m': { [search]: 10, [chat]: 20 },
  'model:inference_time_to_first_token_seconds:p50': p50,
  'model:inference_time_to_first_token_seconds:p95': p95,
  'model:inference_time_to_first_token_seconds:p99': p99,
  'model:inference_inter_token_latency_seconds:p50': p50,
  'model:inference_inter_token_latency_seconds:p95': p95,
  'model:inference_inter_token_latency_seconds:p99': p99,
  'model:inference_time_per_output_token_seconds:p50': p50,
  'model:inference_time_per_output_token_seconds:p95': p95,
  'model:inference_time_per_output_token_seconds:p99': p99,
  'model:inference_request_duration_seconds:p50': p50,
  'model:inference_request_duration_seconds:p95': p95,
  'model:inference_request_duration_seconds:p99': p99,
  'model:inference_queue_seconds:p95': p95,
};

test('every recorded series about models and tenants has the value and exactly the labels it promises', () => {
  expect(recordedFrom([inferenceGroup, inferenceQuantileGroup], input, expected, { at: '25m', every: '1m' })).toEqual(
    passes,
  );
});

const availability = { model_name: 'llama-8b', slo: 'availability' } as const;
const judgedBy = { ...exampleProxyTarget, ...availability, tenant: 'search' } as const;

/** A hundred a minute of which ten are bad, at two proxies and for two tenants; a model that was asked for an hour ago. */
const sloInput: Input = [
  [series(inference.inference_slo_events_total, judgedBy), '0+60x4400'],
  [series(inference.inference_slo_good_events_total, judgedBy), '0+60x4400'],
  // This proxy was restarted five minutes before the end: a sum of both would look like a reset of both.
  [
    series(inference.inference_slo_events_total, { ...judgedBy, tenant: 'chat', instance: 'n2:9411' }),
    '0+40x4395 40+40x5',
  ],
  [
    series(inference.inference_slo_good_events_total, { ...judgedBy, tenant: 'chat', instance: 'n2:9411' }),
    '0+30x4395 30+30x5',
  ],
  [series(inference.inference_slo_events_total, { ...judgedBy, model_name: 'never-good' }), '0+6x4400'],
  [series(inference.inference_slo_events_total, { ...judgedBy, model_name: 'idle' }), '9x4400'],
  [series(inference.inference_slo_good_events_total, { ...judgedBy, model_name: 'idle' }), '9x4400'],
];

const busy = 'cluster="c1",model_name="llama-8b",slo="availability"';
const neverGood = 'cluster="c1",model_name="never-good",slo="availability"';
const ofIdleModel = 'cluster="c1",model_name="idle",slo="availability"';
const ratios: Values = { [busy]: 0.1, [neverGood]: 1 };

function count(minutes: number): Values {
  return { [busy]: 100 * minutes, [neverGood]: 6 * minutes, [ofIdleModel]: 0 };
}

const expectedSlo: { readonly [N in keyof typeof sloRecordings.series]: Values } = {
  'slo:error_ratio:rate5m': ratios,
  'slo:error_ratio:rate30m': ratios,
  'slo:error_ratio:rate1h': ratios,
  'slo:error_ratio:rate2h': ratios,
  'slo:error_ratio:rate6h': ratios,
  'slo:error_ratio:rate1d': ratios,
  'slo:error_ratio:rate3d': ratios,
  'slo:events:increase1h': count(60),
  'slo:events:increase6h': count(360),
  'slo:events:increase1d': count(1440),
  'slo:events:increase3d': count(4320),
};

test('every recorded series about objectives does, over all tenants and proxies, and across a restart', () => {
  expect(recordedFrom([sloGroup, sloSlowGroup], sloInput, expectedSlo, { at: '4400m', every: '20m' })).toEqual(passes);
});

const passes = { ok: true, output: expect.stringContaining('SUCCESS') };

/** promtool compares floats exactly, hence the rounding. */
function recordedFrom(
  groups: readonly RecordingGroup[],
  given: Input,
  values: Readonly<Record<string, Values>>,
  { at, every }: { readonly at: string; readonly every: string },
) {
  for (const { interval: _, ...group } of groups) folder.write(`${group.group}.yaml`, recordingFile(group));
  folder.write('recorded.test.yaml', {
    rule_files: groups.map(({ group }) => `${group}.yaml`),
    evaluation_interval: every,
    tests: [
      {
        interval: '1m',
        input_series: given.map(([name, points]) => ({ series: name.promql, values: points })),
        promql_expr_test: Object.entries(values).map(([name, samples]) => ({
          expr: `round(${name}, 0.001)`,
          eval_time: at,
          exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels: `{${labels}}`, value })),
        })),
      },
    ],
  });
  return folder.promtool('test', 'rules', 'recorded.test.yaml');
}

import { processes, prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { bucket, countOf, series, sumOf } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import {
  exampleEngineTarget,
  exampleGpuTarget,
  exampleModel,
  exampleProxyModel,
  exampleProxyTarget,
  exampleRequests,
  exampleRunTarget,
} from '../../rules/examples.ts';
import { compatRecordings } from '../../rules/recording/compat.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const step = training.training_step_duration_seconds;
const phase = training.training_phase_duration_seconds;
const loading = { ...exampleRunTarget, phase: 'data_loading' } as const;

const seconds = inference.inference_request_duration_seconds;
const served = { ...exampleProxyTarget, ...exampleProxyModel, tenant: 'search' } as const;
const vllm = { ...exampleEngineTarget, ...exampleModel } as const;
/** A service that measures itself, by its scrape job. */
const service = { cluster: 'c1', node: 'n4', job: 'translate', instance: 'n4:8080' } as const;
const ofService = { ...service, engine_kind: 'service', model_name: 'marian', tenant: 'search' } as const;
/** Somebody else's process, which serves no model. */
const stranger = { ...service, job: 'node', instance: 'n4:9100' } as const;

function histogram(
  of: typeof step | typeof phase | typeof seconds,
  labels: Readonly<Record<string, string>>,
  bounds: readonly number[],
): [Expr, string][] {
  return [
    ...bounds.map((le): [Expr, string] => [bucket(of, { ...labels, le: String(le) }), le < 0.5 ? '0x10' : '0+30x10']),
    [bucket(of, { ...labels, le: '+Inf' }), '0+30x10'],
    [sumOf(of, labels), '0+12x10'],
    [countOf(of, labels), '0+30x10'],
  ];
}

const input: readonly (readonly [Expr, string])[] = [
  [series(training.training_loss, exampleRunTarget), '11-0.1x10'],
  [series(training.training_accuracy, exampleRunTarget), '0.7x10'],
  [series(training.training_learning_rate, exampleRunTarget), '0.0003x10'],
  [series(gpu.gpu_utilization_ratio, exampleGpuTarget), '0.5x10'],
  [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '81x10'],
  [series(gpu.gpu_memory_used_bytes, exampleGpuTarget), '95x10'],
  [series(gpu.gpu_memory_total_bytes, exampleGpuTarget), '100x10'],
  ...histogram(step, exampleRunTarget, step.buckets ?? []),
  ...histogram(phase, loading, phase.buckets ?? []),
  // Of another phase, which is not data loading.
  ...histogram(phase, { ...exampleRunTarget, phase: 'forward' }, phase.buckets ?? []),
  exampleRequests('0+27x10', { status: 'success' }),
  exampleRequests('0+3x10', { status: 'error', reason: 'server_error' }),
  ...histogram(seconds, served, seconds.buckets ?? []),
  [series(inference.inference_tokens_generated_total, served), '0+600x10'],
  [series(inference.inference_active_connections, served), '4x10'],
  [series(inference.model_cache_hits_total, vllm), '0+10x10'],
  [series(inference.model_cache_queries_total, vllm), '0+40x10'],
  [series(inference.model_cache_hits_total, ofService), '0+5x10'],
  [series(inference.model_cache_misses_total, ofService), '0+1x10'],
  [series(inference.model_accuracy, { ...exampleProxyTarget, model_name: 'llama-8b', dataset: '' }), '0.8x10'],
  [series(inference.inference_requests_total, { ...ofService, status: 'success', reason: '' }), '0+1x10'],
  ...[exampleProxyTarget, service, stranger].flatMap((target): [Expr, string][] => [
    [series(prometheus.up, target), '1x10'],
    [series(processes.process_cpu_seconds_total, target), '0+15x10'],
    [series(processes.process_resident_memory_bytes, target), '1000x10'],
  ]),
];

/** What boards and rules ask by the old names, each with the value that a user of them would see. */
const queries: readonly (readonly [query: string, value: number])[] = [
  ['training_loss', 10],
  ['training_accuracy', 0.7],
  ['learning_rate * 10000', 3],
  ['gpu_utilization_percent', 50],
  ['gpu_temperature_celsius', 81],
  ['histogram_quantile(0.5, rate(batch_processing_seconds_bucket[5m]))', 0.375],
  ['rate(batch_processing_seconds_sum[5m]) / rate(batch_processing_seconds_count[5m])', 0.4],
  ['histogram_quantile(0.5, rate(data_loading_seconds_bucket[5m]))', 0.375],
  ['rate(data_loading_seconds_sum[5m]) / rate(data_loading_seconds_count[5m])', 0.4],
  ['batch_processing_seconds_bucket{le="0.1"}', 0],
  ['data_loading_seconds_bucket{le="0.01"}', 0],
  ['training_loss > 9', 10],
  ['deriv(training_loss[10m]) < 0', -0.002],
  ['gpu_memory_used_bytes / gpu_memory_total_bytes * 100 > 90', 95],
  ['gpu_temperature_celsius > 80', 81],
  ['rate(inference_requests_total{model_name="llama-8b",status="success"}[5m]) * 60', 27],
  ['rate(inference_requests_total{model_name="llama-8b",status="error"}[5m]) * 60', 3],
  ['rate(inference_request_duration_seconds_bucket{le="+Inf"}[5m]) * 60', 30],
  ['histogram_quantile(0.95, rate(inference_request_duration_seconds_bucket[5m])) > 0.4', 0.488],
  ['rate(inference_tokens_generated_total[5m]) * 60', 600],
  ['inference_active_connections', 4],
  // Of the proxy and of the service.
  ['inference_cpu_usage_percent', 50],
  ['inference_memory_usage_bytes', 2000],
  ['rate(model_cache_hits_total[5m]) * 60', 15],
  ['rate(model_cache_misses_total[5m]) * 60', 31],
  ['model_cache_misses_total{engine_kind="vllm",instance="n2:8000"}', 300],
  ['model_accuracy < 0.85', 0.8],
];

test.each(queries)('%s has an answer by the old names', (query, value) => {
  folder.write('compat.yaml', recordingFile(compatRecordings));
  folder.write('compat.test.yaml', {
    rule_files: ['compat.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: input.map(([name, values]) => ({ series: name.promql, values })),
        promql_expr_test: [
          {
            expr: `round(sum(${query}), 0.001)`,
            eval_time: '10m',
            exp_samples: [{ labels: '{}', value }],
          },
        ],
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'compat.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

test.each([
  [step, [0.1, 0.5, 1, 2, 5]],
  [phase, [0.01, 0.05, 0.1, 0.5, 1]],
  [seconds, [0.1, 0.5, 1, 2, 5, 10]],
] as const)('$name has the bounds of the old histogram', ({ buckets }, bounds) => {
  expect(buckets).toEqual(expect.arrayContaining([...bounds]));
});

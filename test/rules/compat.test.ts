import { gpu } from '../../metrics/gpu.ts';
import type { Expr } from '../../metrics/promql.ts';
import { bucket, countOf, series, sumOf } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { exampleGpuTarget, exampleRunTarget } from '../../rules/examples.ts';
import { compatRecordings } from '../../rules/recording/compat.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const step = training.training_step_duration_seconds;
const phase = training.training_phase_duration_seconds;
const loading = { ...exampleRunTarget, phase: 'data_loading' } as const;

function histogram(
  of: typeof step | typeof phase,
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
] as const)('$name has the bounds of the old histogram', ({ buckets }, bounds) => {
  expect(buckets).toEqual(expect.arrayContaining([...bounds]));
});

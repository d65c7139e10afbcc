import type { Expr } from '../../metrics/promql.ts';
import { bucket, countOf, series, sumOf } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { exampleOtherRun, examplePhase, exampleRunElsewhere, exampleRunTarget } from '../../rules/examples.ts';
import { trainingGroup } from '../../rules/recording/training.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const duration = training.training_step_duration_seconds;
const ended = exampleOtherRun('ended');

/** The run twice, as a DaemonSet on a shared file system shows it; the second exporter was started later. */
const both = [exampleRunTarget, exampleRunElsewhere] as const;

/** Two hours in minutes; per minute 45 s of steps, of which 6 s were lost, and 15 s of other things. Steps take 1 to 2 s. */
const input: readonly (readonly [Expr, string])[] = [
  ...both.flatMap((labels): (readonly [Expr, string])[] => [
    [series(training.training_wall_seconds_total, labels), '0+60x120'],
    [series(training.training_productive_seconds_total, labels), '0+45x120'],
    [series(training.training_badput_seconds_total, { ...labels, reason: 'wasted_progress' }), '0+6x120'],
    [series(training.training_badput_seconds_total, { ...labels, reason: 'checkpoint_save' }), '0+15x120'],
    [series(training.training_tokens_total, labels), '0+6000000x120'],
    [series(training.training_steps_total, labels), '0+30x120'],
    [sumOf(duration, labels), '0+45x120'],
    [countOf(duration, labels), '0+30x120'],
    [bucket(duration, { ...labels, le: '1' }), '0x120'],
    [bucket(duration, { ...labels, le: '2' }), '0+30x120'],
    [bucket(duration, { ...labels, le: '+Inf' }), '0+30x120'],
    [series(training.training_last_checkpoint_timestamp_seconds, labels), '6900x120'],
    examplePhase('training', '1x120', labels),
    examplePhase('finished', '0x120', labels),
  ]),
  [
    series(training.training_rank_relative_score_ratio, { ...exampleRunTarget, phase: 'forward', rank: '3' }),
    '0.9x120',
  ],
  [
    series(training.training_rank_relative_score_ratio, { ...exampleRunTarget, phase: 'forward', rank: '4' }),
    '0.8x120',
  ],
  [
    series(training.training_rank_relative_score_ratio, { ...exampleRunTarget, phase: 'communication', rank: '3' }),
    '0.1x120',
  ],
  [series(training.training_rank_relative_score_ratio, { ...ended, phase: 'forward', rank: '3' }), '0.5x120'],
  // A run that never lost a step, and has ended.
  [series(training.training_wall_seconds_total, ended), '7200x120'],
  [series(training.training_productive_seconds_total, ended), '3600x120'],
  [series(training.training_last_checkpoint_timestamp_seconds, ended), '6900x120'],
  [countOf(duration, ended), '30x120'],
  [sumOf(duration, ended), '45x120'],
  [bucket(duration, { ...ended, le: '2' }), '30x120'],
  [bucket(duration, { ...ended, le: '+Inf' }), '30x120'],
  examplePhase('training', '0x120', ended),
  examplePhase('finished', '1x120', ended),
];

const run = 'cluster="c1",run="llama-8b",job_id="4711",framework="torchtitan"';
const other = 'cluster="c1",run="ended",job_id="4712",framework="torchtitan"';

/** Every recorded series, so that a new one without a value here fails. */
const expected: { readonly [N in keyof typeof trainingGroup.series]: Readonly<Record<string, number>> } = {
  'run:training_goodput_ratio:avg1h': { [run]: 0.65 },
  'run:training_effective_time_ratio:life': { [run]: 0.65, [other]: 0.5 },
  'run_reason:training_badput_ratio:avg1h': {
    [`${run},reason="wasted_progress"`]: 0.1,
    [`${run},reason="checkpoint_save"`]: 0.25,
  },
  'run:training_tokens:rate5m': { [run]: 100_000 },
  'run:training_steps:rate5m': { [run]: 0.5 },
  'run:training_step_duration_seconds:mean5m': { [run]: 1.5 },
  'run:training_step_duration_seconds:p50': { [run]: 1.5 },
  'run:training_step_duration_seconds:p95': { [run]: 1.95 },
  'run:training_step_duration_seconds:p99': { [run]: 1.99 },
  'run:training_checkpoint_age_seconds:min': { [run]: 300 },
  'run:training_rank_relative_score_ratio:min': { [run]: 0.8 },
  'cluster_phase:training_run:count': {
    'cluster="c1",phase="training"': 1,
    'cluster="c1",phase="finished"': 1,
  },
};

test('every recorded series about runs has the value and exactly the labels it promises, however many exporters see a run', () => {
  folder.write('training.yaml', recordingFile(trainingGroup));
  folder.write('training.test.yaml', {
    rule_files: ['training.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: input.map(([name, values]) => ({ series: name.promql, values })),
        promql_expr_test: Object.entries(expected).map(([name, values]) => ({
          // promtool compares floats exactly.
          expr: `round(${name}, 0.001)`,
          eval_time: '120m',
          exp_samples: Object.entries(values).map(([labels, value]) => ({ labels: `{${labels}}`, value })),
        })),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'training.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

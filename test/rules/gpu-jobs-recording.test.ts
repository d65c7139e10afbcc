import { gpu } from '../../metrics/gpu.ts';
import { series } from '../../metrics/promql.ts';
import { gpuJobsGroup } from '../../rules/recording/gpu-jobs.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

function target(gpu_id: string, exporter = 'n1:9400') {
  return { cluster: 'c1', node: 'n1', job: 'fleetlens-gpu', instance: exporter, gpu_id, uuid: `GPU-${gpu_id}` };
}

function jobOn(gpu_id: string, job_id: string, values: string) {
  return [
    series(gpu.gpu_job_info, { ...target(gpu_id), gpu_instance_id: '', job_id, user_id: '1000' }).promql,
    values,
  ] as const;
}

function errors(gpu_id: string, xid: string, values: string, exporter?: string) {
  return [series(gpu.gpu_xid_errors_total, { ...target(gpu_id, exporter), xid }).promql, values] as const;
}

const errorName = 'gpu_job:gpu_xid_app_errors:increase5m';
const clockName = 'gpu_job:gpu_sm_clock_hertz:avg5m';

/** What the recording holds after so many minutes, as `job on GPU: value`. */
function expectRecorded(
  name: string,
  {
    input,
    at,
    expected,
  }: {
    readonly input: readonly (readonly [series: string, values: string])[];
    readonly at: string;
    readonly expected: readonly (readonly [gpu_id: string, job_id: string, value: number])[];
  },
): void {
  folder.write('jobs.yaml', recordingFile(gpuJobsGroup));
  folder.write('jobs.test.yaml', {
    rule_files: ['jobs.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: input.map(([one, values]) => ({ series: one, values })),
        promql_expr_test: [
          {
            expr: `round(${name})`,
            eval_time: at,
            exp_samples: expected.map(([gpu_id, job_id, value]) => ({
              labels: `{cluster="c1",node="n1",gpu_id="${gpu_id}",uuid="GPU-${gpu_id}",job_id="${job_id}"}`,
              value,
            })),
          },
        ],
      },
    ],
  });
  const { ok, output } = folder.promtool('test', 'rules', 'jobs.test.yaml');
  expect({ ok, output }).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
}

test('an error belongs to the job that has the GPU when it happens, also where two exporters see the GPU', () => {
  const input = [
    jobOn('0', '4711', '1x10 _x20'),
    jobOn('0', '4712', '_x11 1x20'),
    errors('0', '13', '0x4 1x26'),
    errors('0', '13', '0x4 1x26', 'n1:9401'),
  ];
  expectRecorded(errorName, { input, at: '7m', expected: [['0', '4711', 1]] });
  expectRecorded(errorName, { input, at: '20m', expected: [] });
});

test('two jobs that share a GPU both count, and break no rule', () => {
  const input = [jobOn('0', '4711', '1x10'), jobOn('0', '4712', '1x10'), errors('0', '31', '0x4 1x6')];
  expectRecorded(errorName, {
    input,
    at: '7m',
    expected: [
      ['0', '4711', 1],
      ['0', '4712', 1],
    ],
  });
});

test('other codes and GPUs without a job are left out', () => {
  const input = [jobOn('0', '4711', '1x10'), errors('0', '43', '0x4 5x6'), errors('1', '13', '0x4 1x6')];
  expectRecorded(errorName, { input, at: '7m', expected: [] });
});

test('clocks are recorded for GPUs that are busy', () => {
  const input = [
    jobOn('0', '4711', '1x10'),
    jobOn('1', '4711', '1x10'),
    [series(gpu.gpu_sm_clock_hertz, target('0')).promql, '1.98e9x10'],
    [series(gpu.gpu_sm_clock_hertz, target('1')).promql, '0.3e9x10'],
    [series(gpu.gpu_utilization_ratio, target('0')).promql, '0.9x10'],
    [series(gpu.gpu_utilization_ratio, target('1')).promql, '0.5x10'],
  ] as const;
  expectRecorded(clockName, { input, at: '7m', expected: [['0', '4711', 1.98e9]] });
});

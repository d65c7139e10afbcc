import { gpu } from '../../metrics/gpu.ts';
import { series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { trainingGpusGroup } from '../../rules/recording/training-gpus.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const cluster = 'c1';

function device(node: string, gpu_id: string, exporter = node) {
  const uuid = `GPU-${node}-${gpu_id}`;
  return { cluster, node, job: 'fleetlens-gpu', instance: `${exporter}:9400`, gpu_id, uuid };
}

const first = device('n1', '0');
const second = device('n2', '0');
/** The same GPU once more, seen by a second exporter on its node. */
const secondAgain = device('n2', '0', 'other');
const third = device('n3', '0');
const nobodys = device('n4', '0');

function runInfo(run: string, labels: Readonly<Record<'job_id' | 'namespace' | 'pod', string>>) {
  const exporter = { job: 'fleetlens-training', instance: 'files:9410', framework: 'megatron', host: 'login' };
  return series(training.training_run_info, { ...exporter, cluster, run, source: 'files', ...labels }).promql;
}

function jobOn(labels: typeof first, job_id: string) {
  return series(gpu.gpu_job_info, { ...labels, gpu_instance_id: '', job_id, user_id: '1000' }).promql;
}

const podOnThird = series(gpu.gpu_pod_info, {
  ...third,
  gpu_instance_id: '',
  namespace: 'team',
  pod: 'train-0',
  container: 'main',
}).promql;

function readings(labels: typeof first, busy: number, celsius: number, watts: number) {
  return [
    [series(gpu.gpu_utilization_ratio, labels).promql, busy],
    [series(gpu.gpu_temperature_celsius, labels).promql, celsius],
    [series(gpu.gpu_power_watts, labels).promql, watts],
  ] as const;
}

const input = [
  [runInfo('slurm', { job_id: '4711', namespace: '', pod: '' }), 1],
  [runInfo('same-job', { job_id: '4711', namespace: '', pod: '' }), 1],
  [runInfo('pod', { job_id: '', namespace: 'team', pod: 'train-0' }), 1],
  [runInfo('nowhere', { job_id: '', namespace: '', pod: '' }), 1],
  [jobOn(first, '4711'), 1],
  [jobOn(second, '4711'), 1],
  [jobOn(secondAgain, '4711'), 1],
  [jobOn(second, '4712'), 1],
  [podOnThird, 1],
  ...readings(first, 0.9, 60, 600),
  ...readings(second, 0.5, 70, 400),
  ...readings(secondAgain, 0.5, 70, 400),
  ...readings(third, 0.25, 50, 300),
  ...readings(nobodys, 0, 99, 999),
] as const;

test.each([
  ['run:gpu_utilization_ratio:avg', { slurm: 0.7, 'same-job': 0.7, pod: 0.25 }],
  ['run:gpu_utilization_ratio:min', { slurm: 0.5, 'same-job': 0.5, pod: 0.25 }],
  ['run:gpu_temperature_celsius:max', { slurm: 70, 'same-job': 70, pod: 50 }],
  ['run:gpu_power_watts:sum', { slurm: 1000, 'same-job': 1000, pod: 300 }],
] as const)('%s is of the GPUs of the job or the pod, each once', (name, expected) => {
  folder.write('runs.yaml', recordingFile(trainingGpusGroup));
  folder.write('runs.test.yaml', {
    rule_files: ['runs.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: input.map(([one, value]) => ({ series: one, values: `${value}x5` })),
        promql_expr_test: [
          {
            expr: name,
            eval_time: '3m',
            exp_samples: Object.entries(expected).map(([run, value]) => ({
              labels: `${name}{cluster="${cluster}",run="${run}",framework="megatron"${run === 'pod' ? '' : ',job_id="4711"'}}`,
              value,
            })),
          },
        ],
      },
    ],
  });
  const { ok, output } = folder.promtool('test', 'rules', 'runs.test.yaml');
  expect({ ok, output }).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
});

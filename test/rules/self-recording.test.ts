import { prometheus } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { bucket, series } from '../../metrics/promql.ts';
import { alertsGroup } from '../../rules/recording/alerts.ts';
import { fleetlensGroup } from '../../rules/recording/fleetlens.ts';
import type { RecordingGroup } from '../../rules/recording.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

type Input = readonly (readonly [series: string, values: string])[];
/** Minute, then what is recorded at that minute: labels and values. */
type Recorded = Readonly<Record<string, Readonly<Record<string, number>>>>;

function expectRecorded(group: RecordingGroup, input: Input, expected: Readonly<Record<string, Recorded>>): void {
  expect(Object.keys(expected)).toEqual(Object.keys(group.series));
  folder.write('group.yaml', recordingFile(group));
  folder.write('group.test.yaml', {
    rule_files: ['group.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: input.map(([one, values]) => ({ series: one, values })),
        promql_expr_test: Object.entries(expected).flatMap(([name, moments]) =>
          Object.entries(moments).map(([at, values]) => ({
            expr: name,
            eval_time: at,
            exp_samples: Object.entries(values).map(([labels, value]) => ({ labels: `${name}{${labels}}`, value })),
          })),
        ),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'group.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
}

function alert(uuid: string, alertstate: string, values: string, severity = 'critical') {
  const rule = { alertname: 'GpuLost', severity, domain: 'gpu', team: 'sre', run: '', model_name: '', tenant: '' };
  return [series(prometheus.ALERTS, { cluster: 'c1', ...rule, alertstate, uuid }).promql, values] as const;
}

const gpuLost = 'cluster="c1",alertname="GpuLost",severity="critical",domain="gpu",team="sre"';

test('alerts are counted by name: those that fire, those that wait, and each change once', () => {
  expectRecorded(
    alertsGroup,
    [
      // Waits for two minutes and fires.
      alert('GPU-0', 'pending', '_ 1 1 stale'),
      alert('GPU-0', 'firing', '_ _ _ 1x20'),
      // Fires, stops and fires again.
      alert('GPU-1', 'firing', '1x4 stale _ _ 1x10'),
      // Waits and never fires.
      alert('GPU-2', 'pending', '_ 1 1 1 stale'),
      // The dead man's switch tells nothing.
      alert('GPU-3', 'firing', '1x20', 'none'),
    ],
    {
      'alertname:alerts_firing:count': { '2m': { [gpuLost]: 1 }, '4m': { [gpuLost]: 2 }, '6m': { [gpuLost]: 1 } },
      'alertname:alerts_firing_seconds:increase1m': { '2m': { [gpuLost]: 60 }, '4m': { [gpuLost]: 120 } },
      'alertname:alerts_pending:count': { '2m': { [gpuLost]: 2 }, '3m': { [gpuLost]: 1 }, '5m': {} },
      'alertname:alerts_started:count': {
        '2m': {},
        '3m': { [gpuLost]: 1 },
        '4m': {},
        '8m': { [gpuLost]: 1 },
        '9m': {},
      },
      'alertname:alerts_withdrawn:count': { '3m': {}, '4m': { [gpuLost]: 1 }, '5m': {} },
    },
  );
});

function target(node: string, job = 'fleetlens-gpu') {
  return { cluster: 'c1', node, job, instance: `${node}:9400` };
}

function collector(node: string, name: string, job?: string) {
  const labels = { ...target(node, job), collector: name };
  return {
    succeeds: (values: string) => [series(fleetlens.fleetlens_collector_success, labels).promql, values] as const,
    takes: (values: string) => [series(fleetlens.fleetlens_collector_duration_seconds, labels).promql, values] as const,
  };
}

const perJob = 'cluster="c1",job="fleetlens-gpu"';

test('collectors and answers of the daemons are recorded by scrape job', () => {
  const rendering = (le: string, values: string): Input[number] => [
    bucket(fleetlens.fleetlens_scrape_render_seconds, { ...target('n1'), le }).promql,
    values,
  ];
  expectRecorded(
    fleetlensGroup,
    [
      collector('n1', 'ecc').succeeds('0x20'),
      collector('n2', 'ecc').succeeds('0x20'),
      collector('n1', 'info').succeeds('1x20'),
      collector('n1', 'ecc', 'other').succeeds('0x20'),
      collector('n1', 'ecc').takes('0.1x20'),
      collector('n2', 'ecc').takes('0.3x20'),
      collector('n2', 'ecc', 'other').takes('9x20'),
      rendering('1', '0+98x20'),
      rendering('3', '0+100x20'),
      rendering('+Inf', '0+100x20'),
    ],
    {
      'cluster_job_collector:fleetlens_collector_success:failed': { '15m': { [`${perJob},collector="ecc"`]: 2 } },
      'cluster_job_collector:fleetlens_collector_duration_seconds:max': {
        '15m': { [`${perJob},collector="ecc"`]: 0.3 },
      },
      'cluster_job:fleetlens_scrape_render_seconds:p99': { '15m': { [perJob]: 2 } },
    },
  );
});

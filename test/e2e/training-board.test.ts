import { prometheusRuleFiles } from '../../cli/generate/files.ts';
import board from '../../dashboards/boards/training-runs.ts';
import { expressions, type Panel } from '../../dashboards/panel.ts';
import { createPrometheusApi, type PrometheusApi } from '../../kit/prometheus-api.ts';
import type { Metric } from '../../metrics/define.ts';
import { gpu } from '../../metrics/gpu.ts';
import { training } from '../../metrics/training.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';

/**
 * Every query of the board through a real Prometheus with the real rules. The exporters are fakes that show every series
 * of the catalogue: two that see the same runs on a shared file system, and one of GPUs, of which some have several jobs.
 */
type Labels = Readonly<Record<string, string>>;

const onSlurm: Labels = { run: 'on-slurm', job_id: '4711', framework: 'megatron' };
const inPod: Labels = { run: 'in-pod', job_id: '', framework: 'huggingface' };
const started = Date.now() / 1000;

/** Values that a label takes where a panel looks for one of them. */
const values: Labels = {
  phase: 'data_loading',
  reason: 'checkpoint_save',
  rule: 'mad',
  kind: 'max',
  rank: '3',
  source: 'event_files',
  tag: 'a',
  host: 'h1',
};

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
  return `${name}{${pairs.join(',')}} ${value}\n`;
}

/** A counter goes up by one in each scrape, times are now, and gauges stay at a half. */
function sampleOf({ name, kind }: Metric, turn: number): number {
  if (kind === 'counter') return turn;
  if (name.endsWith('_timestamp_seconds')) return started;
  return name === 'training_loss_nonfinite' ? 1 : 0.5;
}

function seriesOf(metric: Metric, run: Labels, turn: number): string {
  const own = Object.fromEntries(
    metric.labels.filter((label) => label !== 'le').map((label) => [label, values[label] ?? '']),
  );
  const labels = { ...own, ...(metric.labels.includes('run') ? run : {}) };
  if (metric.kind !== 'histogram') return line(metric.name, labels, sampleOf(metric, turn));
  return [
    ...[...(metric.buckets ?? []), '+Inf'].map((le) =>
      line(`${metric.name}_bucket`, { ...labels, le: String(le) }, turn),
    ),
    line(`${metric.name}_sum`, labels, turn / 2),
    line(`${metric.name}_count`, labels, turn),
  ].join('');
}

function trainingPage(turn: number): string {
  const special: readonly string[] = ['training_run_phase', 'training_run_info'];
  const plain = Object.values(training).filter(({ name }) => !special.includes(name));
  return [
    ...plain.flatMap((metric: Metric) => {
      const runs = metric.labels.includes('run') ? [onSlurm, inPod] : [{}];
      return runs.map((run) => seriesOf(metric, run, turn));
    }),
    line('training_badput_seconds_total', { ...onSlurm, reason: 'wasted_progress' }, turn / 4),
    line('training_run_info', { ...onSlurm, source: 'logs', host: 'h1', namespace: '', pod: '' }, 1),
    line('training_run_info', { ...inPod, source: 'event_files', host: 'h2', namespace: 'ml', pod: 'p-0' }, 1),
    ...['training', 'failed'].map((phase) =>
      line('training_run_phase', { ...onSlurm, phase }, phase === 'training' ? 1 : 0),
    ),
    ...['training', 'failed'].map((phase) =>
      line('training_run_phase', { ...inPod, phase }, phase === 'failed' ? 1 : 0),
    ),
  ].join('');
}

/** GPU 0 has two jobs of which one is a run, GPU 1 is of the run too, GPU 2 has the pod, and GPU 3 is somebody else's. */
function gpuPage(): string {
  const device = (id: number): Labels => ({ gpu_id: String(id), uuid: `GPU-${id}` });
  const whole = { gpu_instance_id: '' };
  const readings = [
    gpu.gpu_up,
    gpu.gpu_utilization_ratio,
    gpu.gpu_power_watts,
    gpu.gpu_temperature_celsius,
    gpu.gpu_memory_used_bytes,
    gpu.gpu_memory_total_bytes,
  ];
  return [
    ...[0, 1, 2, 3].flatMap((id) => readings.map(({ name }) => line(name, device(id), 1))),
    ...[0, 2, 3].map((id) => line('gpu_xid_last_timestamp_seconds', { ...device(id), xid: '79' }, started)),
    ...(
      [
        [0, '4711'],
        [0, '4712'],
        [1, '4711'],
        [3, '4713'],
      ] as const
    ).map(([id, job]) => line('gpu_job_info', { ...device(id), ...whole, job_id: job, user_id: '' }, 1)),
    ...['main', 'sidecar'].map((container) =>
      line('gpu_pod_info', { ...device(2), ...whole, namespace: 'ml', pod: 'p-0', container }, 1),
    ),
  ].join('');
}

const rules = [
  ...prometheusRuleFiles({ runbookBaseUrl: 'https://x', optional: ['compat'], ownIntervals: false }),
].filter(([name]) => /^(training|compat)/.test(name));

let exporters: FakeHttpServer;
let prometheus: RunningPrometheus;
let api: PrometheusApi;

beforeAll(async () => {
  exporters = await startFakeHttpServer((response, { path }, turn) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' });
    response.end(path === '/gpu' ? gpuPage() : trainingPage(turn));
  });
  const target = (path: string, job: string, node: string) => ({
    job_name: `${job}-${node}`,
    metrics_path: path,
    static_configs: [{ targets: [new URL(exporters.url).host], labels: { cluster: 'c1', node } }],
    relabel_configs: [{ target_label: 'job', replacement: job }],
  });
  prometheus = await startPrometheus({
    config: JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: rules.map(([name]) => name),
      scrape_configs: [
        target('/training', 'fleetlens-training', 'n1'),
        target('/training', 'fleetlens-training', 'n2'),
        target('/gpu', 'fleetlens-gpu', 'n1'),
      ],
    }),
    files: Object.fromEntries(rules),
  });
  api = createPrometheusApi({ url: prometheus.url });
  await eventually('recorded series and alerts', async () => {
    const recorded = await api.query(
      'run:training_goodput_ratio:avg1h and on () ALERTS{alertname="TrainingLossNonFinite"}',
    );
    return recorded.samples.length > 0 ? true : undefined;
  });
});
afterAll(async () => {
  await prometheus?.stop();
  await exporters?.stop();
});

function filledIn(promql: string, run = '.*'): string {
  return promql
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '5m')
    .replaceAll('$cluster', '.*')
    .replaceAll('$run', run);
}

async function labelsOf(
  panel: Panel | undefined,
  run: string,
  label: string,
): Promise<readonly (string | undefined)[]> {
  const [first] = panel === undefined ? [] : expressions(panel);
  if (first === undefined) throw new Error('no such panel');
  const { samples } = await api.query(filledIn(first.promql, run));
  return samples.map(({ labels }) => labels[label]).sort();
}

const panels = board.rows.flatMap(({ cells }) => cells.map(({ panel }) => panel));
const queries = panels.flatMap((panel) => expressions(panel).map(({ promql }) => [panel.title, promql] as const));

test.each(queries)('%s: %s', async (_title, promql) => {
  const { samples } = await eventually(promql, async () => {
    const answer = await api.query(filledIn(promql));
    return answer.samples.length > 0 ? answer : undefined;
  });
  expect(samples.filter(({ value }) => Number.isNaN(value))).toEqual([]);
});

test('a run that two exporters see is one run', async () => {
  const training = panels.find(({ key }) => key === 'training/training');
  const { samples } = await api.query(filledIn(training === undefined ? '' : (expressions(training)[0]?.promql ?? '')));
  expect(samples.map(({ value }) => value)).toEqual([1]);
});

test.each([
  ['on-slurm', ['0', '1']],
  ['in-pod', ['2']],
  ['.*', ['0', '1', '2']],
  ['unknown', []],
])('the run %s has the GPUs %j', async (run, gpus) => {
  const table = panels.find(({ key }) => key === 'training-gpus/gpus');
  expect(await labelsOf(table, run, 'gpu_id')).toEqual(gpus);
});

test.each([
  'training_loss',
  'training_accuracy',
  'gpu_temperature_celsius',
  'learning_rate',
  'gpu_utilization_percent',
  'rate(batch_processing_seconds_bucket[1m])',
  'rate(data_loading_seconds_bucket[1m])',
])('an old dashboard that asks for %s gets an answer', async (query) => {
  await eventually(query, async () => ((await api.query(query)).samples.length > 0 ? true : undefined));
});

test('no rule failed', async () => {
  const groups = await api.rules();
  const failed = groups.flatMap((group) => group.rules).filter(({ health }) => health !== 'ok');
  expect(failed).toEqual([]);
});

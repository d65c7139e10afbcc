import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { prometheusRuleFiles } from '../../cli/generate/files.ts';
import { createPrometheusApi, type PrometheusApi } from '../../kit/prometheus-api.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';

/**
 * The rules and the board of the documents that came before this project, letter by letter, in a real Prometheus beside all of our
 * rules. It scrapes what our exporters showed on real and replayed hardware; node_exporter's page and that of a process are written here.
 */
const golden = join(import.meta.dirname, '../golden');

function pageOf(...paths: readonly string[]): string {
  const files = paths.flatMap((path) =>
    path.endsWith('/') ? readdirSync(join(golden, path)).map((name) => join(golden, path, name)) : [join(golden, path)],
  );
  return files.map((file) => readFileSync(file, 'utf8')).join('');
}

/** The same with every counter and histogram going up from scrape to scrape. */
function growing(page: string, turn: number): string {
  return page.replaceAll(
    /^(\w+_(?:bucket|sum|count|total)(?:\{.*\})?) (\S+)$/gm,
    (_, series: string, value: string) => `${series} ${Number(value) * (turn + 1)}`,
  );
}

/** A machine that is idle for a twentieth of the time. */
function nodePage(turn: number): string {
  return ['idle', 'user']
    .map((mode) => `node_cpu_seconds_total{cpu="0",mode="${mode}"} ${turn * (mode === 'idle' ? 0.05 : 0.95)}\n`)
    .join('');
}

function processPage(turn: number): string {
  return `process_cpu_seconds_total ${turn * 0.5}\nprocess_resident_memory_bytes 2e9\n`;
}

const pages: Readonly<Record<string, (turn: number) => string>> = {
  '/gpu': () => pageOf('gpu/captures/h100-8x-nvlink.prom'),
  '/training': () => pageOf('training/busy/'),
  '/service': (turn) => growing(pageOf('inference/service/everything.prom'), turn) + processPage(turn),
  '/engine': () => pageOf('inference/normaliser/vllm.prom'),
  '/node': nodePage,
};

/** What each rule compares, how, and for how long: as the documents have it. */
const oldRules = [
  ['TrainingLossTooHigh', 'training_loss', '> 10', '5m'],
  ['TrainingNotProgressing', 'deriv(training_loss[10m])', '> -0.001', '15m'],
  ['HighLatency', 'histogram_quantile(0.95, rate(inference_request_duration_seconds_bucket[5m]))', '> 2', '2m'],
  ['LowAccuracy', 'model_accuracy', '< 0.85', '5m'],
  ['HighGPUMemoryUsage', 'gpu_memory_used_bytes / gpu_memory_total_bytes * 100', '> 90', '5m'],
  ['HighGPUTemperature', 'gpu_temperature_celsius', '> 80', '2m'],
  ['HighCPUUsage', '100 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[1m])) * 100', '> 90', '1m'],
] as const;

const boardQueries = [
  'training_loss',
  'gpu_utilization_percent',
  'training_accuracy',
  'gpu_temperature_celsius',
  'rate(inference_request_duration_seconds_bucket[5m])',
] as const;

/** The other series that the documents name. */
const oldSeries = [
  'learning_rate',
  'batch_processing_seconds_bucket',
  'data_loading_seconds_bucket',
  'inference_requests_total{status="success"}',
  'inference_requests_total{status="error"}',
  'inference_tokens_generated_total',
  'inference_active_connections',
  'inference_cpu_usage_percent',
  'inference_memory_usage_bytes',
  'model_cache_hits_total',
  'model_cache_misses_total',
] as const;

const ours = prometheusRuleFiles({
  runbookBaseUrl: 'https://runbooks.example/',
  optional: recordingGroups.map(({ group }) => group),
  ownIntervals: false,
});

let exporters: FakeHttpServer;
let prometheus: RunningPrometheus;
let api: PrometheusApi;

beforeAll(async () => {
  exporters = await startFakeHttpServer((response, { path }, turn) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(pages[path]?.(turn));
  });
  const scrape = (job_name: string, metrics_path: string) => ({
    job_name,
    metrics_path,
    static_configs: [
      { targets: [new URL(exporters.url).host], labels: { cluster: 'c1', node: 'n1', instance: `n1:${job_name}` } },
    ],
  });
  prometheus = await startPrometheus({
    config: JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['old.yaml', ...ours.keys()],
      scrape_configs: [
        scrape('fleetlens-gpu', '/gpu'),
        scrape('fleetlens-training', '/training'),
        scrape('translate', '/service'),
        scrape('fleetlens-engine-vllm', '/engine'),
        scrape('node', '/node'),
      ],
    }),
    files: { ...Object.fromEntries(ours), 'old.yaml': oldRuleFile() },
  });
  api = createPrometheusApi({ url: prometheus.url });
});
afterAll(async () => {
  await prometheus?.stop();
  await exporters?.stop();
});

function oldRuleFile(): string {
  const rules = oldRules.map(([alert, left, comparison, wait]) => ({
    alert,
    expr: `${left} ${comparison}`,
    for: wait,
  }));
  return dump({ groups: [{ name: 'old', rules }] });
}

test.each([...oldRules.map(([, left]) => left), ...boardQueries, ...oldSeries])('%s has data', async (query) => {
  await eventually(`a number from ${query}`, async () => {
    const { samples } = await api.query(query);
    return samples.some(({ value }) => Number.isFinite(value)) ? true : undefined;
  });
});

test('the old rules are evaluated beside ours without a failure', async () => {
  const groups = await eventually('every group to be evaluated', async () => {
    const all = await api.rules();
    return all.every(({ rules }) => rules.every(({ health }) => health !== 'unknown')) ? all : undefined;
  });
  expect(groups.map(({ name }) => name)).toEqual(expect.arrayContaining(['old', 'compat', 'gpu-thermal']));
  const unwell = groups.flatMap(({ rules }) => rules.filter(({ health }) => health !== 'ok'));
  expect(unwell).toEqual([]);
});

test('an old rule sees what it compares: a machine that is busy all the time', async () => {
  const pending = await eventually('an alert of the old rules', async () => {
    const { samples } = await api.query('ALERTS{alertname="HighCPUUsage"}');
    return samples.length > 0 ? samples : undefined;
  });
  expect(pending.map(({ labels }) => labels['instance'])).toEqual(['n1:node']);
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPrometheusApi, type PrometheusApi } from '../../kit/prometheus-api.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { tool } from '../support/tools.ts';

const begin = 1_700_000_000;
const points = 25_000;

const config = (address: string): string => `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: itself
    static_configs: [{targets: ['${address}'], labels: {node: n1}}]
`;

const rules = `
groups:
  - name: example
    interval: 1s
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - alert: AlwaysOn
        expr: vector(1) > 0
        labels: {severity: info}
        annotations: {summary: On.}
`;

let folder: string;
let prometheus: RunningPrometheus;
let api: PrometheusApi;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-tsdb-'));
  const samples = Array.from({ length: points }, (_, index) => `long{gpu_id="0"} ${index} ${begin + index}`);
  const file = join(folder, 'samples.txt');
  writeFileSync(file, `# TYPE long gauge\n${samples.join('\n')}\n# EOF\n`);
  const dataDir = join(folder, 'data');
  execFileSync(tool('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, dataDir]);
  prometheus = await startPrometheus({
    config,
    files: { 'rules.yml': rules },
    dataDir,
    args: ['--storage.tsdb.retention.time=100y', '--query.max-samples=12000'],
  });
  api = createPrometheusApi({ url: prometheus.url });
}, 60_000);

afterAll(async () => {
  await prometheus?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks until the answer is there: the server scrapes and evaluates once a second. */
async function eventually<T>(ask: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask();
    if (isThere(answer) || tried === 100) return answer;
    await sleep(100);
  }
}

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('a range of more points than Prometheus allows comes whole, each point once', async () => {
  const window = { startSeconds: begin, endSeconds: begin + points - 1 };
  const atOnce = new URLSearchParams({ query: 'long', start: `${begin}`, end: `${window.endSeconds}`, step: '1' });
  expect((await fetch(`${prometheus.url}/api/v1/query_range?${atOnce}`)).status).toBe(400);

  const { series } = await api.queryRange('long', { ...window, stepSeconds: 1 });
  expect(series.map(({ labels }) => labels)).toEqual([{ __name__: 'long', gpu_id: '0' }]);
  expect(series[0]?.samples.map(({ value }) => value)).toEqual(numbers(0, points - 1));
  expect(series[0]?.samples.map(({ timestampSeconds }) => timestampSeconds - begin)).toEqual(numbers(0, points - 1));
});

test('raw samples: the start is not part of the window, the end is, pages join exactly', async () => {
  const paged = createPrometheusApi({ url: prometheus.url, rawPageSeconds: 1000 });
  const { series } = await paged.rawSamples('long', { startSeconds: begin + 10, endSeconds: begin + 4321 });
  expect(series[0]?.samples.map(({ value }) => value)).toEqual(numbers(11, 4321));
});

test('raw samples: windows that touch share no sample and lose none', async () => {
  const values = async (startSeconds: number, endSeconds: number): Promise<readonly number[]> => {
    const { series } = await api.rawSamples('long{gpu_id="0"}', { startSeconds, endSeconds });
    return series.flatMap(({ samples }) => samples.map(({ value }) => value));
  };
  expect(await values(begin + 100, begin + 101)).toEqual([101]);
  expect(await values(begin + 101, begin + 101.999)).toEqual([]);
  expect(await values(begin + 101, begin + 103)).toEqual([102, 103]);
  expect(await values(begin + 103, begin + 103)).toEqual([]);
});

test('raw samples: a page beyond --query.max-samples is halved by itself', async () => {
  const greedy = createPrometheusApi({ url: prometheus.url, rawPageSeconds: 100_000 });
  const { series } = await greedy.rawSamples('long', { startSeconds: begin - 1, endSeconds: begin + points });
  expect(series[0]?.samples.map(({ value }) => value)).toEqual(numbers(0, points - 1));
});

test('an instant query', async () => {
  const { samples } = await api.query('long + 0.5', { timeSeconds: begin + 7 });
  expect(samples).toEqual([{ labels: { gpu_id: '0' }, timestampSeconds: begin + 7, value: 7.5 }]);
  expect((await api.query('1 / vector(0)')).samples[0]?.value).toBe(Number.POSITIVE_INFINITY);
});

test('an expression that is wrong', async () => {
  await expect(api.query('sum(')).rejects.toThrow(/HTTP 400: .*parse error: /);
});

test('series', async () => {
  const window = { startSeconds: begin, endSeconds: begin + 10 };
  expect((await api.series(['long', '{gpu_id="0"}'], window)).series).toEqual([{ __name__: 'long', gpu_id: '0' }]);
});

test('targets, rules and alerts', async () => {
  const targets = await eventually(
    () => api.targets(),
    ([target]) => target?.health === 'up',
  );
  expect(targets).toHaveLength(1);
  expect(targets[0]).toMatchObject({
    labels: { job: 'itself', node: 'n1' },
    scrapePool: 'itself',
    health: 'up',
    lastError: undefined,
  });
  expect(targets[0]?.lastScrapeSeconds).toBeGreaterThan(begin);

  const alerts = await eventually(
    () => api.alerts(),
    (found) => found.length > 0,
  );
  expect(alerts).toEqual([
    {
      labels: { alertname: 'AlwaysOn', severity: 'info' },
      annotations: { summary: 'On.' },
      state: 'firing',
      activeAtSeconds: expect.any(Number),
      value: 1,
    },
  ]);

  const groups = await eventually(
    () => api.rules(),
    ([group]) => group?.rules.every(({ health }) => health === 'ok') ?? false,
  );
  expect(groups[0]).toMatchObject({ name: 'example', intervalSeconds: 1 });
  expect(groups[0]?.rules).toMatchObject([
    { type: 'recording', name: 'job:up:sum', query: 'sum by (job) (up)' },
    { type: 'alerting', name: 'AlwaysOn', state: 'firing', forSeconds: 0, alerts: [{ value: 1 }] },
  ]);
});

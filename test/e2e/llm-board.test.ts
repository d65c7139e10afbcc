import { isDeepStrictEqual } from 'node:util';
import { prometheusRuleFiles } from '../../cli/generate/files.ts';
import board from '../../dashboards/boards/llm-serving.ts';
import { expressions, type Panel } from '../../dashboards/panel.ts';
import { createPrometheusApi, type PrometheusApi } from '../../kit/prometheus-api.ts';
import type { Metric } from '../../metrics/define.ts';
import { processes } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { inference } from '../../metrics/inference.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';

/**
 * Every query of the board through a real Prometheus with the real rules. The exporters are fakes that show every series
 * of the catalogue: two proxies that see two tenants, and two engines of one kind with bounds of their own behind them.
 */
type Labels = Readonly<Record<string, string>>;

const started = Date.now() / 1000;

/** Values that a label takes where a panel looks for one of them. */
const values: Labels = {
  reason: 'rate_limit',
  slo: 'ttft',
  dataset: 'tickets',
  period: 'day',
  upstream: 'chat-a',
  engine: 'ollama-a',
  outcome: 'answered',
  kind: 'gpu',
  label: 'tenant',
};

const statuses = ['success', 'error', 'rejected'] as const;
/** What the proxy and services alone tell, and what engines alone tell. */
const fromProxy =
  /^inference_(slo|token_budget|upstream|proxy|usage|tokens_(estimated|reasoning)|engine|inter_chunk)|^model_accuracy/;
const fromEngines = /^inference_(kv_cache|preemptions|inter_token|model_)|^model_cache/;

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
  return `${name}{${pairs.join(',')}} ${value}\n`;
}

/** A counter goes up by one in each scrape, times are now, gauges stay at a half, and what is up at one. */
function sampleOf({ name, kind }: Metric, turn: number): number {
  if (kind === 'counter') return turn;
  if (name.endsWith('_timestamp_seconds')) return started;
  if (name === 'model_accuracy_threshold' || name === 'inference_token_budget_tokens') return 0.9;
  return name.endsWith('_up') ? 1 : 0.5;
}

function seriesOf(metric: Metric, given: Labels, turn: number, bounds: readonly number[]): string {
  const own = Object.fromEntries(metric.labels.map((label) => [label, given[label] ?? values[label] ?? '']));
  if (metric.kind !== 'histogram') return line(metric.name, own, sampleOf(metric, turn));
  return [
    ...[...bounds, '+Inf'].map((le) => line(`${metric.name}_bucket`, { ...own, le: String(le) }, turn)),
    line(`${metric.name}_sum`, own, turn / 2),
    line(`${metric.name}_count`, own, turn),
  ].join('');
}

function requestsOf(given: Labels, turn: number): string {
  return statuses
    .map((status) =>
      seriesOf(
        inference.inference_requests_total,
        { ...given, status, ...(status === 'success' && { reason: '' }) },
        turn,
        [],
      ),
    )
    .join('');
}

function proxyPage(turn: number): string {
  const proxy = { engine_kind: 'proxy', model_name: 'llama-8b' };
  const told = Object.values(inference).filter(
    ({ name }) => !fromEngines.test(name) && name !== 'inference_requests_total' && !name.includes('good_events'),
  );
  return [
    ...['search', 'chat'].flatMap((tenant) => [
      requestsOf({ ...proxy, tenant }, turn),
      // Half of the events are good.
      seriesOf(inference.inference_slo_good_events_total, { ...proxy, tenant }, turn / 2, []),
    ]),
    ...told.flatMap((metric: Metric) => {
      const tenants = metric.labels.includes('tenant') ? ['search', 'chat'] : [''];
      return tenants.map((tenant) => seriesOf(metric, { ...proxy, tenant }, turn, metric.buckets ?? []));
    }),
    line(processes.process_cpu_seconds_total.name, {}, turn / 10),
    line(processes.process_resident_memory_bytes.name, {}, 1e8),
    line(fleetlens.fleetlens_build_info.name, { daemon: 'inference', version: '1.2.3', nodejs: '20.19.0' }, 1),
  ].join('');
}

function enginePage(turn: number): string {
  const engine = { engine_kind: 'vllm', model_name: 'llama-8b', tenant: '' };
  const told = Object.values(inference).filter(
    ({ name }) => !fromProxy.test(name) && !['inference_requests_total', 'model_cache_misses_total'].includes(name),
  );
  return [requestsOf(engine, turn), ...told.map((metric: Metric) => seriesOf(metric, engine, turn, [0.3, 7]))].join('');
}

function billingPage(turn: number): string {
  return `billing_usage_total{tenant="team-a",meter="llm_tokens_output",meter_unit="million tokens"} ${turn}\n`;
}

const pages: Readonly<Record<string, (turn: number) => string>> = {
  '/proxy': proxyPage,
  '/engine': enginePage,
  '/billing': billingPage,
};

const rules = [
  ...prometheusRuleFiles({ runbookBaseUrl: 'https://x', optional: ['compat'], ownIntervals: false }),
].filter(([name]) => /^(inference|slo|compat)/.test(name));

let exporters: FakeHttpServer;
let prometheus: RunningPrometheus;
let api: PrometheusApi;

beforeAll(async () => {
  exporters = await startFakeHttpServer((response, { path }, turn) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' });
    response.end(pages[path]?.(turn));
  });
  const target = (path: string, job: string, instance: string) => ({
    job_name: `${job}-${instance}`,
    metrics_path: path,
    static_configs: [{ targets: [new URL(exporters.url).host], labels: { cluster: 'c1', node: instance, instance } }],
    relabel_configs: [{ target_label: 'job', replacement: job }],
  });
  prometheus = await startPrometheus({
    config: JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: rules.map(([name]) => name),
      scrape_configs: [
        target('/proxy', 'fleetlens-inference', 'p1'),
        target('/proxy', 'fleetlens-inference', 'p2'),
        target('/engine', 'fleetlens-engine-vllm', 'e1'),
        target('/engine', 'fleetlens-engine-vllm', 'e2'),
        target('/billing', 'fleetlens-billing', 'b1'),
      ],
    }),
    files: Object.fromEntries(rules),
  });
  api = createPrometheusApi({ url: prometheus.url });
  await eventually('recorded series', async () => {
    const recorded = await api.query('model:inference_requests:rate5m and on () slo:error_ratio:rate3d');
    return recorded.samples.length > 0 ? true : undefined;
  });
});
afterAll(async () => {
  await prometheus?.stop();
  await exporters?.stop();
});

interface Choice {
  readonly engine_kind?: string;
  readonly tenant?: string;
}

function filledIn(promql: string, { engine_kind = '.*', tenant = '.*' }: Choice = {}): string {
  return promql
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '5m')
    .replaceAll('$cluster', '.*')
    .replaceAll('$engine_kind', engine_kind)
    .replaceAll('$model_name', '.*')
    .replaceAll('$tenant', tenant);
}

const panels = board.rows.flatMap(({ cells }) => cells.map(({ panel }) => panel));
const queries = panels.flatMap((panel) => expressions(panel).map(({ promql }) => [panel.title, promql] as const));
/** Alerts wait for minutes. */
const needsAlert = /^count by \(severity/;

test.each(queries.filter(([, promql]) => !needsAlert.test(promql)))('%s: %s', async (_title, promql) => {
  const { samples } = await eventually(promql, async () => {
    const answer = await api.query(filledIn(promql));
    return answer.samples.length > 0 ? answer : undefined;
  });
  expect(samples.filter(({ value }) => Number.isNaN(value))).toEqual([]);
});

test('what variables offer', async () => {
  const offered = await Promise.all(
    board.variables.map(async ({ name, values: { of, label } }) => {
      const { samples } = await api.query(filledIn(of.promql));
      return [name, [...new Set(samples.map(({ labels }) => labels[label]))].sort()] as const;
    }),
  );
  expect(Object.fromEntries(offered)).toEqual({
    cluster: ['c1'],
    engine_kind: ['proxy', 'vllm'],
    model_name: ['llama-8b'],
    tenant: ['chat', 'search'],
  });
});

type Answer = readonly { readonly labels: Labels; readonly value: number }[];

/** On a busy machine a scrape may fail, and a series be missing for a moment. */
async function expectAnswer<T>(key: string, choice: Choice, look: (answer: Answer) => T, expected: T): Promise<void> {
  let seen: T | undefined;
  await eventually(key, async () => {
    seen = look(await answerOf(key, choice));
    return isDeepStrictEqual(seen, expected) ? true : undefined;
  }).catch(() => expect(seen).toEqual(expected));
}

async function answerOf(key: string, choice: Choice): Promise<Answer> {
  const panel: Panel | undefined = panels.find((candidate) => candidate.key === key);
  const [first] = panel === undefined ? [] : expressions(panel);
  if (first === undefined) throw new Error(`no panel ${key}`);
  const { samples } = await api.query(filledIn(first.promql, choice));
  return samples.map(({ labels, value }) => ({ labels, value }));
}

function valuesOf(label: string): (answer: Answer) => readonly string[] {
  return (answer) => answer.map(({ labels }) => labels[label] ?? '').sort();
}

test('requests that the proxy and an engine saw are not added up', async () => {
  await expectAnswer('inference/requests', {}, valuesOf('engine_kind'), ['proxy', 'vllm']);
});

test('the heat map shows the bounds of one kind alone', async () => {
  const ofProxy = (inference.inference_request_duration_seconds.buckets ?? []).map(String);
  await expectAnswer('inference-latency/durations', { engine_kind: 'vllm' }, valuesOf('le'), ['+Inf', '0.3', '7']);
  // Two tenants at two proxies are more than two engines.
  await expectAnswer('inference-latency/durations', {}, valuesOf('le'), [...ofProxy, '+Inf'].sort());
});

test('a tenant that is chosen narrows the panels about tenants', async () => {
  await expectAnswer('inference-tenants/tenants', { tenant: 'chat' }, valuesOf('tenant'), ['chat']);
});

test('an error budget that is just used up is at zero', async () => {
  // One in two may be bad, and one in two is.
  const left = (answer: Answer) => answer.map(({ value }) => Math.abs(Math.round(value * 100) / 100));
  await expectAnswer('inference-objectives/budgets', {}, left, [0]);
});

test.each([
  'inference_requests_total{status="error"}',
  'rate(inference_request_duration_seconds_bucket[1m])',
  'inference_tokens_generated_total',
  'inference_active_connections',
  'inference_cpu_usage_percent',
  'inference_memory_usage_bytes',
  'rate(model_cache_misses_total[1m])',
  'model_accuracy',
])('an old dashboard that asks for %s gets an answer', async (query) => {
  await eventually(query, async () => ((await api.query(query)).samples.length > 0 ? true : undefined));
});

test('no rule failed', async () => {
  const groups = await api.rules();
  const failed = groups.flatMap((group) => group.rules).filter(({ health }) => health !== 'ok');
  expect(failed).toEqual([]);
});

import { load } from 'js-yaml';
import { engineScrapeFile, jobName, scrapedEngines } from '../../cli/generate/engine-jobs.ts';
import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { isRelabelled } from '../../metrics/engines/engine.ts';
import { inference } from '../../metrics/inference.ts';
import { engineFixture } from '../support/engine-fixtures.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';
import { expectGolden } from '../support/golden.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';

/** A real Prometheus with the file that is shipped scrapes pages of engines. Engines that name no model get one from their target. */
let engines: FakeHttpServer;
let prometheus: RunningPrometheus;

interface Job {
  readonly job_name: string;
  readonly static_configs: readonly [{ readonly labels: Readonly<Record<string, string>> }];
}

beforeAll(async () => {
  engines = await startFakeHttpServer((response, { path }) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(engineFixture(path.slice(1)));
  });
  const target = new URL(engines.url).host;
  const shipped = load(engineScrapeFile()) as { readonly scrape_configs: readonly Job[] };
  const jobs = shipped.scrape_configs.map((job) => ({
    ...job,
    metrics_path: `/${job.job_name.replace('fleetlens-engine-', '')}`,
    scrape_interval: '1s',
    static_configs: [{ targets: [target], labels: job.static_configs[0].labels }],
  }));
  prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: jobs }) });
  const up = 'up{job=~"fleetlens-engine-.*"} == 1';
  const api = createPrometheusApi({ url: prometheus.url });
  await eventually('a scrape of every engine', async () =>
    (await api.query(up)).samples.length === scrapedEngines.length ? true : undefined,
  );
});
afterAll(async () => {
  await prometheus?.stop();
  await engines?.stop();
});

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

async function seriesOf(job: string): Promise<readonly Series[]> {
  const api = createPrometheusApi({ url: prometheus.url });
  const { samples } = await api.query(`{job="${job}", __name__!~"up|scrape_.*"}`);
  return samples.map(({ labels: { __name__: name = '', ...labels }, value }) => ({
    name,
    labels,
    value: Number(value),
  }));
}

/** Lines of a page with their labels as text, read without the code that is tested. */
function pageLines(
  page: string,
): readonly { readonly name: string; readonly labels: string; readonly value: number }[] {
  return [...page.matchAll(/^([\w:]+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value = '']) => ({
    name,
    labels,
    value: Number(value),
  }));
}

/** Names and values that the series of the page should have, by the table. */
function expected({ engine, version, id }: (typeof scrapedEngines)[number]): readonly string[] {
  const lines = pageLines(engineFixture(id));
  return engine.series.filter(isRelabelled).flatMap(({ unified, native, formerly = [], where = {} }) => {
    const name = version === 'former' ? (formerly[0] ?? native) : native;
    const suffixes = inference[unified].kind === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    return suffixes.flatMap((suffix) =>
      lines
        .filter((line) => line.name === name + suffix)
        .filter(({ labels }) =>
          Object.entries(where).every(([label, value]) =>
            value === '' ? !new RegExp(`(^|,)${label}="[^"]`).test(labels) : labels.includes(`${label}="${value}"`),
          ),
        )
        .map(({ value }) => `${unified}${suffix} ${value}`),
    );
  });
}

describe.each(scrapedEngines.map((scraped) => [scraped.id, scraped] as const))('%s', (id, scraped) => {
  const job = jobName(scraped);

  test('every series of the table is there with its value, once, and no other', async () => {
    const wanted = expected(scraped);
    expect(wanted.length).toBeGreaterThan(2);
    const shown = (await seriesOf(job)).map(({ name, value }) => `${name} ${value}`);
    expect([...shown].sort()).toEqual([...wanted].sort());
  });

  test('every series names engine, model and node, and no two are alike', async () => {
    const series = await seriesOf(job);
    for (const { name, labels } of series) {
      expect(labels).toMatchObject({ engine_kind: scraped.engine.kind, node: '127.0.0.1', cluster: 'my-cluster' });
      if (id !== 'litellm' || name !== 'inference_active_connections') expect(labels['model_name']).toMatch(/./);
      expect(Object.keys(labels).filter((label) => label.startsWith('exported_'))).toEqual([]);
    }
    expect(new Set(series.map((each) => JSON.stringify([each.name, each.labels]))).size).toBe(series.length);
  });

  test('labels are as they should be', async () => {
    const lines = (await seriesOf(job))
      .filter(({ labels }) => labels['le'] === undefined || labels['le'] === '+Inf')
      .map(({ name, labels: { instance: _, job: __, node: ___, cluster: ____, ...labels }, value }) => {
        const pairs = Object.entries(labels)
          .sort()
          .map(([label, text]) => `${label}=${JSON.stringify(text)}`);
        return `${name}{${pairs.join(',')}} ${value}\n`;
      });
    expectGolden(`inference/relabelled/${id}.txt`, lines.sort().join(''));
  });
});

test('no series was sent twice in one scrape', async () => {
  const self = await fetch(`${prometheus.url}/metrics`);
  const text = await self.text();
  expect(text).toMatch(/^prometheus_target_scrapes_sample_duplicate_timestamp_total 0$/m);
  expect(text).toMatch(/^prometheus_target_scrapes_sample_out_of_order_total 0$/m);
});

test.each([
  ['vllm', 'inference_requests_total{status="success",reason="stop"}', 2304],
  ['vllm', 'inference_requests_total{status="cancelled",reason="abort"}', 13],
  ['vllm-before-0.11', 'inference_kv_cache_usage_ratio{engine="0"}', 0.3467741935483871],
  ['sglang', 'inference_requests_waiting', 6],
  ['sglang', 'inference_requests_total{status="cancelled"}', 17],
  ['tgi', 'inference_requests_total{status="rejected",reason="overloaded",model_name="my-model"}', 12],
  ['tgi', 'inference_tokens_generated_total', 142560],
  ['triton', 'inference_requests_waiting{model_name="tensorrt_llm"}', 5],
  ['triton', 'inference_requests_total{status="cancelled",reason="CANCELED"}', 6],
  ['tensorrt-llm', 'inference_requests_total{status="timeout"}', 3],
  ['llamacpp', 'inference_tokens_generated_total{model_name="my-model"}', 20733],
  ['ray-serve', 'inference_requests_total{status="rejected",reason="429",model_name="chat"}', 6],
  ['ray-serve-before-2.10', 'inference_requests_total{status="success",model_name="embed"}', 120],
  ['kserve', 'inference_request_duration_seconds_sum{model_name="sklearn-iris"}', 88.5],
  ['litellm', 'inference_tokens_input_total{model_name="gpt-4o-mini"}', 121130],
])('%s: sum of %s', async (id, selector, value) => {
  const api = createPrometheusApi({ url: prometheus.url });
  const matcher = `job="fleetlens-engine-${id}"`;
  const inJob = selector.includes('{') ? selector.replace('{', `{${matcher},`) : `${selector}{${matcher}}`;
  const { samples } = await api.query(`sum(${inJob})`);
  expect(samples.map((sample) => Number(sample.value))).toEqual([value]);
});

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { scrapedEngines } from '../../cli/generate/engine-jobs.ts';
import { enginePodMonitor, engineServiceMonitor, type Relabeling } from '../../cli/generate/engine-monitors.ts';
import { engineRelabelling } from '../../cli/generate/engine-relabel.ts';
import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { engineFixture } from '../support/engine-fixtures.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';

const monitors = scrapedEngines.map((scraped) => enginePodMonitor(scraped));

function complaints(objects: readonly unknown[]): unknown {
  const script = join(import.meta.dirname, 'validate-objects.mjs');
  return JSON.parse(execFileSync(process.execPath, [script], { input: JSON.stringify(objects), encoding: 'utf8' }));
}

/** The operator has the names of the fields in camel case, Prometheus with underscores. */
function asPrometheusWritesIt(relabeling: Relabeling): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(relabeling).map(([key, value]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

test('the schema of the operator accepts every object, and would refuse a broken one', () => {
  expect(complaints(monitors)).toEqual(monitors.map(() => null));
  expect(complaints([{ ...monitors[0], spec: { selector: 1 } }])).toEqual([expect.any(String)]);
});

test('the same goes for services', () => {
  const ofServices = scrapedEngines.map((scraped) => engineServiceMonitor(scraped));
  expect(complaints(ofServices)).toEqual(ofServices.map(() => null));
  for (const [index, { metadata, spec }] of ofServices.entries()) {
    const { podMetricsEndpoints, ...selection } = monitors[index]?.spec ?? {};
    expect({ metadata, spec }).toEqual({
      metadata: monitors[index]?.metadata,
      spec: { ...selection, endpoints: podMetricsEndpoints },
    });
  }
});

test('names are DNS labels and no two are the same', () => {
  const names = monitors.map(({ metadata }) => metadata.name);
  for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  expect(new Set(names).size).toBe(names.length);
});

test.each(scrapedEngines.map((scraped) => [scraped.id, scraped] as const))(
  '%s is relabelled as in the scrape job',
  (_, scraped) => {
    const [endpoint] = enginePodMonitor(scraped).spec.podMetricsEndpoints;
    expect(endpoint.metricRelabelings.map(asPrometheusWritesIt)).toEqual(
      engineRelabelling(scraped.engine, scraped.version),
    );
    expect([endpoint.targetPort, endpoint.path]).toEqual([scraped.engine.port, scraped.engine.path]);
  },
);

// Versions of the operator before 0.75 leave an empty replacement out, and Prometheus then puts $1 in its place.
test('a step that takes a label away needs no replacement for it', () => {
  const emptying = monitors.flatMap(({ spec }) =>
    spec.podMetricsEndpoints[0].metricRelabelings.filter(({ replacement }) => replacement === ''),
  );
  expect(emptying.length).toBeGreaterThan(3);
  for (const { regex } of emptying) expect(regex).not.toMatch(/\((?!\?)/);
});

test('labels and namespace of the user are on the object', () => {
  const [scraped] = scrapedEngines;
  if (scraped === undefined) throw new Error('no engine');
  const { metadata } = enginePodMonitor(scraped, { labels: { release: 'x' }, namespace: 'monitoring' });
  expect(metadata).toEqual({
    name: 'fleetlens-engine-vllm',
    namespace: 'monitoring',
    labels: { 'app.kubernetes.io/name': 'fleetlens', release: 'x' },
  });
});

describe('in a real Prometheus, after what the operator puts before', () => {
  let engine: FakeHttpServer;
  let prometheus: RunningPrometheus;

  const discovered = {
    __meta_kubernetes_pod_node_name: 'gpu-node-1',
    __meta_kubernetes_pod_name: 'chat-0',
    __meta_kubernetes_pod_annotation_fleetlens_dev_model_name: 'org/model-7b',
  };
  const ofOperator = { namespace: 'ml', pod: 'chat-0', container: 'engine', endpoint: '80' };

  beforeAll(async () => {
    engine = await startFakeHttpServer((response, { path }) => {
      response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(engineFixture(path.slice(1)));
    });
    const jobs = scrapedEngines
      .filter(({ id }) => ['tgi', 'vllm'].includes(id))
      .map((scraped) => {
        const [endpoint] = enginePodMonitor(scraped).spec.podMetricsEndpoints;
        return {
          job_name: `podMonitor/x/${scraped.id}/0`,
          scrape_interval: '1s',
          metrics_path: `/${scraped.id}`,
          static_configs: [{ targets: [new URL(engine.url).host], labels: { ...discovered, ...ofOperator } }],
          relabel_configs: endpoint.relabelings.map(asPrometheusWritesIt),
          metric_relabel_configs: endpoint.metricRelabelings.map(asPrometheusWritesIt),
        };
      });
    prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: jobs }) });
  });
  afterAll(async () => {
    await prometheus?.stop();
    await engine?.stop();
  });

  const target = { instance: 'chat-0', node: 'gpu-node-1', cluster: 'my-cluster', namespace: 'ml', pod: 'chat-0' };

  test.each([
    [
      'inference_requests_waiting{engine_kind="tgi"}',
      { ...target, job: 'fleetlens-engine-tgi', engine_kind: 'tgi', model_name: 'org/model-7b' },
    ],
    [
      'inference_requests_waiting{engine_kind="vllm",engine="0"}',
      {
        ...target,
        job: 'fleetlens-engine-vllm',
        engine_kind: 'vllm',
        engine: '0',
        model_name: 'meta-llama/Llama-3.1-8B-Instruct',
      },
    ],
  ])('%s', async (selector, labels) => {
    const api = createPrometheusApi({ url: prometheus.url });
    const sample = await eventually(selector, async () => (await api.query(selector)).samples[0]);
    expect(sample.labels).toEqual({ __name__: 'inference_requests_waiting', ...labels });
  });
});

import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { inference } from '../../metrics/inference.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeLlmServer, startFakeLlm } from '../support/fake-llm-server.ts';
import { type ProxyUnderTest, post, startProxy, stopProxies } from '../support/inference-proxy.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { objectOf, type PodMonitor, type Relabeling } from './manifests.ts';

/** The relabeling of the PodMonitor in a real Prometheus that scrapes real proxies, after what the operator puts before it. */
let server: FakeLlmServer;
let prometheus: RunningPrometheus;

const key = 'a-key';
/** Two pods on one node. */
const pods = ['fleetlens-inference-0', 'chat-0'] as const;

beforeAll(async () => {
  server = await startFakeLlm();
  const proxies = await Promise.all(
    pods.map(() => startProxy({ file: `upstreams: [{url: "${server.url}", models: [m1]}]`, keys: { research: key } })),
  );
  for (const { url } of proxies)
    await post(url, '/v1/chat/completions', { model: 'm1', messages: [] }, { authorization: `Bearer ${key}` });
  prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: [scrapeJob(proxies)] }) });
});
afterAll(async () => {
  await prometheus?.stop();
  await stopProxies();
  await server?.stop();
});

/** As the operator writes it for a PodMonitor; labels that discovery finds stand at the targets. */
function scrapeJob(proxies: readonly ProxyUnderTest[]) {
  const { metadata, spec } = objectOf<PodMonitor>('inference-podmonitor.yaml', 'PodMonitor');
  const [endpoint] = spec.podMetricsEndpoints;
  return {
    job_name: `podMonitor/${metadata.namespace}/${metadata.name}/0`,
    scrape_interval: '1s',
    metrics_path: endpoint?.path,
    static_configs: proxies.map(({ webUrl }, index) => ({
      targets: [new URL(webUrl).host],
      labels: {
        __meta_kubernetes_pod_node_name: 'gpu-node-1',
        __meta_kubernetes_pod_name: pods[index],
        namespace: 'ml',
        pod: pods[index],
        container: 'proxy',
        endpoint: endpoint?.port,
      },
    })),
    relabel_configs: endpoint?.relabelings.map(asPrometheusWritesIt),
  };
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

async function labelsOf(selector: string) {
  const api = createPrometheusApi({ url: prometheus.url });
  const samples = await eventually(`scrapes of ${selector}`, async () => {
    const found = (await api.query(selector)).samples;
    return found.length === pods.length ? found : undefined;
  });
  return samples.map(({ labels: { __name__: _, ...labels } }) => labels);
}

const target = { job: 'fleetlens-inference', node: 'gpu-node-1', cluster: 'my-cluster', namespace: 'ml' };
const targets = pods.map((pod) => ({ ...target, instance: pod, pod }));

test('two proxies on one node are two targets, with the job that rules and boards ask for', async () => {
  expect(await labelsOf('up')).toEqual(expect.arrayContaining(targets));
});

test('the tenant of a request is the one that the proxy tells', async () => {
  const found = await labelsOf('inference_requests_total{status="success"}');
  expect(found).toEqual(
    expect.arrayContaining(
      targets.map((labels) => ({
        ...labels,
        engine_kind: 'proxy',
        model_name: 'm1',
        tenant: 'research',
        status: 'success',
      })),
    ),
  );
});

test('no label of a target is one that a series of the proxy has itself', () => {
  const own = new Set(Object.values(inference).flatMap(({ labels }) => labels.map(String)));
  expect(Object.keys(targets[0] ?? {}).filter((label) => own.has(label))).toEqual([]);
});

import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { objectsIn, type PodMonitor, type Relabeling } from './manifests.ts';

/** The relabeling of the PodMonitors in a real Prometheus, after what the operator puts before it. */
let exporter: FakeHttpServer;
let prometheus: RunningPrometheus;

const page = `# TYPE training_run_info gauge
training_run_info{run="a",job_id="",framework="nemo",source="logs",host="",namespace="ml",pod="train-0"} 1
# TYPE training_step gauge
training_step{run="a",job_id="",framework="nemo"} 5
`;

/** Labels that discovery finds, and those that the operator makes of them for every PodMonitor. */
const discovered = {
  __meta_kubernetes_pod_node_name: 'gpu-node-1',
  __meta_kubernetes_pod_name: 'the-pod',
  __meta_kubernetes_pod_label_app_kubernetes_io_name: 'fleetlens-training-logs',
};
const ofOperator = { namespace: 'own', pod: 'the-pod', container: 'exporter', endpoint: 'metrics' };

beforeAll(async () => {
  exporter = await startFakeHttpServer((response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(page);
  });
  const monitors: readonly PodMonitor[] = JSON.parse(JSON.stringify(objectsIn('training-podmonitor.yaml')));
  prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: monitors.map(asScrapeJob) }) });
});
afterAll(async () => {
  await prometheus?.stop();
  await exporter?.stop();
});

function asScrapeJob({ metadata, spec }: PodMonitor) {
  const endpoint: { honorLabels?: boolean; relabelings?: readonly Relabeling[] } = spec.podMetricsEndpoints[0] ?? {};
  const labels = { ...discovered, ...ofOperator };
  return {
    job_name: `podMonitor/${metadata.namespace}/${metadata.name}/0`,
    scrape_interval: '1s',
    honor_labels: endpoint.honorLabels === true,
    static_configs: [{ targets: [new URL(exporter.url).host], labels }],
    relabel_configs: endpoint.relabelings?.map(asPrometheusWritesIt),
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
  const sample = await eventually(`a scrape of ${selector}`, async () => (await api.query(selector)).samples[0]);
  const { __name__: _, ...labels } = sample.labels;
  return labels;
}

const target = { job: 'fleetlens-training', node: 'gpu-node-1', cluster: 'my-cluster' };
const onNode = { ...target, instance: 'fleetlens-training-logs@gpu-node-1' };
const inPod = { ...target, instance: 'the-pod', namespace: 'own', pod: 'the-pod' };
const run = { run: 'a', framework: 'nemo' };

test('an exporter for many pods gives no series the labels of its own pod', async () => {
  const instance = `{instance="${onNode.instance}"}`;
  expect(await labelsOf(`training_run_info${instance}`)).toEqual({
    ...onNode,
    ...run,
    source: 'logs',
    namespace: 'ml',
    pod: 'train-0',
  });
  expect(await labelsOf(`training_step${instance}`)).toEqual({ ...onNode, ...run });
});

test('series of a sidecar have the labels of its pod, unless the exporter knows better', async () => {
  const instance = `{instance="${inPod.instance}"}`;
  expect(await labelsOf(`training_step${instance}`)).toEqual({ ...inPod, ...run });
  expect(await labelsOf(`training_run_info${instance}`)).toEqual({
    ...inPod,
    ...run,
    source: 'logs',
    namespace: 'ml',
    pod: 'train-0',
  });
});

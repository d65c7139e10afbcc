import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { objectOf, type PodMonitor, type Relabeling } from './manifests.ts';

/** The relabeling of the PodMonitor in a real Prometheus, after what the operator puts before it. */
let exporter: FakeHttpServer;
let prometheus: RunningPrometheus;

const page = `# TYPE gpu_pod_info gauge
gpu_pod_info{gpu_id="0",uuid="GPU-1",gpu_instance_id="",namespace="team-a",pod="train-0",container="main"} 1
# TYPE gpu_allocated_seconds_total counter
gpu_allocated_seconds_total{uuid="GPU-1",gpu_instance_id="",namespace="",pod="",container="",job_id="7"} 5
`;
/** Labels that discovery finds, and those that the operator makes of them for every PodMonitor. */
const discovered = { __meta_kubernetes_pod_node_name: 'gpu-node-1' };
const ofOperator = { namespace: 'fleetlens', pod: 'fleetlens-gpu-x', container: 'exporter', endpoint: 'metrics' };

beforeAll(async () => {
  exporter = await startFakeHttpServer((response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(page);
  });
  const [endpoint] = objectOf<PodMonitor>('gpu-exporter-podmonitor.yaml', 'PodMonitor').spec.podMetricsEndpoints;
  const job = {
    job_name: 'podMonitor/fleetlens/fleetlens-gpu/0',
    scrape_interval: '1s',
    static_configs: [{ targets: [new URL(exporter.url).host], labels: { ...discovered, ...ofOperator } }],
    relabel_configs: endpoint?.relabelings.map(asPrometheusWritesIt),
  };
  prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: [job] }) });
});
afterAll(async () => {
  await prometheus?.stop();
  await exporter?.stop();
});

/** The operator has the names of the fields in camel case, Prometheus with underscores. */
function asPrometheusWritesIt(relabeling: Relabeling): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(relabeling).map(([key, value]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

async function labelsOf(series: string) {
  const api = createPrometheusApi({ url: prometheus.url });
  const sample = await eventually(`a scrape of ${series}`, async () => (await api.query(series)).samples[0]);
  return sample.labels;
}

const target = { job: 'fleetlens-gpu', node: 'gpu-node-1', instance: 'gpu-node-1', cluster: 'my-cluster' };

test('a series keeps the labels of the pod that has the GPU', async () => {
  expect(await labelsOf('gpu_pod_info')).toEqual({
    __name__: 'gpu_pod_info',
    ...target,
    gpu_id: '0',
    uuid: 'GPU-1',
    namespace: 'team-a',
    pod: 'train-0',
    container: 'main',
  });
});

test("a series without a pod does not get the exporter's own", async () => {
  expect(await labelsOf('gpu_allocated_seconds_total')).toEqual({
    __name__: 'gpu_allocated_seconds_total',
    ...target,
    uuid: 'GPU-1',
    job_id: '7',
  });
});

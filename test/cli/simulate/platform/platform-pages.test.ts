import { platformPaths, startSimulatedPlatform } from '../../../../cli/simulate/platform/start-simulated-platform.ts';
import { systemClock } from '../../../../kit/clock.ts';
import type { Metric } from '../../../../metrics/define.ts';
import { vendorCatalogues } from '../../../../metrics/vendors/index.ts';
import { type Families, monthOf, nowSeconds, readPage, samplesOf, sumOf } from './pages.ts';

const key = { seed: 1, nodes: 4, gpus: 8 };
const month = monthOf(key);
const node = month.nodes[1]?.name ?? '';
const kubeState = readPage(month, platformPaths.kubeState);

describe('every series that rules and boards read is there, as the catalogue has it', () => {
  /** Only where something went wrong. */
  const onlyInTrouble = /^kube_pod_container_status_(waiting|terminated|last_terminated)_reason$/;

  test.each([
    ['node_exporter', vendorCatalogues.nodeHost, platformPaths.node(node)],
    ['kubelet', vendorCatalogues.kubelet, platformPaths.kubelet(node)],
    ['kube-state-metrics', vendorCatalogues.kubeState, platformPaths.kubeState],
    ['API server', vendorCatalogues.apiServer, platformPaths.apiServer],
    ['Kueue', vendorCatalogues.kueue, platformPaths.kueue],
  ])('%s', (_name, catalogue: Readonly<Record<string, Metric>>, path) => {
    const families = readPage(month, path);
    const wanted = Object.values(catalogue).filter(({ name }) => !onlyInTrouble.test(name));
    expect(wanted.filter((metric) => !isShown(families, metric)).map(({ name }) => name)).toEqual([]);
  });
});

function isShown(families: Families, { name, kind, labels }: Metric): boolean {
  const family = families.get(name);
  const [sample] = family?.samples ?? [];
  if (family === undefined || sample === undefined) return false;
  const hasType = family.type === 'untyped' || family.type === (kind === 'info' ? 'gauge' : kind);
  return hasType && labels.every((label) => sample.labels[label] !== undefined);
}

test('on each node, what pods have and what is free add up to what there is, and what the GPU exporter knows', () => {
  for (const { name } of month.nodes) {
    for (const resource of ['nvidia_com_gpu', 'nvidia_com_gpu_shared', 'cpu', 'memory']) {
      const where = { node: name, resource };
      const allocatable = sumOf(kubeState, 'kube_node_status_allocatable', where);
      expect(allocatable).toBe(sumOf(kubeState, 'kube_node_status_capacity', where));
      const taken = samplesOf(kubeState, 'kube_pod_container_resource_requests', where)
        .filter(({ labels }) => isRunning(labels['pod'] ?? ''))
        .reduce((sum, { value }) => sum + Number(value), 0);
      expect({ ...where, free: allocatable - taken >= 0 }).toEqual({ ...where, free: true });
    }
    const gpus = month.gpus.filter(({ installed }) => installed.at(-1)?.node === name);
    const whole = gpus.filter(({ replicas }) => replicas === undefined).length;
    expect(sumOf(kubeState, 'kube_node_status_capacity', { node: name, resource: 'nvidia_com_gpu' })).toBe(whole);
  }
});

function isRunning(pod: string): boolean {
  return sumOf(kubeState, 'kube_pod_status_phase', { pod, phase: 'Running' }) === 1;
}

test('pods that run are ready, and the device plugin is on every node', () => {
  const ready = samplesOf(kubeState, 'kube_pod_status_ready', { condition: 'true' });
  expect(ready.length).toBeGreaterThan(key.nodes);
  for (const { labels, value } of ready) expect(value).toBe(isRunning(labels['pod'] ?? '') ? '1' : '0');
  const plugins = samplesOf(kubeState, 'kube_pod_info', { created_by_name: 'nvidia-device-plugin' });
  expect(plugins.map(({ labels }) => labels['node'])).toEqual(month.nodes.map(({ name }) => name));
  expect(sumOf(kubeState, 'kube_daemonset_status_number_ready')).toBe(key.nodes);
});

test('nobody has more than the quota, nor nearly all of it, in fleets of any size', () => {
  for (const seed of [1, 2, 3])
    for (const [nodes, gpus] of [
      [1, 1],
      [1, 4],
      [2, 8],
      [5, 8],
    ] as const) {
      const families = readPage(monthOf({ seed, nodes, gpus }), platformPaths.kubeState);
      const used = samplesOf(families, 'kube_resourcequota', { type: 'used' });
      expect(used).toHaveLength(3);
      for (const { labels, value } of used)
        expect(Number(value) / sumOf(families, 'kube_resourcequota', { ...labels, type: 'hard' })).toBeLessThan(0.9);
    }
});

test('Kueue reserves what the quotas say is used', () => {
  const queues = readPage(month, platformPaths.kueue);
  for (const { labels, value } of samplesOf(queues, 'kueue_cluster_queue_resource_reservation')) {
    const namespace = labels['cluster_queue'] ?? '';
    expect(Number(value)).toBe(sumOf(kubeState, 'kube_resourcequota', { namespace, type: 'used' }));
  }
});

test('a volume is as full on every kubelet that mounts it, and on no other', () => {
  const fullness = new Map<string, string>();
  for (const { name } of month.nodes) {
    for (const { labels, value } of samplesOf(
      readPage(month, platformPaths.kubelet(name)),
      'kubelet_volume_stats_available_bytes',
    )) {
      const volume = `${labels['namespace']}/${labels['persistentvolumeclaim']}`;
      expect(fullness.get(volume) ?? value).toBe(value);
      fullness.set(volume, value);
    }
  }
  expect(fullness.size).toBeGreaterThan(0);
});

test('the API server answers at once and without errors of its own, and its buckets only grow', () => {
  const [before, after] = [60, 120].map((second) => readPage(month, platformPaths.apiServer, nowSeconds + second));
  if (before === undefined || after === undefined) throw new Error('no page');
  const failed = samplesOf(after, 'apiserver_request_total').filter(({ labels }) => labels['code']?.startsWith('5'));
  expect(failed).toEqual([]);
  const name = 'apiserver_request_sli_duration_seconds';
  for (const [index, { value }] of samplesOf(before, name).entries())
    expect(Number(after.get(name)?.samples[index]?.value)).toBeGreaterThanOrEqual(Number(value));
});

test('all pages come from one server, which says that it is simulated and which pages it has', async () => {
  const platform = await startSimulatedPlatform(month, { clock: systemClock });
  try {
    const answer = await fetch(platform.url + platformPaths.node(node));
    expect(answer.headers.get('server')).toBe('fleetlens-simulated-platform');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toContain(`nodename="${node}"`);
    const wrong = await fetch(`${platform.url}/metrics`);
    expect(wrong.status).toBe(404);
    expect(await wrong.text()).toContain(platformPaths.node('sim-1'));
  } finally {
    await platform.stop();
  }
});

import { spawnSync } from 'node:child_process';
import { simulatedNodeObject } from '../../../../cli/simulate/kubernetes/simulated-nodes.ts';
import { platformPages, platformPaths } from '../../../../cli/simulate/platform/start-simulated-platform.ts';
import { simulatedPods } from '../../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { tool } from '../../../support/tools.ts';
import { monthOf, nowSeconds, readPage, samplesOf, sumOf } from './pages.ts';

const key = { seed: 1, nodes: 4, gpus: 8 };
const month = monthOf(key);
const nameOf = (node: number): string => month.nodes[node]?.name ?? '';
const pageOf = (node: number, atSeconds = nowSeconds + 60) =>
  readPage(month, platformPaths.node(nameOf(node)), atSeconds);
const page = pageOf(0);

test('counters never fall and what is not counted stays what it is', () => {
  const later = pageOf(0, nowSeconds + 75);
  for (const [name, { type, samples }] of page) {
    const after = later.get(name)?.samples ?? [];
    expect(after.map(({ labels }) => labels)).toEqual(samples.map(({ labels }) => labels));
    if (type !== 'counter') continue;
    const fallen = samples.filter(({ value }, index) => Number(after[index]?.value) < Number(value));
    expect(fallen).toEqual([]);
  }
  expect(sumOf(later, 'node_time_seconds') - sumOf(page, 'node_time_seconds')).toBe(15);
  expect(sumOf(later, 'node_boot_time_seconds')).toBe(sumOf(page, 'node_boot_time_seconds'));
});

test('each CPU has spent all the time since boot in some mode, and there are as many as Kubernetes says', () => {
  const upSeconds = sumOf(page, 'node_time_seconds') - sumOf(page, 'node_boot_time_seconds');
  const spent = new Map<string, number>();
  for (const { labels, value } of samplesOf(page, 'node_cpu_seconds_total')) {
    const cpu = labels['cpu'] ?? '';
    spent.set(cpu, (spent.get(cpu) ?? 0) + Number(value));
  }
  // Each mode is cut to hundredths for itself.
  expect([...spent].filter(([, seconds]) => Math.abs(seconds - upSeconds) > 0.1)).toEqual([]);
  const { status } = simulatedNodeObject({ name: nameOf(0), rack: 'r' }, { ...key, node: 0 });
  expect(status).toMatchObject({ capacity: { cpu: String(spent.size) } });
});

test('memory and file systems are no fuller than they can be, and memory is what Kubernetes says', () => {
  for (let node = 0; node < key.nodes; node++) {
    const families = pageOf(node);
    const total = sumOf(families, 'node_memory_MemTotal_bytes');
    const available = sumOf(families, 'node_memory_MemAvailable_bytes');
    const { status } = simulatedNodeObject({ name: nameOf(node), rack: 'r' }, { ...key, node });
    expect(status).toMatchObject({ capacity: { memory: `${total / 1024}Ki` } });
    expect(available).toBeLessThan(total);
    expect(available).toBeGreaterThan(0.1 * total);
    expect(sumOf(families, 'node_memory_MemFree_bytes')).toBeGreaterThan(0);
    for (const { labels, value } of samplesOf(families, 'node_filesystem_size_bytes')) {
      const left = sumOf(families, 'node_filesystem_avail_bytes', labels);
      expect(left).toBeLessThanOrEqual(sumOf(families, 'node_filesystem_free_bytes', labels));
      expect(left).toBeGreaterThan(0.2 * Number(value));
    }
  }
});

test('each GPU in training keeps some three CPUs busy and sends some 5 GB/s over the fabric', () => {
  for (let node = 0; node < key.nodes; node++) {
    const trained = simulatedPods({ ...key, node })
      .filter(({ kind }) => kind === 'training')
      .reduce((sum, { gpus }) => sum + gpus.length, 0);
    const [before, after] = [pageOf(node, nowSeconds), pageOf(node, nowSeconds + 3_600)];
    const rate = (name: string, where = {}): number => (sumOf(after, name, where) - sumOf(before, name, where)) / 3_600;
    const busy = rate('node_cpu_seconds_total') - rate('node_cpu_seconds_total', { mode: 'idle' });
    expect(busy).toBeGreaterThan(3 * trained);
    expect(busy).toBeLessThan(4 * trained + 12);
    const received = rate('node_infiniband_port_data_received_bytes_total');
    expect(received).toBeGreaterThan(4.5e9 * trained);
    expect(received).toBeLessThan(6e9 * (trained + 0.2));
  }
});

test('the share is as full on every machine', () => {
  const fullness = [0, 1, 3].map((node) =>
    sumOf(pageOf(node), 'node_filesystem_avail_bytes', { mountpoint: '/shared' }),
  );
  expect(new Set(fullness).size).toBe(1);
});

test('Prometheus has nothing against the page but the names that node_exporter really has', () => {
  const text = platformPages(month, nowSeconds).get(platformPaths.node(nameOf(0)))?.(nowSeconds + 60) ?? '';
  const { stderr } = spawnSync(tool('promtool'), ['check', 'metrics'], { input: text, encoding: 'utf8' });
  const complaints = stderr.split('\n').filter((line) => line !== '');
  expect(
    complaints.filter((line) => !/^node_memory_\w+_bytes metric names should be written in 'snake_case'/.test(line)),
  ).toEqual([]);
});

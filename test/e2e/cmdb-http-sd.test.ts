import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cmdbDiscovery, cmdbScrapeJobs } from '../../cli/generate/cmdb-jobs.ts';
import { httpSdRoutes } from '../../exporters/cmdb/api/routes/http-sd-routes.ts';
import { createMemoryInventory } from '../../exporters/cmdb/inventory/memory-inventory.ts';
import { createFileLists } from '../../exporters/cmdb/service-discovery/file-lists.ts';
import { defaultLists, defaultSdSettings } from '../../exporters/cmdb/service-discovery/sd-list.ts';
import { createServiceDiscovery } from '../../exporters/cmdb/service-discovery/service-discovery.ts';
import { systemClock } from '../../kit/clock.ts';
import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { replaceFile } from '../../kit/replace-file.ts';
import { itemOf } from '../support/cmdb-inventory.ts';
import { type RunningApi, startCmdbApi } from '../support/cmdb-routes.ts';
import { ids, siteItems, siteRelations } from '../support/cmdb-site.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';
import { quietLog } from '../support/stores.ts';

/** A real Prometheus gets its targets from the inventory, with the jobs that are shipped. What it scrapes is a page of a server on loopback. */
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-sd-'));
const inventory = createMemoryInventory(Date.now() / 1000);
let exporter: Server;
let api: RunningApi;
let prometheus: RunningPrometheus;
let trouble: string | undefined;

/** All servers are this machine, each under another address of loopback. */
function fill(): void {
  for (const sketch of siteItems) {
    const addresses: Readonly<Record<number, string>> = { [ids.node1]: '127.0.0.1', [ids.node2]: '127.0.0.2' };
    const address = addresses[sketch.id];
    const attributes = { ...sketch.attributes, ...(address === undefined ? {} : { address }) };
    inventory.put({ ...itemOf({ ...sketch, attributes }), conflicts: [] });
  }
  for (const [index, [from, type, to]] of siteRelations.entries())
    inventory.open({ id: index + 1, type, from, to, source: 'test', validFrom: 0, validTo: undefined });
}

beforeAll(async () => {
  fill();
  exporter = createServer((_request, response) => response.end('probe_total 1\n'));
  await new Promise<void>((resolve) => exporter.listen(0, '0.0.0.0', () => resolve()));
  const address = exporter.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const lists = defaultLists.map((list) => ({ ...list, port }));
  const discovery = createServiceDiscovery(
    { ...defaultSdSettings, lists, maxAgeSeconds: 0.001, fileFolder: folder },
    {
      inventory,
      trouble: () => trouble,
      counts: { load: async () => new Map(), save: async () => undefined },
      clock: systemClock,
      log: quietLog,
    },
  );
  await createFileLists({ folder, discovery, replaceFile, log: quietLog }).write();
  api = await startCmdbApi(httpSdRoutes, { discovery });
  const place = { url: api.url, fileFolder: folder };
  const jobs = cmdbScrapeJobs(place).map((job) => ({
    ...job,
    scrape_interval: '1s',
    ...(job.job_name === 'fleetlens-gpu' ? fast(cmdbDiscovery(place, 'gpu')) : {}),
  }));
  // The same without the file, to see what http_sd alone does.
  const alone = { job_name: 'alone', scrape_interval: '1s', ...fast(cmdbDiscovery({ url: api.url }, 'gpu')) };
  prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: [...jobs, alone] }) });
});
afterAll(async () => {
  await prometheus?.stop();
  await api?.stop();
  exporter?.close();
  rmSync(folder, { recursive: true, force: true });
});

function fast(discovery: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { http_sd_configs } = discovery as { http_sd_configs: readonly object[] };
  return { ...discovery, http_sd_configs: http_sd_configs.map((one) => ({ ...one, refresh_interval: '1s' })) };
}

async function up(job: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const { samples } = await createPrometheusApi({ url: prometheus.url }).query(`up{job="${job}"} == 1`);
  return samples.map(({ labels: { __name__: _, job: _job, ...labels } }) => labels);
}

const bothUp = (job: string) =>
  eventually(`both targets of ${job}`, async () => {
    const series = await up(job);
    return series.length === 2 ? series : undefined;
  });

test('the series of targets carry node, rack, cluster, tenant, role and owner; what the file says too is scraped once', async () => {
  const series = [...(await bothUp('fleetlens-gpu'))].sort((a, b) => ((a['node'] ?? '') < (b['node'] ?? '') ? -1 : 1));
  expect(series).toEqual([
    {
      instance: expect.stringContaining('127.0.0.1:'),
      node: 'node-1',
      rack: 'r1',
      cluster: 'train-1',
      tenant: 'vision',
      role: 'gpu',
      owner: 'platform',
    },
    {
      instance: expect.stringContaining('127.0.0.2:'),
      node: 'node-2',
      rack: 'r1',
      cluster: 'train-1',
      owner: 'platform',
    },
  ]);
  expect(await bothUp('alone')).toHaveLength(2);
  const response = await fetch(`${prometheus.url}/api/v1/targets?state=active`);
  const { data } = (await response.json()) as { data: { activeTargets: readonly { scrapePool: string }[] } };
  expect(data.activeTargets.filter(({ scrapePool }) => scrapePool === 'fleetlens-gpu')).toHaveLength(2);
});

test('while the inventory answers 503 Prometheus keeps its targets, and takes what is new afterwards', async () => {
  await bothUp('alone');
  trouble = 'connection refused';
  const refused = await fetch(`${api.url}/api/v1/sd/gpu`);
  expect(refused.status).toBe(503);
  inventory.remove(ids.node1);
  const failures = async () => {
    const page = await (await fetch(`${prometheus.url}/metrics`)).text();
    const counts = [...page.matchAll(/^prometheus_sd_http_failures_total(?:\{[^}]*\})? (\d+)$/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const before = await failures();
  await eventually('three refreshes that fail', async () => ((await failures()) >= before + 3 ? true : undefined));
  expect(await up('alone')).toHaveLength(2);
  trouble = undefined;
  await eventually('the target that is left', async () => ((await up('alone')).length === 1 ? true : undefined));
});

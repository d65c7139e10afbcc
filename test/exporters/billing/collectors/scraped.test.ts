import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { billingScrapeJob } from '../../../../cli/generate/scrape-config.ts';
import { createPrometheusApi, type PrometheusApi } from '../../../../kit/prometheus-api.ts';
import { eventually } from '../../../support/eventually.ts';
import { goldenFolder } from '../../../support/golden.ts';
import { type RunningPrometheus, startPrometheus } from '../../../support/prometheus.ts';
import { startStaticTarget } from '../../../support/static-target.ts';

/** The page as the daemon shows it; each family is in one golden file but for the one that several collectors emit. */
function page(): string {
  const folder = join(goldenFolder, 'billing');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.join('').replaceAll(/^# (?:HELP|TYPE) billing_dropped_series .*\n/gm, '');
}

let prometheus: RunningPrometheus;
let target: Awaited<ReturnType<typeof startStaticTarget>>;
let api: PrometheusApi;

beforeAll(async () => {
  target = await startStaticTarget(page());
  const job = billingScrapeJob({
    scrape_interval: '1s',
    static_configs: [
      { targets: [target.address], labels: { cluster: 'home', node: 'n1', pod: 'billing-0', tenant: 'platform' } },
    ],
  });
  prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: [job] }) });
  api = createPrometheusApi({ url: prometheus.url });
  await eventually('billing is scraped', async () => {
    const { samples } = await api.query('billing_leader');
    return samples.length === 1 ? true : undefined;
  });
});

afterAll(async () => {
  await prometheus?.stop();
  await target?.stop();
});

async function labelsOf(query: string) {
  const { samples } = await api.query(query);
  return samples.map(({ labels: { cluster, tenant, node, pod, job } }) => ({ cluster, tenant, node, pod, job }));
}

const none = { cluster: undefined, tenant: undefined, node: undefined, pod: undefined, job: 'fleetlens-billing' };

test.each([
  ['what was metered is of its own cluster', 'billing_gpu_state_ratio{state="idle"}', { cluster: 'c1' }],
  ['a bill takes the cluster of the target', 'billing_bill_problems', { cluster: 'home', tenant: 'search' }],
  ['what is of no tenant has none', 'billing_leader', { cluster: 'home' }],
  ['a line of the whole bill is of no cluster', 'billing_cost_total{resource="discount"}', { tenant: 'search' }],
  ['idle time is of no tenant', 'billing_gpu_seconds_total{state="idle"}', { cluster: 'c1' }],
])('%s', async (_what, query, expected) => {
  expect(await labelsOf(query)).toEqual([{ ...none, ...expected }]);
});

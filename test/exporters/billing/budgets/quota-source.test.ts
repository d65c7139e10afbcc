import { readQuotas } from '../../../../exporters/billing/budgets/quota-config.ts';
import { createQuotaSource } from '../../../../exporters/billing/budgets/quota-source.ts';
import type { UsageKey } from '../../../../exporters/billing/usage.ts';
import { createPrometheusApi, type PrometheusApi } from '../../../../kit/prometheus-api.ts';
import { eventually } from '../../../support/eventually.ts';
import { type RunningPrometheus, startPrometheus } from '../../../support/prometheus.ts';
import { startStaticTarget } from '../../../support/static-target.ts';

/** As kube-state-metrics and two kinds of exporters of Slurm show them. */
const page = `
kube_resourcequota{namespace="search-prod",resourcequota="gpus",resource="requests.nvidia.com/gpu",type="hard"} 8
kube_resourcequota{namespace="search-prod",resourcequota="gpus",resource="requests.nvidia.com/gpu",type="used"} 6
kube_resourcequota{namespace="search-prod",resourcequota="gpus",resource="requests.nvidia0com/gpu",type="hard"} 1
kube_resourcequota{namespace="search-prod",resourcequota="gpus",resource="requests.nvidia0com/gpu",type="used"} 1
kube_resourcequota{namespace="search-prod",resourcequota="gpus",resource="pods",type="hard"} 100
kube_resourcequota{namespace="search-prod",resourcequota="gpus",resource="pods",type="used"} 5
kube_resourcequota{namespace="shared",resourcequota="mem",resource="requests.memory",type="hard"} 1099511627776
kube_resourcequota{namespace="shared",resourcequota="mem",resource="requests.memory",type="used"} 549755813888
kube_resourcequota{namespace="broken",resourcequota="mem",resource="requests.memory",type="hard"} NaN
kube_resourcequota{namespace="broken",resourcequota="mem",resource="requests.memory",type="used"} 1
kube_resourcequota{namespace="endless",resourcequota="mem",resource="requests.memory",type="hard"} +Inf
kube_resourcequota{namespace="endless",resourcequota="mem",resource="requests.memory",type="used"} 1
slurm_account_gpus_alloc{account="physics"} 12
slurm_account_gpus_alloc{account="biology"} 3
slurm_account_limit{account="physics",tres="gres/gpu"} 16
slurm_account_limit{account="chemistry",tres="gres/gpu"} 16
`;

const nowMs = Date.now();
const directory = {
  attribute: ({ holder }: Pick<UsageKey, 'holder'>) =>
    holder['namespace'] === 'shared'
      ? [attribution('search', 1, 4), attribution('chat', 3, 4)]
      : [attribution(`tenant-of-${holder['namespace'] ?? holder['account']}`, 1, 1)],
};

function attribution(tenant: string, num: number, den: number) {
  return { tenant, costCentre: '', share: { num, den }, by: '' };
}

let prometheus: RunningPrometheus;
let api: PrometheusApi;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  // Two replicas of kube-state-metrics show the same.
  const targets = await Promise.all([startStaticTarget(page), startStaticTarget(page)]);
  prometheus = await startPrometheus({
    config: `
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: state
    static_configs: [{targets: [${targets.map(({ address }) => `'${address}'`).join(', ')}], labels: {cluster: c1}}]
`,
  });
  stops.push(...targets.map(({ stop }) => stop), () => prometheus.stop());
  api = createPrometheusApi({ url: prometheus.url });
  await eventually('both targets are scraped', async () => {
    const { samples } = await api.query('count(slurm_account_limit)');
    return samples[0]?.value === 4 ? true : undefined;
  });
});

afterAll(async () => {
  for (const stop of stops) await stop();
});

const kubernetes = { name: 'k8s', type: 'kubernetes', source: 'main' };
const slurm = {
  name: 'slurm',
  type: 'series',
  source: 'main',
  used: 'slurm_account_gpus_alloc',
  limit: 'slurm_account_limit{tres="gres/gpu"}',
  resource: 'gpu',
};

function source(list: readonly object[], apiOf: (name: string) => Pick<PrometheusApi, 'query'> = () => api) {
  const quotas = readQuotas({ value: list, where: 'quotas' }, ['main', 'dead']);
  return createQuotaSource({ quotas, apiOf, directory });
}

test('quotas of Kubernetes: the resources that are meant, once each, with their tenants', async () => {
  const { readings, results } = await source([kubernetes]).read({ nowMs });
  expect(readings).toEqual([
    {
      cluster: 'c1',
      tenant: 'tenant-of-search-prod',
      quota: 'search-prod/gpus',
      resource: 'requests.nvidia.com/gpu',
      used: 6,
      limit: 8,
    },
    {
      cluster: 'c1',
      tenant: 'chat',
      quota: 'shared/mem',
      resource: 'requests.memory',
      used: 549_755_813_888,
      limit: 1_099_511_627_776,
    },
  ]);
  expect(results).toEqual([{ quota: 'k8s', source: 'main', problem: undefined, isUp: true }]);
});

test('more resources and more matchers may be asked for', async () => {
  const pods = { ...kubernetes, resources: ['pods'] };
  expect((await source([pods]).read({ nowMs })).readings.map(({ used, limit }) => [used, limit])).toEqual([[5, 100]]);
  const elsewhere = await source([{ ...pods, match: 'cluster="c2"' }]).read({ nowMs });
  expect(elsewhere).toEqual({
    readings: [],
    results: [{ quota: 'k8s', source: 'main', problem: 'no series tells a limit', isUp: true }],
  });
});

test('limits of Slurm by two expressions; a limit whose use nobody tells is named and left out', async () => {
  const { readings, results } = await source([slurm]).read({ nowMs });
  expect(readings).toEqual([
    { cluster: 'c1', tenant: 'tenant-of-physics', quota: 'physics', resource: 'gpu', used: 12, limit: 16 },
  ]);
  expect(results[0]).toMatchObject({
    problem: '1 limits without a series that tells what is used of them',
    isUp: true,
  });
});

test('series without a cluster are of the one that the file names', async () => {
  const named = { ...slurm, cluster_label: 'site', cluster: 'hpc' };
  expect((await source([named]).read({ nowMs })).readings[0]?.cluster).toBe('hpc');
});

test('a quota that cannot be read costs its own readings alone, and says why', async () => {
  const nobody = createPrometheusApi({
    url: 'http://127.0.0.1:9',
    retry: { maxAttempts: 1, firstDelayMs: 1, longestDelayMs: 1 },
  });
  const apiOf = (name: string) => (name === 'dead' ? nobody : api);
  const wrong = { ...slurm, name: 'wrong', used: 'sum(' };
  const { readings, results } = await source([{ ...slurm, name: 'gone', source: 'dead' }, wrong, slurm], apiOf).read({
    nowMs,
  });
  expect(readings).toHaveLength(1);
  expect(results.map(({ quota, isUp }) => [quota, isUp])).toEqual([
    ['gone', false],
    ['wrong', false],
    ['slurm', true],
  ]);
  expect(results[0]?.problem).toContain('127.0.0.1:9');
  expect(results[1]?.problem).toContain('parse error');
});

test('two sources that tell of one quota are one series', async () => {
  const { readings } = await source([slurm, { ...slurm, name: 'again' }]).read({ nowMs });
  expect(readings).toHaveLength(1);
});

test('an answer of which a part is missing is told', async () => {
  const partial = {
    query: async (...given: Parameters<PrometheusApi['query']>) => ({ ...(await api.query(...given)), partial: true }),
  };
  const { results } = await source([slurm], () => partial).read({ nowMs });
  expect(results[0]?.problem).toBe('part of the answer is missing');
});

test('whoever stops it hears so', async () => {
  await expect(source([slurm]).read({ nowMs, signal: AbortSignal.abort() })).rejects.toThrow();
});

import { readSources } from '../../../../../exporters/billing/sources/config/read-sources.ts';
import { ConfigError } from '../../../../../kit/errors.ts';

const readFile = (path: string): string => {
  if (path === '/run/token') return 'secret\n';
  if (path === '/run/empty') return ' \n';
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
};

const read = (value: unknown) => readSources({ value, where: 'billing.yaml: sources' }, readFile);
const one = (more: Readonly<Record<string, unknown>>) =>
  read([{ name: 'main', cluster: 'a', url: 'http://p:9090', ...more }])[0];

test('what must be there is enough', () => {
  expect(one({})).toMatchObject({
    name: 'main',
    where: 'billing.yaml: sources[0]',
    urls: ['http://p:9090'],
    clusters: { kind: 'one', name: 'a' },
    nodeLabel: 'node',
    replicaLabel: undefined,
    scrapeIntervalMs: undefined,
    joins: [{ series: 'kube_pod_info', take: { pod_uid: 'uid' } }],
    gpus: { forgetAfterMs: 7 * 86_400_000, cmdb: true, resource: 'nvidia_com_gpu' },
  });
});

test('everything that may be there', () => {
  expect(
    one({
      cluster: null,
      cluster_label: 'k8s_cluster',
      clusters: ['a', 'b'],
      replicas: ['https://q/prometheus'],
      bearer_token_file: '/run/token',
      headers: { 'X-Scope-OrgID': 'team' },
      node_label: 'kubernetes_node',
      match: 'env="prod", region=~"eu.*"',
      scrape_interval: '30s',
      timeout: '1m',
      max_samples: 1_000_000,
      max_clock_skew: '5s',
      targets_per_request: 10,
      pod_labels: ['team', 'app.kubernetes.io/name'],
      namespace_labels: ['cost-centre'],
      joins: [{ series: 'slurm_job_info', on: ['job_id'], take: { account: 'account' } }],
      forget_after: '30d',
      cmdb: false,
      gpu_replicas: { n1: 4 },
      mig_shares: { '1c.2g.20gb': '2/7', '7g.80gb': '1/1' },
      recorded: true,
      gpu_resource: 'nvidia_com_gpu_shared',
      dcgm_series: ['DCGM_FI_DEV_SM_CLOCK'],
    }),
  ).toMatchObject({
    recorded: true,
    urls: ['http://p:9090', 'https://q/prometheus'],
    clusters: { kind: 'labelled', label: 'k8s_cluster', names: ['a', 'b'] },
    tokenFile: '/run/token',
    scrapeIntervalMs: 30_000,
    limits: { timeoutMs: 60_000, maxSamples: 1_000_000, maxClockSkewMs: 5000, targetsPerRequest: 10 },
    joins: [
      { take: { pod_uid: 'uid' } },
      { series: 'kube_pod_labels{label_team!=""}', take: { label_team: 'label_team' } },
      { series: 'gpu_pod_label_info{label="team"}', take: { label_team: 'value' } },
      { take: { label_app_kubernetes_io_name: 'label_app_kubernetes_io_name' } },
      { series: 'gpu_pod_label_info{label="app.kubernetes.io/name"}' },
      {
        series: 'kube_namespace_labels{label_cost_centre!=""}',
        take: { namespace_label_cost_centre: 'label_cost_centre' },
      },
      { series: 'slurm_job_info', on: { job_id: 'job_id' }, take: { account: 'account' } },
    ],
    gpus: {
      cmdb: false,
      replicas: { n1: 4 },
      migShares: { '1c.2g.20gb': { num: 2, den: 7 }, '7g.80gb': { num: 1, den: 1 } },
      dcgmSeries: ['DCGM_FI_DEV_SM_CLOCK'],
    },
  });
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['an unknown key', { urls: 'http://x' }, 'sources[0] has the unknown key urls'],
  ['no address', { url: null }, 'sources[0].url is missing; give the address of Prometheus'],
  ['an address that is none', { url: 'prometheus:9090' }, 'sources[0].url must be an http or https address'],
  ['a password in the address', { url: 'http://u:s3cret@p' }, 'sources[0].url must not hold a user name or password'],
  ['the same replica twice', { replicas: ['http://p:9090'] }, 'sources[0].replicas must be addresses that differ'],
  ['no cluster', { cluster: null }, 'sources[0].cluster is missing; name the cluster'],
  ['clusters without a label', { clusters: ['b'] }, 'sources[0].clusters needs cluster_label'],
  [
    'one and many clusters',
    { cluster_label: 'c', clusters: ['b'] },
    'sources[0].clusters and cluster must not both be there',
  ],
  [
    'a replica label and replicas',
    { replicas: ['http://q'], replica_label: 'r' },
    'sources[0].replica_label is for one store',
  ],
  [
    'token and user',
    { bearer_token_file: '/run/token', username: 'u', password_file: '/run/token' },
    'and username must not both be there',
  ],
  ['a user alone', { username: 'u' }, 'sources[0].username and password_file must be there both or neither'],
  [
    'a token file that is not there',
    { bearer_token_file: '/run/none' },
    'sources[0].bearer_token_file: the file /run/none cannot be read: ENOENT',
  ],
  ['a token file that is empty', { bearer_token_file: '/run/empty' }, 'the file /run/empty is empty'],
  ['a secret header', { headers: { Authorization: 'x' } }, 'sources[0].headers.Authorization cannot be set here'],
  ['matchers with braces', { match: '{a="b"}' }, 'sources[0].match must be matchers without braces'],
  ['matchers that break out', { match: 'a="b"} or up{' }, 'sources[0].match must be matchers without braces'],
  ['an interval of days', { scrape_interval: '1d' }, 'sources[0].scrape_interval must be a duration from 1s to 600s'],
  ['an interval without a unit', { scrape_interval: 15 }, 'sources[0].scrape_interval must be a duration'],
  ['too few samples', { max_samples: 1 }, 'sources[0].max_samples must be a whole number from 1000'],
  ['no replicas', { gpu_replicas: { n1: 0 } }, 'sources[0].gpu_replicas.n1 must be a whole number from 1 to 1000'],
  ['a part above one', { mig_shares: { x: '8/7' } }, 'sources[0].mig_shares.x must be a part of a GPU such as "2/7"'],
  ['no part', { mig_shares: { x: '0/7' } }, 'sources[0].mig_shares.x must be a part of a GPU'],
  ['recorded by name', { recorded: 'yes' }, 'sources[0].recorded must be true or false'],
  ['a join on nothing', { joins: [{ series: 'a', take: { b: 'c' } }] }, 'sources[0].joins[0].on must name the labels'],
  [
    'a join that takes nothing',
    { joins: [{ series: 'a', on: ['x'], take: {} }] },
    'sources[0].joins[0].take must say what to take',
  ],
  [
    'a join with a function',
    { joins: [{ series: 'rate(a[5m])', on: ['x'], take: { b: 'c' } }] },
    'sources[0].joins[0].series must be a selector of series',
  ],
  [
    'a series of another exporter',
    { dcgm_series: ['up'] },
    'sources[0].dcgm_series[0] must be the name of a series of dcgm-exporter',
  ],
  ['a label that is none', { pod_labels: ['a b'] }, 'sources[0].pod_labels[0] must be the name of a Kubernetes label'],
])('%s', (_name, more, message) => {
  expect(() => one(more)).toThrow(ConfigError);
  expect(() => one(more)).toThrow(message);
});

test('a cluster or a name that is there twice would count twice', () => {
  const source = { name: 'main', cluster: 'a', url: 'http://p' };
  expect(() => read([source, { ...source, cluster: 'b' }])).toThrow(
    'sources[1].name names main, which billing.yaml: sources[0].name names already',
  );
  expect(() => read([source, { ...source, name: 'other' }])).toThrow(
    'sources[1] names a, which billing.yaml: sources[0] names already',
  );
  expect(() => read([])).toThrow('sources must have at least one source');
  expect(() => read(undefined)).toThrow('sources must have at least one source');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from '../../../../../exporters/cmdb/observation.ts';
import { prometheus } from '../../../../../exporters/cmdb/sources/prometheus/index.ts';
import { nodeExporter } from '../../../../../metrics/external.ts';
import { eventually } from '../../../../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../../../../support/fake-http-server.ts';
import { freePort } from '../../../../support/free-port.ts';
import {
  identitiesShown,
  itemOf,
  observeOnce,
  relationsShown,
  silentContext,
  sourceDeps,
} from '../../../../support/observe.ts';
import { type RunningPrometheus, startPrometheus } from '../../../../support/prometheus.ts';
import { startStaticTarget } from '../../../../support/static-target.ts';

const folder = join(__dirname, '../../../../fixtures/cmdb/node-exporter');
const page = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('with a real Prometheus', () => {
  const targets: { readonly stop: () => Promise<void> }[] = [];
  let server: RunningPrometheus;
  let observation: Observation;

  beforeAll(async () => {
    const node = await startStaticTarget(page('metrics.prom'));
    const gpus = await startStaticTarget(page('gpus.prom'));
    const dcgm = await startStaticTarget(page('dcgm.prom'));
    targets.push(node, gpus, dcgm);
    const dead = `127.0.0.1:${await freePort()}`;
    server = await startPrometheus({
      config: `
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: node
    static_configs:
      - {targets: ['${node.address}'], labels: {node: gpu-01.example.com, cluster: blue, rack: r1}}
      - {targets: ['${dead}'], labels: {node: gpu-03, cluster: blue, rack: r2}}
  - job_name: gpu
    static_configs:
      - {targets: ['${gpus.address}'], labels: {node: gpu-01.example.com, cluster: blue, rack: r1}}
  - job_name: dcgm
    static_configs:
      - {targets: ['${dcgm.address}'], labels: {cluster: blue}}
`,
    });
    observation = await eventually('every target to be scraped', async () => {
      const seen = await observeOnce(prometheus, { url: server.url }).catch(() => undefined);
      const keys = seen?.items.map(({ key }) => key) ?? [];
      const machine = seen?.items.find(({ key }) => key === 'server:blue/gpu-01.example.com');
      const isWhole = keys.filter((key) => key.startsWith('gpu:')).length === 4 && keys.includes('server:blue/gpu-03');
      // The first query is for the kernel, so whatever else is of that page was there when it was asked for.
      return isWhole && machine?.attributes['kernel'] !== undefined ? seen : undefined;
    });
  });
  afterAll(async () => {
    await server.stop();
    await Promise.all(targets.map((target) => target.stop()));
  });

  test('a machine is known by what each of its exporters tells', () => {
    const machine = itemOf(observation, 'server:blue/gpu-01.example.com');
    expect(identitiesShown(machine)).toEqual([
      'hostname=gpu-01',
      'fqdn=gpu-01.example.com',
      'serial=dell/7xk1234',
      'uuid=4c4c4544-0058-4b10-8031-b7c04f323334',
    ]);
    expect(machine).toMatchObject({
      name: 'gpu-01.example.com',
      attributes: {
        node: 'gpu-01.example.com',
        cluster: 'blue',
        vendor: 'Dell Inc.',
        model: 'PowerEdge XE9680',
        serial: '7XK1234',
        bios_version: '2.1.5',
        kernel: '5.15.0-105-generic',
        architecture: 'x86_64',
        os: 'Ubuntu 22.04.4 LTS',
        driver_version: '550.90.07',
        memory_bytes: 2_164_006_584_320,
        cpu_count: 2,
        gpu_count: 2,
      },
    });
    expect(relationsShown(machine)).toEqual(['part_of cluster:blue', 'located_in rack:r1']);
  });

  test('its GPUs, MIG instances, interfaces and software belong to it', () => {
    const gpu = itemOf(observation, 'gpu:gpu-11111111-aaaa-bbbb-cccc-000000000001');
    expect(identitiesShown(gpu)).toEqual([
      'uuid=gpu-11111111-aaaa-bbbb-cccc-000000000001',
      'serial=nvidia/1653922000002',
    ]);
    expect(relationsShown(gpu)).toEqual(['installed_on server:blue/gpu-01.example.com']);
    const mig = observation.items.filter((item) => item.class === 'mig_instance').map(identitiesShown);
    expect(mig).toEqual([
      ['placement=gpu-11111111-aaaa-bbbb-cccc-000000000001/1g.10gb/gi7'],
      ['placement=gpu-33333333-aaaa-bbbb-cccc-000000000001/3g.40gb/gi2'],
    ]);
    const nics = observation.items.filter((item) => item.class === 'nic').map(identitiesShown);
    expect(nics.map((identities) => identities.join(' ')).sort()).toEqual([
      'placement=gpu-01/eno8303 mac=b0:7b:25:aa:01:02',
      'placement=gpu-01/ibs18f0',
      'placement=gpu-01/mlx5_0',
    ]);
    expect(relationsShown(itemOf(observation, 'os:ubuntu 22.04.4 lts'))).toEqual([
      'installed_on server:blue/gpu-01.example.com',
    ]);
    expect(relationsShown(itemOf(observation, 'driver:nvidia 550.90.07'))).toEqual([
      'installed_on server:blue/gpu-01.example.com',
    ]);
  });

  test('where only dcgm-exporter is, its labels tell the machine and its GPUs', () => {
    const machine = itemOf(observation, 'server:blue/gpu-02');
    expect(identitiesShown(machine)).toEqual(['hostname=gpu-02']);
    expect(machine.attributes).toMatchObject({ gpu_count: 2, driver_version: '570.124.06' });
    expect(identitiesShown(itemOf(observation, 'gpu:gpu-33333333-aaaa-bbbb-cccc-000000000000'))).toContain(
      'serial=nvidia/1320000000009',
    );
  });

  test('a machine whose exporter is down is there, and what is in it is not taken for missing', () => {
    expect(relationsShown(itemOf(observation, 'server:blue/gpu-03'))).toEqual([
      'part_of cluster:blue',
      'located_in rack:r2',
    ]);
    expect(observation.failedScopes).toEqual(['server:blue/gpu-03', 'server:blue/gpu-03 gpus']);
    expect(observation.isComplete).toBe(true);
  });

  test('matchers of the configuration narrow what is seen', async () => {
    const narrowed = await observeOnce(prometheus, { url: server.url, match: 'job="gpu"' });
    expect(narrowed.items.filter((item) => item.class === 'server').map(({ key }) => key)).toEqual([
      'server:blue/gpu-01.example.com',
    ]);
    await expect(observeOnce(prometheus, { url: server.url, match: 'job="none"' })).rejects.toThrow(
      'no series tell of machines',
    );
  });

  test('beyond the bound of series nothing is taken for missing', async () => {
    const bounded = await observeOnce(prometheus, { url: server.url, max_series: 5 });
    expect(bounded.isComplete).toBe(false);
    expect(bounded.problems[0]?.reason).toContain('more than 5 series');
  });
});

test('the page of node_exporter shows every series of it that is read, with the labels that are declared', () => {
  const samples = page('metrics.prom').split('\n');
  const missing = Object.values(nodeExporter).flatMap(({ name, labels }) => {
    const sample = samples.find((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return sample === undefined ? [name] : labels.filter((label) => !sample.includes(`${label}="`));
  });
  expect(missing).toEqual([]);
});

describe('with a server that misbehaves', () => {
  let fake: FakeHttpServer;
  afterEach(() => fake.stop());
  const vector = (result: readonly object[], more: object = {}): string =>
    JSON.stringify({ status: 'success', data: { resultType: 'vector', result }, ...more });
  const sample = (metric: object, value = '1') => ({ metric, value: [1_700_000_000, value] });

  test('a partial answer is not taken for all there is', async () => {
    fake = await startFakeHttpServer((response, { form }) => {
      const isUname = form.get('query')?.startsWith('node_uname_info') === true;
      response.end(
        vector(
          isUname ? [sample({ node: 'a', nodename: 'a' })] : [],
          isUname ? { warnings: ['a store did not answer'] } : {},
        ),
      );
    });
    const observation = await observeOnce(prometheus, { url: fake.url });
    expect(observation.isComplete).toBe(false);
    expect(observation.problems[0]).toEqual({ subject: 'query for machines', reason: 'a store did not answer' });
  });

  test('one query for each kind, none of them twice', async () => {
    fake = await startFakeHttpServer((response) => response.end(vector([sample({ node: 'a' })])));
    await observeOnce(prometheus, { url: fake.url });
    expect(new Set(fake.requests.map(({ form }) => form.get('query'))).size).toBe(12);
    expect(fake.requests).toHaveLength(12);
  });

  test('targets without the label of the node are told by their host, addresses by the name that the kernel has', async () => {
    fake = await startFakeHttpServer((response, { form }) => {
      const query = form.get('query') ?? '';
      if (query.startsWith('node_uname_info'))
        response.end(
          vector([
            sample({ instance: '10.0.0.7:9100', nodename: 'gpu-07' }),
            sample({ instance: 'localhost:9100', nodename: 'laptop' }),
          ]),
        );
      else if (query.startsWith('gpu_info'))
        response.end(
          vector([
            sample({ instance: '10.0.0.7:9400', uuid: 'GPU-7', gpu_id: '0' }),
            sample({ instance: '10.0.0.8:9400', uuid: 'GPU-7', gpu_id: '0' }),
          ]),
        );
      else response.end(vector([]));
    });
    const observation = await observeOnce(prometheus, { url: fake.url, cluster: 'lab' });
    expect(identitiesShown(itemOf(observation, 'server:lab/10.0.0.7'))).toEqual(['hostname=gpu-07', 'ip=10.0.0.7']);
    expect(observation.problems).toEqual([
      {
        subject: 'gpu:gpu-7',
        reason: 'is seen installed_on both server:lab/10.0.0.7 and server:lab/10.0.0.8; the first is taken',
      },
    ]);
  });

  test('a machine without GPUs, scraped through a proxy, is whole and has only its own name', async () => {
    const labels = { node: 'cpu-01', instance: 'exporter-proxy:9100' };
    const answers: readonly (readonly [string, object])[] = [
      ['node_uname_info', sample({ ...labels, nodename: 'cpu-01' })],
      ['node_memory', sample(labels, 'NaN')],
      ['node_dmi', sample({ ...labels, product_serial: 'A\u0000B' })],
      ['up{', sample(labels)],
    ];
    fake = await startFakeHttpServer((response, { form }) => {
      const found = answers.filter(([start]) => form.get('query')?.startsWith(start));
      response.end(vector(found.map(([, result]) => result)));
    });
    const observation = await observeOnce(prometheus, { url: fake.url });
    expect(observation).toMatchObject({ isComplete: true, failedScopes: [], problems: [] });
    const machine = itemOf(observation, 'server:cpu-01');
    expect(identitiesShown(machine)).toEqual(['hostname=cpu-01', 'serial=a b']);
    expect(machine.attributes).toEqual({ node: 'cpu-01', address: 'exporter-proxy', serial: 'A B' });
  });

  test('hostile labels are cleaned and cut', async () => {
    fake = await startFakeHttpServer((response, { form }) => {
      const isUname = form.get('query')?.startsWith('node_uname_info') === true;
      response.end(
        vector(
          isUname ? [sample({ node: 'a\u0000\u001b[31m', nodename: 'x'.repeat(5000), release: '<script>\n' })] : [],
        ),
      );
    });
    const [machine] = (await observeOnce(prometheus, { url: fake.url })).items;
    expect(machine?.attributes['kernel']).toBe('<script>');
    expect(machine?.name).toBe('a [31m');
    expect(Math.max(...(machine?.identities ?? []).map(({ value }) => value.length))).toBeLessThanOrEqual(200);
  });

  test('a login page and a stop are told', async () => {
    fake = await startFakeHttpServer((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'),
    );
    await expect(observeOnce(prometheus, { url: fake.url })).rejects.toThrow('HTML page');
    const stopped = { ...silentContext, signal: AbortSignal.abort() };
    await expect(observeOnce(prometheus, { url: fake.url }, { context: stopped })).rejects.toMatchObject({
      name: 'SourceError',
      message: 'stopped',
    });
  });

  test('the password comes from its file, at each look', async () => {
    fake = await startFakeHttpServer((response) => response.end(vector([sample({ node: 'a' })])));
    let password = 'one';
    const deps = sourceDeps({ readFile: () => password });
    const config = { url: fake.url, username: 'me', password_file: '/run/password' };
    await observeOnce(prometheus, config, { deps });
    password = 'two\n';
    await observeOnce(prometheus, config, { deps });
    const seen = fake.requests.map(({ headers }) =>
      Buffer.from(String(headers['authorization']).slice(6), 'base64').toString(),
    );
    expect([...new Set(seen)]).toEqual(['me:one', 'me:two']);
  });
});

test.each([
  [{}, 'sources[0].url must be a text'],
  [{ url: 'http://me:secret@x' }, 'sources[0].url must not hold a user name or password'],
  [{ url: 'ftp://x' }, 'sources[0].url must be an http or https address'],
  [{ url: 'http://x', match: '{a="b"}' }, 'sources[0].match must be matchers without braces'],
  [{ url: 'http://x', node_label: 'a b' }, 'sources[0].node_label must be the name of a label'],
  [{ url: 'http://x', username: 'a' }, 'sources[0].username and password_file must be there both'],
  [
    { url: 'http://x', bearer_token_file: '/nonexistent' },
    'sources[0].bearer_token_file: the file /nonexistent cannot be read: ENOENT',
  ],
  [
    { url: 'http://x', headers: { Authorization: 'Bearer secret' } },
    'sources[0].headers.Authorization cannot be set here',
  ],
  [{ url: 'http://x', timeout: '5' }, 'sources[0].timeout must be a duration'],
])('%j is refused', (entry, message) => {
  expect(() => observeOnce(prometheus, entry)).toThrow(message);
});

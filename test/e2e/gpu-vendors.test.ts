import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { prometheusRuleFiles } from '../../cli/generate/files.ts';
import { vendorFiles } from '../../cli/generate/vendor-jobs.ts';
import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../support/fake-http-server.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';

/** A real Prometheus scrapes pages of vendors' exporters with the jobs that ship, and evaluates the rules of all profiles. */
const wanted = ['dcgm-4.8', 'dcgm-4.9', 'amd'] as const;
const fixtures = join(import.meta.dirname, '../fixtures/vendors');

let exporters: FakeHttpServer;
let prometheus: RunningPrometheus;
/** Whether the pages show a temperature that is too high. */
let overheated = false;

interface Job {
  readonly job_name: string;
}

beforeAll(async () => {
  exporters = await startFakeHttpServer((response, { path }) => {
    const page = readFileSync(join(fixtures, path.slice(1), 'metrics.prom'), 'utf8');
    const hot = page.replaceAll(
      /^((?:DCGM_FI_DEV_GPU_TEMP(?:_CELSIUS)?|amd_gpu_junction_temperature)\{.*) \d+$/gm,
      '$1 120',
    );
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(overheated ? hot : page);
  });
  const targets = [new URL(exporters.url).host];
  const shipped = load(vendorFiles(wanted).get('scrape-gpu-vendors.yml') ?? '') as {
    readonly scrape_configs: readonly Job[];
  };
  const [dcgm, amd] = shipped.scrape_configs;
  const at = (job: Job | undefined, profile: string) => ({
    ...job,
    job_name: `vendor-${profile}`,
    metrics_path: `/${profile}`,
    scrape_interval: '1s',
    static_configs: [{ targets, labels: { cluster: 'c1', node: `node-${profile}` } }],
  });
  const rules = prometheusRuleFiles({
    runbookBaseUrl: 'https://x',
    optional: [],
    profiles: wanted,
    ownIntervals: false,
  });
  const ofProfiles = [...rules].filter(([name]) => /^(?:dcgm|amd)-/.test(name));
  prometheus = await startPrometheus({
    config: JSON.stringify({
      global: { evaluation_interval: '1s' },
      rule_files: ['rules/*.yaml'],
      scrape_configs: [at(dcgm, 'dcgm-4.8'), at(dcgm, 'dcgm-4.9'), at(amd, 'amd')],
    }),
    files: Object.fromEntries(ofProfiles.map(([name, text]) => [`rules/${name}`, text])),
  });
  await eventually('a scrape of every page', async () =>
    (await query('up == 1')).length === wanted.length ? true : undefined,
  );
});
afterAll(async () => {
  await prometheus?.stop();
  await exporters?.stop();
});

async function query(expr: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const { samples } = await createPrometheusApi({ url: prometheus.url }).query(expr);
  return samples.map(({ labels }) => labels);
}

test.each([
  [
    'DCGM_FI_DEV_GPU_TEMP',
    'node-dcgm-4.8',
    { gpu_id: '0', uuid: 'GPU-11111111-2222-3333-4444-555555555555', pod: 'nb-0' },
  ],
  ['DCGM_FI_DEV_GPU_TEMP_CELSIUS', 'node-dcgm-4.9', { gpu_id: '0', job_id: '4711' }],
  ['amd_gpu_junction_temperature', 'node-amd', { gpu_id: '0', uuid: '692251001124', job_id: '4711' }],
])('the labels of %s are those that the rules go by', async (name, node, labels) => {
  expect(await query(name)).toEqual([expect.objectContaining({ cluster: 'c1', node, ...labels })]);
});

test('no rule fails on what the exporters show, and no guard has anything to say', async () => {
  await eventually('two evaluations of every group', async () =>
    (await query('count(ALERTS{alertname="GpuXidAppError"})')).length > 0 ? true : undefined,
  );
  const { data } = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
    readonly data: {
      readonly groups: readonly {
        readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
      }[];
    };
  };
  const rules = data.groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(70);
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  await eventually('guards that were there before the first scrape to be gone', async () =>
    (await query('ALERTS{alertname=~".*(SeriesAbsent|FieldsMissing)"}')).length === 0 ? true : undefined,
  );
});

test('a GPU that gets hot is told of on each of them, under the name of our own alert', async () => {
  overheated = true;
  const nodes = await eventually('the alert on all three', async () => {
    const alerts = await query('ALERTS{alertname="GpuTemperatureCritical"}');
    return alerts.length === wanted.length ? alerts.map(({ node }) => node) : undefined;
  });
  expect([...nodes].sort()).toEqual(['node-amd', 'node-dcgm-4.8', 'node-dcgm-4.9']);
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { type Ended, runCli } from '../support/cli.ts';
import { tool } from '../support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-generate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const siteFile = join(folder, 'site.yaml');
writeFileSync(siteFile, 'receivers: {default: [{webhook: {url: "http://127.0.0.1:9/hook"}}]}\n');

function generate(...args: readonly string[]): Promise<Ended> {
  return runCli(['generate', ...args]);
}

function run(program: 'promtool' | 'amtool', args: readonly string[], cwd: string): string {
  return execFileSync(tool(program), args, { cwd, encoding: 'utf8', stdio: 'pipe' });
}

test('everything that it writes is accepted by the tool that loads it', async () => {
  const out = join(folder, 'all');
  const ended = await generate(
    `--out=${out}`,
    `--site=${siteFile}`,
    '--rules.compat',
    '--rules.billing-long-term',
    '--runbook.base-url=https://wiki.example.com/r/',
  );
  expect(ended.status).toBe(0);
  expect(ended.stdout).toContain(`files into ${out}`);

  const rules = readdirSync(join(out, 'rules'));
  expect(rules).toEqual(expect.arrayContaining(['compat.yaml', 'billing-long-term.yaml']));
  expect(run('promtool', ['check', 'rules', ...rules], join(out, 'rules'))).toContain('SUCCESS');
  expect(run('amtool', ['check-config', 'alertmanager.yml'], join(out, 'alertmanager'))).toContain('1 templates');
  writeFileSync(
    join(out, 'prometheus', 'prometheus.yml'),
    readFileSync(join(out, 'prometheus', 'scrape-fleetlens.yml')),
  );
  expect(run('promtool', ['check', 'config', 'prometheus.yml'], join(out, 'prometheus'))).toContain('SUCCESS');

  writeFileSync(join(out, 'prometheus', 'engines.yml'), readFileSync(join(out, 'prometheus', 'scrape-engines.yml')));
  expect(run('promtool', ['check', 'config', 'engines.yml'], join(out, 'prometheus'))).toContain('SUCCESS');
  writeFileSync(join(out, 'prometheus', 'cmdb.yml'), readFileSync(join(out, 'prometheus', 'scrape-cmdb.yml')));
  expect(run('promtool', ['check', 'config', 'cmdb.yml'], join(out, 'prometheus'))).toContain('SUCCESS');
  expect(readFileSync(join(out, 'podmonitors', 'engine-vllm.yaml'), 'utf8')).toContain('fleetlens.dev/engine: vllm');

  const scrape = load(readFileSync(join(out, 'prometheus', 'scrape-fleetlens.yml'), 'utf8'));
  expect(scrape).toMatchObject({
    scrape_configs: [
      { job_name: 'fleetlens-gpu' },
      { job_name: 'fleetlens-training' },
      { job_name: 'fleetlens-inference' },
      { job_name: 'fleetlens-cmdb' },
      { job_name: 'fleetlens-billing' },
      { job_name: 'fleetlens-prediction' },
    ],
  });

  expect(readFileSync(join(out, 'rules', 'gpu-xid.yaml'), 'utf8')).toContain(
    'https://wiki.example.com/r/GpuXidNodeReboot.md',
  );
  expect(readdirSync(join(out, 'operator'))).toEqual(rules);
  expect(existsSync(join(out, 'runbooks', 'GpuXidNodeReboot.md'))).toBe(true);
  expect(JSON.parse(readFileSync(join(out, 'dashboards', 'gpu-fleet.json'), 'utf8'))).toMatchObject({
    title: 'GPU fleet',
  });
});

test('without a site there is no Alertmanager configuration, and optional rules only on request', async () => {
  const out = join(folder, 'few');
  const ended = await generate(`--out=${out}`);
  expect(existsSync(join(out, 'alertmanager'))).toBe(false);
  expect(ended.stdout).toContain('describe your receivers');
  expect(readdirSync(join(out, 'rules'))).not.toContain('compat.yaml');
  expect(readdirSync(join(out, 'rules'))).not.toContain('billing-long-term.yaml');
});

test('with the address of Grafana, alerts about GPUs link to the board that ships, set to their node', async () => {
  const out = join(folder, 'grafana');
  await generate(`--out=${out}`, '--grafana.url=https://grafana.example.com/');
  const { uid } = JSON.parse(readFileSync(join(out, 'dashboards', 'gpu-fleet.json'), 'utf8')) as { uid: string };
  const link = `https://grafana.example.com/d/${uid}?var-cluster={{ $labels.cluster | urlquery }}&var-node={{ $labels.node | urlquery }}`;
  expect(readFileSync(join(out, 'rules', 'gpu-xid.yaml'), 'utf8')).toContain(`dashboard_url: ${link}`);
  expect(readFileSync(join(out, 'rules', 'prometheus-health.yaml'), 'utf8')).not.toContain('dashboard_url');
  expect(run('promtool', ['check', 'rules', 'gpu-xid.yaml'], join(out, 'rules'))).toContain('SUCCESS');
});

test('labels and namespace for the operator are on every object', async () => {
  const out = join(folder, 'operator');
  await generate(
    `--out=${out}`,
    '--operator.labels=release=kube-prometheus-stack,team=sre',
    '--operator.namespace=monitoring',
  );
  const files = ['operator', 'podmonitors'].flatMap((folder) =>
    readdirSync(join(out, folder)).map((name) => join(out, folder, name)),
  );
  for (const file of files) {
    expect(load(readFileSync(file, 'utf8'))).toMatchObject({
      metadata: { namespace: 'monitoring', labels: { release: 'kube-prometheus-stack', team: 'sre' } },
    });
  }
});

test('what a site overrides is in the rules, in the objects and in the runbooks', async () => {
  const out = join(folder, 'overrides');
  const overrides = join(folder, 'overrides.yaml');
  writeFileSync(
    overrides,
    'thresholds: {gpuTemperatureMarginCelsius: 8}\nalerts: {GpuHwSlowdown: {disabled: true}, GpuThermalThrottle: {except: {cluster: lab}}}\n',
  );
  await generate(`--out=${out}`, `--rules.overrides=${overrides}`);
  for (const place of ['rules', 'operator']) {
    const text = readFileSync(join(out, place, 'gpu-thermal.yaml'), 'utf8');
    expect(text).toContain(' - 8\n');
    expect(text).toContain('cluster!="lab"');
    expect(text).not.toContain('GpuHwSlowdown');
  }
  expect(readFileSync(join(out, 'runbooks', 'GpuTemperatureHigh.md'), 'utf8')).toContain(
    '| `gpuTemperatureMarginCelsius` | 8 | 5 |',
  );
  expect(existsSync(join(out, 'runbooks', 'GpuHwSlowdown.md'))).toBe(false);
  expect(run('promtool', ['check', 'rules', 'gpu-thermal.yaml'], join(out, 'rules'))).toContain('SUCCESS');
});

describe('what the user can mend is one line and exit status 2', () => {
  const badSite = join(folder, 'bad-site.yaml');
  writeFileSync(badSite, 'receivers: {default: [{slak: {}}]}\n');
  writeFileSync(join(folder, 'file'), '');

  test.each([
    ['no folder', [], /--out is needed/],
    ['a folder that cannot be made', [`--out=${join(folder, 'file', 'below')}`], /cannot write .*ENOTDIR/],
    ['a site that is not there', [`--out=${folder}/x`, '--site=/nowhere.yaml'], /--site \/nowhere\.yaml: ENOENT/],
    ['a site with a typing error', [`--out=${folder}/x`, `--site=${badSite}`], /--site .*slak/],
    [
      'a profile that nobody has',
      [`--out=${folder}/x`, '--rules.profiles=node,k8s'],
      /"k8s"; the profiles are dcgm, amd/,
    ],
    ['overrides that are not there', [`--out=${folder}/x`, '--rules.overrides=/nowhere.yaml'], /there is no such file/],
    ['a version that is none', [`--out=${folder}/x`, '--rules.target-version=new'], /such as 2\.42, got "new"/],
    ['an offset on the floor', [`--out=${folder}/x`, '--rules.query-offset=30s'], /needs prometheus 2\.53 or newer/],
    ['a label that is none', [`--out=${folder}/x`, '--operator.labels=release'], /name=value pairs.*got "release"/],
  ])('%s', async (_what, args, message) => {
    const ended = await generate(...args);
    expect(ended.status).toBe(2);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ended.stderr).toMatch(message);
  });
});

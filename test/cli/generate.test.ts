import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { profiles } from '../../rules/alert.ts';
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
    `--rules.profiles=${profiles.join(',')}`,
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
      { job_name: 'fleetlens-bridge' },
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

test('with profiles it writes their rules, the scrape jobs and the counters files, and the tools accept them', async () => {
  const out = join(folder, 'profiles');
  const ended = await generate(`--out=${out}`, '--rules.profiles=dcgm-4.9,amd');
  expect(ended.status).toBe(0);
  const rules = readdirSync(join(out, 'rules'));
  expect(rules).toEqual(expect.arrayContaining(['dcgm-4-9-heat.yaml', 'amd-guards.yaml']));
  expect(rules.filter((name) => name.startsWith('dcgm-4-8'))).toEqual([]);
  expect(run('promtool', ['check', 'rules', ...rules], join(out, 'rules'))).toContain('SUCCESS');
  const files = readdirSync(join(out, 'prometheus'));
  expect(files).toContain('dcgm-counters-4.9.csv');
  expect(files).not.toContain('dcgm-counters-4.8.csv');
  writeFileSync(
    join(out, 'prometheus', 'vendors.yml'),
    readFileSync(join(out, 'prometheus', 'scrape-gpu-vendors.yml')),
  );
  expect(run('promtool', ['check', 'config', 'vendors.yml'], join(out, 'prometheus'))).toContain('SUCCESS');
  for (const line of readFileSync(join(out, 'prometheus', 'dcgm-counters-4.9.csv'), 'utf8')
    .trim()
    .split('\n')) {
    if (!line.startsWith('#')) expect(line).toMatch(/^DCGM_\w+, (?:gauge|counter), [^,]+$/);
  }
});

test('objectives of the user become rules, objects and runbooks, and a mistake in their file is one line', async () => {
  const out = join(folder, 'objectives');
  const file = join(folder, 'slos.yaml');
  const write = (objective: number): void =>
    writeFileSync(
      file,
      `slos: [{name: storage, description: Storage is up., objective: ${objective}, indicator: {boolean_gauge: up}}]\n`,
    );
  write(0.99);
  expect((await generate(`--out=${out}`, `--slo.file=${file}`)).status).toBe(0);
  for (const kind of ['rules', 'operator']) {
    expect(readdirSync(join(out, kind))).toEqual(expect.arrayContaining(['slo-storage.yaml', 'storage-slo.yaml']));
  }
  expect(existsSync(join(out, 'runbooks', 'StorageErrorBudgetBurnFast.md'))).toBe(true);

  write(99);
  expect(await generate(`--out=${out}`, `--slo.file=${file}`)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^[^\n]*slos\.yaml: slos\[0\]\.objective must be a share[^\n]*\n$/),
  });
  expect(await generate(`--out=${out}`, `--slo.file=${file}.none`)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--slo.file'),
  });
});

test('files of an earlier run that are made no longer are named, and those of others are left alone', async () => {
  const out = join(folder, 'left-over');
  const first = await generate(`--out=${out}`, '--rules.profiles=node');
  expect(first.stdout).not.toContain('Not made any more');
  writeFileSync(join(out, 'rules', 'of-others.yaml'), 'groups: []\n');
  const overrides = join(folder, 'off.yaml');
  writeFileSync(overrides, 'themes: { training-trends: { disabled: true } }\n');
  const second = await generate(`--out=${out}`, '--rules.profiles=node', `--rules.overrides=${overrides}`);
  expect(second.stdout).toMatch(/Delete them, or they go on being loaded:\n(.*\n)*$/);
  expect(second.stdout.split('loaded:\n')[1]).toBe(
    ['operator', 'rules'].map((kind) => `  ${join(out, kind, 'training-trends.yaml')}\n`).join(''),
  );
});

test('without a site there is no Alertmanager configuration, and optional rules only on request', async () => {
  const out = join(folder, 'few');
  const ended = await generate(`--out=${out}`);
  expect(existsSync(join(out, 'alertmanager'))).toBe(false);
  expect(ended.stdout).toContain('describe your receivers');
  expect(readdirSync(join(out, 'rules'))).not.toContain('compat.yaml');
  expect(readdirSync(join(out, 'rules'))).not.toContain('billing-long-term.yaml');
  expect(readdirSync(join(out, 'rules')).filter((file) => /^(kubernetes|node|kafka|redis)/.test(file))).toEqual([]);
  expect(readdirSync(join(out, 'rules')).filter((name) => /^(?:dcgm|amd)-/.test(name))).toEqual([]);
  expect(existsSync(join(out, 'prometheus', 'scrape-gpu-vendors.yml'))).toBe(false);
});

test('a profile brings its alerts, in both forms, with what they read, and no other profile', async () => {
  const out = join(folder, 'profile');
  await generate(`--out=${out}`, '--rules.profiles=kubernetes');
  const rules = readdirSync(join(out, 'rules'));
  expect(rules).toEqual(
    expect.arrayContaining(['kubernetes.yaml', 'kubernetes-nodes.yaml', 'kubernetes-metrics.yaml']),
  );
  expect(rules).toEqual(expect.arrayContaining(['gpu-lost.yaml', 'prometheus-storage.yaml']));
  expect(rules).not.toContain('node.yaml');
  expect(rules).not.toContain('redis.yaml');
  expect(readdirSync(join(out, 'operator'))).toEqual(rules);
});

test('with the address of Grafana, alerts about GPUs link to the board that ships, set to their node', async () => {
  const out = join(folder, 'grafana');
  await generate(`--out=${out}`, '--grafana.url=https://grafana.example.com/');
  const { uid } = JSON.parse(readFileSync(join(out, 'dashboards', 'gpu-fleet.json'), 'utf8')) as { uid: string };
  const link = `https://grafana.example.com/d/${uid}?var-cluster={{ $labels.cluster | urlquery }}{{ with $labels.node }}&var-node={{ . | urlquery }}{{ end }}`;
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
      'a profile that is none',
      [`--out=${folder}/x`, '--rules.profiles=node,k8s'],
      /dcgm-4\.8, dcgm-4\.9, amd, .*got "k8s"/,
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

test('a site becomes a Secret or an AlertmanagerConfig, with what the operator has to be told', async () => {
  const asSecret = await generate(
    `--out=${join(folder, 'secret')}`,
    `--site=${siteFile}`,
    '--alertmanager.form=secret',
  );
  expect(readdirSync(join(folder, 'secret', 'alertmanager')).toSorted()).toEqual([
    'alertmanager-patch.yaml',
    'secret.yaml',
  ]);
  expect(asSecret.stdout).toContain('--patch-file=alertmanager/alertmanager-patch.yaml');
  const asObject = await generate(
    `--out=${join(folder, 'object')}`,
    `--site=${siteFile}`,
    '--alertmanager.form=alertmanagerconfig',
    '--operator.namespace=monitoring',
  );
  expect(asObject.stdout).toContain('Without that patch no alert about a GPU arrives');
  const object = load(readFileSync(join(folder, 'object', 'alertmanager', 'alertmanagerconfig.yaml'), 'utf8'));
  expect(object).toMatchObject({ kind: 'AlertmanagerConfig', metadata: { namespace: 'monitoring' } });
});

test('a channel that this Alertmanager cannot have is refused with the release that can', async () => {
  const file = join(folder, 'telegram.yaml');
  writeFileSync(file, 'receivers: {default: [{telegram: {bot_token_file: /run/bot, chat_id: 1}}]}\n');
  const old = await generate(`--out=${join(folder, 'old')}`, `--site=${file}`);
  expect(old).toMatchObject({ status: 2, stderr: expect.stringContaining('--alertmanager.target-version=0.26') });
  expect(existsSync(join(folder, 'old'))).toBe(false);
  const newer = await generate(`--out=${join(folder, 'new')}`, `--site=${file}`, '--alertmanager.target-version=0.26');
  expect(newer.status).toBe(0);
  const odd = await generate(`--out=${join(folder, 'odd')}`, `--site=${file}`, '--alertmanager.target-version=1');
  expect(odd).toMatchObject({ status: 2, stderr: expect.stringContaining('a release of Alertmanager from 0.25 on') });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/cli.ts';
import { runMain } from '../../support/run-main.ts';
import { tool } from '../../support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-rules-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const overrides = file(
  'overrides.yaml',
  'thresholds: {gpuTemperatureMarginCelsius: 8}\nalerts: {GpuPowerCapped: {disabled: true}}\n',
);

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test('list shows the values in force, and leaves out what is off or not asked for', async () => {
  const { status, stdout } = await runCli(['rules', 'list', '--domain=gpu', `--rules.overrides=${overrides}`]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/GpuTemperatureHigh +warning +sre +2m +gpu-thermal\n +gpuTemperatureMarginCelsius 8/);
  expect(stdout).not.toMatch(/GpuPowerCapped|TrainingStalled/);
  const json = await runCli(['rules', 'list', '--grep=temperature', '--severity=critical', '--output=json']);
  expect(JSON.parse(json.stdout)).toEqual(
    expect.arrayContaining([expect.objectContaining({ alert: 'GpuTemperatureCritical', severity: 'critical' })]),
  );
  expect((await runCli(['rules', 'list', '--grep=no such thing'])).status).toBe(1);
});

test('explain tells the thresholds, who is told and what holds the alert back', async () => {
  const { status, stdout } = await runCli(['rules', 'explain', 'GpuTemperatureHigh', `--rules.overrides=${overrides}`]);
  expect(status).toBe(0);
  for (const text of [
    'gpuTemperatureMarginCelsius 8 celsius (default 5)',
    'sre: owners',
    'Held back by',
    'GpuTemperatureCritical',
  ])
    expect(stdout).toContain(text);
});

test('explain shows the ladder of severities, what holds the alert back by its labels, and who is told', async () => {
  const explained = async (name: string): Promise<string> =>
    (await runMain('rules', 'explain', name, '--rules.profiles=node')).stdout;
  const high = await explained('GpuTemperatureHigh');
  expect(high).toContain(`Related alerts, the worst first
  critical  GpuTemperatureCritical  keeps this one back
  warning   GpuTemperatureHigh      this one
`);
  expect(high).toContain(`
  NodeMaintenance (same cluster, node)
    Somebody works on the node`);
  expect(high).toContain('  GpuReadingImpossible with signal temperature (same cluster, node, uuid)\n');
  expect(high).toContain('  sre, in one message per cluster, alertname, domain; again after 12h.\n');
  expect(high).toContain('    fleetlens alerts route --site=site.yaml alertname=GpuTemperatureHigh\n');
  expect(await explained('GpuAvailabilityErrorBudgetBurnMid')).toMatch(
    /BurnFast +keeps this one back\n.*BurnMid +this one\n.*BurnSlow +is kept back by this one\n.*BurnVerySlow +is kept back/,
  );
  expect(await explained('TenantRateLimited')).toContain(
    'TenantTokenBudgetBurn (same cluster, tenant; if this one has reason token_budget)',
  );
  expect(await explained('NodeDown')).toContain('every alert with domain gpu or training (same cluster, node)');
  expect(await explained('GpuPowerCapped')).toContain('Nobody, since infos are muted');
  expect(await explained('NodeMaintenance')).toContain('Who is told\n  Nobody.\n');
  expect(await explained('TrainingStalled')).not.toContain('NodeMaintenance');
  const json = await runMain('rules', 'explain', 'GpuTemperatureHigh', '--output=json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    ladder: [{ alert: 'GpuTemperatureCritical', severity: 'critical', relation: 'keeps this one back' }, {}],
    held_back_by: expect.arrayContaining([
      expect.objectContaining({ alerts: ['NodeMaintenance'], equal: ['cluster', 'node'] }),
    ]),
    told: [{ receiver: 'sre', group_by: ['cluster', 'alertname', 'domain'], again: '12h' }],
  });
});

test.each([
  ['no alert', ['explain'], /one ALERT is needed/],
  ['an unknown one', ['explain', 'GpuTempratureHigh'], /did you mean GpuTemperatureHigh\?/],
  ['one that is off', ['explain', 'GpuPowerCapped', `--rules.overrides=${overrides}`], /your overrides switch it off/],
  ['a file that is not there', ['lint', '/nowhere.yaml'], /cannot read \/nowhere\.yaml/],
  ['a file without groups', ['lint', overrides], /is no rule file/],
  ['no promtool', ['test', '--promtool.bin=/nowhere'], /\/nowhere is not there; install it/],
])('%s is one line and exit status 2', async (_what, args, message) => {
  const { status, stderr } = await runCli(['rules', ...args]);
  expect(status).toBe(2);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(message);
});

test('lint has nothing against ours, and names what is wrong in a file of somebody else', async () => {
  expect(await runCli(['rules', 'lint'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/rules: 0 errors, 0 warnings/),
  });
  const theirs = file(
    'theirs.yaml',
    'groups: [{name: mine, rules: [{alert: Busy, expr: "gpu_up[5m]"}, {alert: Load, expr: "node_load1 > 9"}]}]\n',
  );
  const { status, stdout } = await runCli(['rules', 'lint', theirs, '--output=json']);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    rules: 2,
    findings: expect.arrayContaining([
      expect.objectContaining({ rule: 'Busy', check: 'alert/type', severity: 'error', file: theirs, line: 1 }),
      expect.objectContaining({ rule: 'Load', check: 'alert/routing', severity: 'warning' }),
    ]),
  });
});

test('what lint finds in files is one line each with the place, and only errors make the exit status 1', async () => {
  const busy = file(
    'busy.yaml',
    `groups:
  - name: mine
    rules:
      - record: cluster:gpu_up:sum
        expr: sum by (cluster) (gpu_up)

      - alert: Busy
        expr: |
          gpu_up[5m]
        labels: {severity: warning, team: sre, domain: gpu, action: investigate}
`,
  );
  const objects = file(
    'objects.yaml',
    'spec: {groups: []}\n---\nspec:\n  groups:\n  - name: g\n    rules:\n    - alert: Hot\n      expr: max by (cluster) (gpu_up) == 0\n',
  );
  expect(await runCli(['rules', 'lint', busy, objects])).toMatchObject({
    status: 1,
    stdout: `${busy}:7: Busy: alert/type: it is a range or a text, which never fires or fails: use a function such as max_over_time
${busy}:7: Busy: alert/comparison: it compares nothing, so it fires for every series that is there
${objects}:7: Hot: alert/routing (warning): it lacks severity, team, domain, action, which routes go by
3 rules: 2 errors, 1 warning
`,
  });
  expect((await runCli(['rules', 'lint', objects])).status).toBe(0);
  const nameless = file('nameless.yaml', 'groups:\n  - name: g\n    rules:\n      - expr: up\n');
  expect(await runCli(['rules', 'lint', nameless])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`${nameless}:4: groups[0].rules[0] has neither alert nor record`),
  });
});

test('test runs the examples, and tells which ones the overrides have changed', async () => {
  const promtool = `--promtool.bin=${tool('promtool')}`;
  const alerts = ['GpuTemperatureHigh', 'GpuXidNodeReboot', 'ExporterDown'];
  const { status, stdout } = await runCli(['rules', 'test', ...alerts, promtool, `--rules.overrides=${overrides}`]);
  expect(stdout).toContain('3 alerts with their examples: 0 failures');
  expect(status).toBe(0);
  const stricter = file('stricter.yaml', 'thresholds: {gpuTemperatureMarginCelsius: 2}\n');
  const changed = await runCli(['rules', 'test', ...alerts, promtool, `--rules.overrides=${stricter}`]);
  expect(changed.status).toBe(0);
  expect(changed.stdout).toMatch(/changed GpuTemperatureHigh\n +no longer fires as here: A GPU that slows down at 90/);
  expect(changed.stdout).toMatch(/0 failures, [1-9]\d* changed by your overrides/);
  expect(await runCli(['rules', 'test', 'GpuTemperaturHigh', promtool])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('there is no alert GpuTemperaturHigh; did you mean GpuTemperatureHigh?'),
  });
}, 120_000);

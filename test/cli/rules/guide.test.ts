import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleFolder } from '../../rules/rule-files.ts';
import { runMain } from '../../support/run-main.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-rules-guide-'));
afterAll(() => rmSync(folder, { recursive: true }));

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/rules.md'), 'utf8');
const [thresholds = '', alerts = '', rules = '', loaded = ''] = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(
  ([, yaml = '']) => yaml,
);

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test('the overrides of the guide, in one file, are accepted', async () => {
  const overrides = file('overrides.yaml', thresholds + alerts);
  expect(await runMain('rules', 'list', '--grep=GpuTemperatureHigh', `--rules.overrides=${overrides}`)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/GpuTemperatureHigh +critical +sre +10m/),
  });
});

test('the alert of the guide has no finding, loads, and is routed', async () => {
  expect(await runMain('rules', 'lint', file('my-rules.yaml', rules))).toMatchObject({
    status: 0,
    stdout: '1 rule: 0 errors, 0 warnings\n',
  });
  const prometheus = ruleFolder();
  prometheus.writeText('my-rules.yaml', rules);
  prometheus.writeText('prometheus.yml', loaded.replace('  - fleetlens-config/rules/*.yaml\n', ''));
  expect(prometheus.promtool('check', 'config', 'prometheus.yml').output).toContain('SUCCESS: 1 rules found');
  prometheus.remove();
  const [, labels = ''] = /alerts route --site=site\.yaml (alertname=Scratch.*)/.exec(guide) ?? [];
  const site = file('site.yaml', "receivers: { default: [{ webhook: { url: 'http://127.0.0.1:9/' } }] }\n");
  expect(await runMain('alerts', 'route', `--site=${site}`, ...labels.split(' '))).toMatchObject({ status: 0 });
});

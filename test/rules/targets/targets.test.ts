import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { operatorRuleFiles, prometheusRuleFiles, type RuleSettings } from '../../../cli/generate/files.ts';
import { profiles } from '../../../rules/alert.ts';
import { recordingGroups } from '../../../rules/recording/index.ts';
import type { RuleGroup } from '../../../rules/render/prometheus.ts';
import { loads } from '../../../rules/targets/features.ts';
import { forTarget } from '../../../rules/targets/for-target.ts';
import {
  defaultVersions,
  isAtLeast,
  parseVersion,
  type TargetName,
  targetNames,
} from '../../../rules/targets/target.ts';
import { tool } from '../../support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-targets-'));
afterAll(() => rmSync(folder, { recursive: true }));

function settingsFor(name: TargetName, version = defaultVersions[name]): RuleSettings {
  const optional = recordingGroups.map(({ group }) => group);
  return { runbookBaseUrl: 'r', optional, profiles, target: { name, version } };
}

function groupsOf(settings: RuleSettings): readonly RuleGroup[] {
  return [...prometheusRuleFiles(settings).values()].flatMap(
    (text) => (load(text) as { readonly groups: readonly RuleGroup[] }).groups,
  );
}

test.each(targetNames)('the objects for the operator hold the groups of the files for %s', (name) => {
  const objects = [...operatorRuleFiles(settingsFor(name), {}).values()].flatMap(
    (text) => loadAll(text) as { readonly kind: string; readonly spec: { readonly groups: readonly RuleGroup[] } }[],
  );
  expect(objects.flatMap(({ spec }) => spec.groups)).toEqual(groupsOf(settingsFor(name)));
  expect(new Set(objects.map(({ kind }) => kind))).toEqual(
    new Set([name === 'victoriametrics' ? 'VMRule' : 'PrometheusRule']),
  );
});

test.each(targetNames)('every rule is in the files for %s once, and every group has a name of its own', (name) => {
  const rulesOf = (groups: readonly RuleGroup[]): readonly string[] =>
    groups.flatMap(({ rules }) => rules.map((rule) => `${'record' in rule ? rule.record : rule.alert}: ${rule.expr}`));
  const groups = groupsOf(settingsFor(name));
  expect([...rulesOf(groups)].sort()).toEqual([...rulesOf(groupsOf(settingsFor('prometheus')))].sort());
  expect(new Set(groups.map((group) => group.name)).size).toBe(groups.length);
});

test('Mimir gets one file with a namespace, and groups that it accepts', () => {
  const files = prometheusRuleFiles(settingsFor('mimir'));
  expect([...files.keys()]).toEqual(['fleetlens.yaml']);
  expect(load(files.get('fleetlens.yaml') ?? '')).toMatchObject({ namespace: 'fleetlens' });
  expect(Math.max(...groupsOf(settingsFor('mimir')).map(({ rules }) => rules.length))).toBeLessThanOrEqual(20);
});

test('Thanos is told not to answer with a part', () => {
  for (const group of groupsOf(settingsFor('thanos'))) expect(group.partial_response_strategy).toBe('abort');
  for (const group of groupsOf(settingsFor('prometheus')))
    expect(group).not.toHaveProperty('partial_response_strategy');
});

test.each([
  ['prometheus', '2.42', {}],
  ['prometheus', '2.53', { query_offset: '30s' }],
  ['mimir', '2.14', { query_offset: '30s' }],
  ['victoriametrics', '1.96', {}],
  ['victoriametrics', '1.97', { eval_delay: '30s' }],
] as const)('%s %s gets the offset as %j', (name, version, expected) => {
  const file = { groups: [{ name: 'g', rules: [{ record: 'a:b:c', expr: '1' }] }] } as const;
  const [group] = forTarget(file, { name, version }, { queryOffset: '30s' }).groups;
  const { rules: _, name: __, ...others } = group;
  expect(others).toEqual(expected);
});

/** It comes with VictoriaMetrics. */
function vmalert(settings: RuleSettings): { readonly status: number | null; readonly output: string } {
  const paths = [...prometheusRuleFiles(settings)].map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
  const program = join(dirname(realpathSync(tool('victoria-metrics'))), 'vmalert');
  const args = ['-dryRun', ...paths.map((path) => `-rule=${path}`)];
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { status, output: stderr };
}

test('a real vmalert 1.79 loads what is written for it, and refuses what is written for a newer one', () => {
  expect(vmalert(settingsFor('victoriametrics', '1.79'))).toMatchObject({ status: 0 });
  const newer = vmalert(settingsFor('victoriametrics'));
  expect(newer.status).not.toBe(0);
  expect(newer.output).toContain('unknown fields in rule: keep_firing_for');
});

test.each([
  ['2.42', '2.42'],
  ['v3.1.4', '3.1'],
  ['2', undefined],
  ['latest', undefined],
])('the version of %s is %s', (text, version) => expect(parseVersion(text)).toBe(version));

test('versions are compared as numbers', () => {
  expect(isAtLeast('2.100', '2.42')).toBe(true);
  expect(isAtLeast('3.0', '2.42')).toBe(true);
  expect(isAtLeast('2.9', '2.42')).toBe(false);
  expect(loads('query_offset', { name: 'victoriametrics', version: '9.0' })).toBe(false);
});

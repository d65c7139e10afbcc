import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LintContext, LintRule } from '../../../../cli/rules/lint/check.ts';
import { checks, duplicateCheck, lintRules } from '../../../../cli/rules/lint/lint-rules.ts';
import { shippedRules } from '../../../../cli/rules/lint.ts';
import { catalogue } from '../../../../metrics/index.ts';
import { gpuProfiles } from '../../../../rules/alert.ts';
import { recorded } from '../../../../rules/recording/index.ts';
import { defaultTarget } from '../../../../rules/targets/target.ts';
import { allThemes } from '../../../../rules/themes.ts';

const context: LintContext = {
  series: new Map([...recorded, ...catalogue]),
  recordedHere: new Set(['site:load:sum']),
  target: defaultTarget,
  scrapeSeconds: 15,
};
const labels = { severity: 'warning', team: 'sre', domain: 'gpu', action: 'investigate' };
const sound: LintRule = {
  group: 'g',
  name: 'Hot',
  kind: 'alert',
  expr: 'max by (cluster, node) (gpu_temperature_celsius) > 90',
  forSeconds: 60,
  hasKeepFiringFor: false,
  labels,
  annotations: { summary: '{{ $labels.node }} in {{ $labels.cluster }}' },
};

function foundIn(change: Partial<LintRule>, target = context.target): readonly string[] {
  return lintRules([{ ...sound, ...change }], { ...context, target }).map(({ check }) => check);
}

test('a sound rule has no finding', () => {
  expect(foundIn({})).toEqual([]);
});

/** Of the profiles of one exporter in two versions, a site has one. */
test.each(gpuProfiles)('no rule that we ship has a finding, with the profile %s', (gpuProfile) => {
  const others: readonly (string | undefined)[] = gpuProfiles.filter((profile) => profile !== gpuProfile);
  const themes = allThemes.filter(({ profile }) => !others.includes(profile));
  expect(lintRules(shippedRules(themes, defaultTarget), context)).toEqual([]);
});

const faults: readonly (readonly [check: string, change: Partial<LintRule>])[] = [
  ['promql/syntax', { expr: 'max by (cluster (gpu_up) > 1' }],
  ['target/function', { expr: 'mad_over_time(gpu_temperature_celsius[5m]) > 1' }],
  ['promql/name-regex', { expr: 'count by (cluster) ({__name__=~"gpu.*"}) > 1' }],
  ['promql/nan', { expr: 'gpu_temperature_celsius == NaN' }],
  ['promql/fragile', { expr: 'topk(3, gpu_temperature_celsius) > 90' }],
  ['alert/type', { expr: 'gpu_up[5m]' }],
  ['alert/type', { expr: '"text"' }],
  ['alert/type', { expr: 'time() - 5 > bool 3' }],
  ['alert/comparison', { expr: 'max by (cluster, node) (gpu_temperature_celsius)' }],
  ['alert/absent-for', { expr: 'absent(up{job="x"})', forSeconds: 15, annotations: {} }],
  ['alert/long-for', { forSeconds: 90_000 }],
  ['alert/template', { annotations: { summary: '{{ $labels.uuid }}' } }],
  ['alert/value-in-label', { labels: { ...labels, value: '{{ $value }}' } }],
  ['alert/routing', { labels: { severity: 'warning' } }],
  ['series/known', { expr: 'node_load1 > 5', annotations: {} }],
  ['series/labels', { expr: 'gpu_temperature_celsius{xid="79"} > 90' }],
  ['series/labels', { expr: 'gpu_up * on (uuid) group_left () gpu_info > 0' }],
  ['series/labels', { expr: 'max by (cluster, node) (gpu_up) > max by (cluster) (gpu_devices)' }],
  ['series/cluster', { expr: 'max by (node) (gpu_temperature_celsius) > 90', annotations: {} }],
  ['series/counter', { expr: 'max by (cluster, node) (gpu_xid_errors_total) > 5' }],
  ['series/rate-of-gauge', { expr: 'max by (cluster, node) (rate(gpu_temperature_celsius[5m])) > 1' }],
  ['series/window', { expr: 'max by (cluster, node) (rate(gpu_xid_errors_total[30s])) > 1' }],
];

test.each(faults)('%s finds %j', (check, change) => {
  expect(foundIn(change)).toContain(check);
});

test('a field that the target does not know is found', () => {
  expect(foundIn({ hasKeepFiringFor: true }, { name: 'prometheus', version: '2.41' })).toEqual(['target/field']);
  expect(foundIn({ hasKeepFiringFor: true })).toEqual([]);
});

test('a rule twice is found, and the same alert at another severity is none', () => {
  expect(lintRules([sound, sound], context).map(({ check }) => check)).toEqual([duplicateCheck.name]);
  expect(lintRules([sound, { ...sound, labels: { ...labels, severity: 'critical' } }], context)).toEqual([]);
});

test('what a file records itself is known, though not its labels', () => {
  expect(foundIn({ expr: 'site:load:sum > 5', annotations: {} })).toEqual([]);
});

test('every check has a fault that it finds, and stands in the guide', () => {
  const names = checks.map(({ name }) => name);
  expect([...new Set(faults.map(([name]) => name)), 'target/field'].sort()).toEqual([...names].sort());
  const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/rules.md'), 'utf8');
  for (const { name, about } of [...checks, duplicateCheck]) expect(guide).toContain(`| \`${name}\` | ${about} |`);
});

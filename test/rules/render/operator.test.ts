import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { alertThemes } from '../../../rules/alerts/index.ts';
import { profileThemes } from '../../../rules/profiles/index.ts';
import { recordingGroups } from '../../../rules/recording/index.ts';
import { prometheusRule } from '../../../rules/render/operator.ts';
import { alertFile, recordingFile } from '../../../rules/render/prometheus.ts';

const files = [
  ...[...alertThemes, ...profileThemes].map((theme) =>
    alertFile(theme, { runbookBaseUrl: 'https://runbooks.example' }),
  ),
  ...recordingGroups.map(recordingFile),
].map((file) => ({ name: file.groups[0].name, file }));

/** What the schema of the operator says to each object; null where it is content. */
function complaints(objects: readonly unknown[]): unknown {
  const script = join(import.meta.dirname, 'validate-prometheus-rules.mjs');
  return JSON.parse(execFileSync(process.execPath, [script], { input: JSON.stringify(objects), encoding: 'utf8' }));
}

const groupKeys = ['name', 'interval', 'rules'];
const alertKeys = ['alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
const recordKeys = ['record', 'expr', 'labels'];

test('the schema of the operator accepts every object', () => {
  expect(complaints(files.map(({ file }) => prometheusRule(file)))).toEqual(files.map(() => null));
});

test.each(files)('$name is a PrometheusRule with the groups of the plain file', ({ name, file }) => {
  const object = prometheusRule(file, { labels: { release: 'kube-prometheus-stack' }, namespace: 'monitoring' });
  expect(object.apiVersion).toBe('monitoring.coreos.com/v1');
  expect(object.kind).toBe('PrometheusRule');
  expect(object.metadata).toEqual({
    name: `fleetlens-${name}`,
    namespace: 'monitoring',
    labels: { 'app.kubernetes.io/name': 'fleetlens', release: 'kube-prometheus-stack' },
  });
  expect(object.spec).toEqual({ groups: file.groups });
});

// The schema of the operator lets unknown fields, empty texts and a rule that is both alert and record pass.
test.each(files)('$name has only fields that the operator knows, none empty', ({ file }) => {
  for (const group of prometheusRule(file).spec.groups) {
    expect(groupKeys).toEqual(expect.arrayContaining(Object.keys(group)));
    for (const rule of group.rules) {
      expect('alert' in rule ? alertKeys : recordKeys).toEqual(expect.arrayContaining(Object.keys(rule)));
      expect(rule.expr).not.toBe('');
    }
  }
});

test('objects have different names that are DNS labels, and stay far below the limit of etcd', () => {
  const objects = files.map(({ file }) => prometheusRule(file));
  const names = objects.map(({ metadata }) => metadata.name);
  expect(new Set(names).size).toBe(names.length);
  for (const object of objects) {
    expect(object.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(JSON.stringify(object).length).toBeLessThan(256 * 1024);
  }
});

test('the schema in use does refuse a broken object', () => {
  const broken = { ...prometheusRule({ groups: [{ name: 'gpu', rules: [] }] }), spec: { groups: [{ rules: [] }] } };
  expect(complaints([broken])).toEqual([expect.stringContaining('name')]);
});

test('a group name that cannot name an object is refused in words', () => {
  expect(() => prometheusRule({ groups: [{ name: 'Gpu_Lost', rules: [] }] })).toThrow(
    'rule group "Gpu_Lost" cannot name a Kubernetes object: use lower case letters, digits and "-"',
  );
});

test('without options there is neither a namespace nor a label of someone else', () => {
  expect(prometheusRule({ groups: [{ name: 'gpu', rules: [] }] }).metadata).toEqual({
    name: 'fleetlens-gpu',
    labels: { 'app.kubernetes.io/name': 'fleetlens' },
  });
});

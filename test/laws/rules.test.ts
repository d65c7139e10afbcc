import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { labelsOfPromql } from '../../cli/rules/promql/labels-of-promql.ts';
import { groupingLabels, nodesOf, parseExpression, syntaxErrors, textOf } from '../../cli/rules/promql/syntax.ts';
import { catalogue } from '../../metrics/index.ts';
import { targetLabels, labels as vocabulary } from '../../metrics/labels.ts';
import type { Alert } from '../../rules/alert.ts';
import { actions, domains, severities, teams } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { recorded, recordingGroups } from '../../rules/recording/index.ts';
import { ruleLabels } from '../../rules/render/prometheus.ts';
import { type ThresholdName, thresholds } from '../../rules/thresholds.ts';

const rulesFolder = join(import.meta.dirname, '../../rules');
/** A recorded series that has the name of an emitted one is as that. */
const everySeries = new Map([...recorded, ...catalogue]);
const alerts = alertThemes.flatMap(({ theme, alerts }) => alerts.map((alert) => ({ theme, name: alert.name, alert })));
const recordings = recordingGroups.flatMap(({ series }) => Object.values(series));

/** A run may span many nodes, and several exporters may see it. */
const aboutRuns = alerts.filter(({ alert }) => resultLabels(alert).has('run')).map(({ name }) => name);
/** A model has replicas on many nodes, and each upstream and tenant many proxies. */
const aboutServing = alerts.filter(({ alert }) => alert.domain === 'inference').map(({ name }) => name);
/** The inventory and its sources are of a cluster; only its items are, or are on, a node. */
const aboutInventory = alertThemes
  .filter(({ theme }) => theme === 'cmdb-sources' || theme === 'cmdb-health')
  .flatMap(({ alerts: themeAlerts }) => themeAlerts.map(({ name }) => name as string));
/** Costs and meters are of tenants and clusters. */
const aboutBilling = alerts.filter(({ alert }) => alert.domain === 'billing').map(({ name }) => name as string);
/** What is said of a fleet, and the service itself; single GPUs and nodes have a node. */
const aboutPrediction = alerts
  .filter(({ alert }) => alert.domain === 'prediction' && !resultLabels(alert).has('uuid'))
  .map(({ name }) => name as string);
/** Alerts about more than one node, or about what a whole cluster lacks. */
const withoutNode = [
  ...aboutRuns,
  ...aboutServing,
  ...aboutInventory,
  ...aboutBilling,
  ...aboutPrediction,
  'CmdbBaselineBehind',
  'ExporterAbsent',
  'ExporterWithoutNode',
  'ManyExportersDown',
  'RuleEvaluationFailures',
  'RuleEvaluationSlow',
  'Watchdog',
];
/** These fire on what is not there, so there is no series to take a cluster from; external_labels add it. */
const withoutCluster = ['ExporterAbsent', 'Watchdog'];

function resultLabels({ expr }: Alert): ReadonlySet<string> {
  const labels = labelsOfPromql(expr.promql, everySeries);
  if (labels === 'scalar') throw new Error('an alert needs a vector');
  return labels;
}

test.each(alerts)('the expression of $name reads only known series, with labels that they have', ({ alert }) => {
  expect(syntaxErrors(alert.expr.promql)).toEqual([]);
  expect(() => resultLabels(alert)).not.toThrow();
});

/** Old names that some kinds of engines emit; the rule adds them for the others. */
const emittedBySome = ['model_cache_misses_total'];

test.each(recordings)('$name keeps exactly the labels that it promises', ({ name, expr, labels }) => {
  expect(syntaxErrors(expr.promql)).toEqual([]);
  expect(labelsOfPromql(expr.promql, everySeries)).toEqual(new Set<string>(labels));
  expect(labels).toContain('cluster');
  expect([...catalogue.keys()].filter((emitted) => !emittedBySome.includes(emitted))).not.toContain(name);
});

test.each(recordings)(
  '$name is named level:metric:operation after its labels, or is an old name',
  ({ name, labels }) => {
    if (compatNames().includes(name)) return;
    const [level = '', metric, operation, ...rest] = name.split(':');
    expect(metric).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(operation).toMatch(/^[a-z][a-z0-9]*$/);
    expect(rest).toEqual([]);
    expect(labels).toEqual(level === 'target' ? labelsOfTargets(metric) : labelsOfLevel(level));
  },
);

/**
 * Nodes, runs and models are named within their cluster; a run is known by its job and framework too, a model by what
 * serves it, and an objective by its model.
 */
function labelsOfLevel(level: string): readonly string[] {
  const words = level.split('_');
  if (words[0] === 'run') return ['cluster', 'run', 'job_id', 'framework', ...words.slice(1)];
  if (words[0] === 'model') return ['cluster', 'engine_kind', 'model_name', ...words.slice(1)];
  if (words[0] === 'slo') return ['cluster', 'model_name', 'slo'];
  if (words[0] === 'gpu') return ['cluster', 'node', 'gpu_id', 'uuid', ...words.slice(1)];
  return words[0] === 'node' ? ['cluster', ...words] : words;
}

/** A series as it was scraped, with all its labels. */
function labelsOfTargets(metric = ''): readonly string[] {
  return [...new Set([...(catalogue.get(metric)?.labels ?? []), ...targetLabels])];
}

function compatNames(): readonly string[] {
  return recordingGroups.filter(({ group }) => group === 'compat').flatMap(({ series }) => Object.keys(series));
}

test.each(alerts)('$name keeps the labels that routing and inhibition go by', ({ name, alert }) => {
  const labels = resultLabels(alert);
  expect(labels.has('cluster')).toBe(!withoutCluster.includes(name));
  expect(labels.has('node')).toBe(!withoutNode.includes(name));
  // The prediction service knows a GPU by its uuid alone, wherever it is plugged in.
  if (alert.domain !== 'prediction') expect(labels.has('gpu_id')).toBe(labels.has('uuid'));
  expect(labels.has('job_id')).toBe(labels.has('run'));
  if (/about a GPU/.test(scopeOf(alert))) expect(labels).toContain('uuid');
  for (const label of Object.keys(ruleLabels(alert))) expect(labels).not.toContain(label);
});

function scopeOf({ expr }: Alert): string {
  const perGpu = [...everySeries.values()].some(
    ({ name, source, labels }) =>
      source !== 'cmdb' && labels.includes('uuid') && new RegExp(`\\b${name}\\b`).test(expr.promql),
  );
  // A GPU series after `unless` only excludes, and one that is counted is one of many; the alert is then about the node.
  if (expr.promql.startsWith('count by (cluster, node) (')) return 'about a node or more';
  return perGpu && !expr.promql.includes('up{job="fleetlens-gpu"}') ? 'about a GPU' : 'about a node or more';
}

test.each(alerts)('$name names only labels in its texts that are on the alert', ({ alert }) => {
  const used = [...alert.description.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
  expect([...resultLabels(alert), ...Object.keys(ruleLabels(alert))]).toEqual(expect.arrayContaining(used));
  for (const label of identity(alert)) expect(used).toContain(label);
});

/** What a reader must know to find the machine, the run or the model. */
function identity(alert: Alert): readonly string[] {
  return [
    ...['cluster', 'node', 'gpu_id', 'uuid', 'run', 'job_id'],
    ...['engine_kind', 'model_name', 'tenant', 'slo', 'upstream', 'engine'],
  ].filter((label) => resultLabels(alert).has(label) && !isAboutPrometheus(alert));
}

function isAboutPrometheus({ domain }: Alert): boolean {
  return domain === 'platform';
}

test.each(alerts)('$name asks only for known series in its texts', ({ alert }) => {
  const queries = [...alert.description.matchAll(/printf "([^"]*)"[^}|]*\| query/g)].map(([, query = '']) => query);
  expect(queries).toHaveLength(alert.description.split('| query').length - 1);
  for (const query of queries) expect(() => labelsOfPromql(query.replaceAll('%s', 'x'), everySeries)).not.toThrow();
});

test.each(alerts)('the texts of $name follow the style', ({ name, alert }) => {
  expect(name).toMatch(/^([A-Z][a-z0-9]+)+$/);
  expect(alert.summary).toMatch(/^[A-Z][^.{}\d]*\.$/);
  expect(alert.description).toMatch(/\.$/);
  const plainValues = [...alert.description.matchAll(/\{\{ \$value(.*?)\}\}/g)].filter(
    ([, pipe = '']) => !/^ \| humanize/.test(pipe),
  );
  expect(plainValues).toEqual([]);
  const sentences = [alert.runbook.meaning, ...alert.runbook.firstLook, ...alert.runbook.remedy];
  for (const sentence of sentences) expect(sentence).toMatch(/^[\w(].*[.:`)]$/s);
});

test.each(alerts)('$name is complete and uses the vocabulary', ({ alert }) => {
  expect(severities).toContain(alert.severity);
  expect(actions).toContain(alert.action);
  expect(domains).toContain(alert.domain);
  expect(teams).toContain(alert.team);
  expect(alert.for).toMatch(/^\d+[smhd]$/);
  expect(alert.fires.series.length).toBeGreaterThan(0);
  expect(alert.fires.alerts.length).toBeGreaterThan(0);
  expect(alert.quiet === 'never').toBe(alert.name === 'Watchdog');
  expect(alert.runbook.firstLook.length).toBeGreaterThan(0);
  expect(alert.runbook.remedy.length).toBeGreaterThan(0);
});

test.each(alerts)('$name compares, or asks for what is absent', ({ name, alert }) => {
  const compares = nodesOf(alert.expr.promql).some(({ name: node }) => /^(?:Eql|Neq|Gtr|Lss|Gte|Lte)$/.test(node));
  const asksForAbsent = alert.expr.promql.startsWith('absent(');
  expect(compares || asksForAbsent || name === 'Watchdog').toBe(true);
  expect(parseExpression(alert.expr.promql)?.name).not.toMatch(/MatrixSelector|Literal/);
});

test.each([...alerts.map(({ name, alert }) => ({ name, expr: alert.expr })), ...recordings])(
  '$name groups by labels of the vocabulary and never uses without or topk',
  ({ expr }) => {
    expect(Object.keys(vocabulary)).toEqual(expect.arrayContaining([...groupingLabels(expr.promql)]));
    expect(nodesOf(expr.promql).filter(({ name }) => /^(?:Without|Ignoring|Topk|Bottomk)$/.test(name))).toEqual([]);
  },
);

test.each(alerts)('$name takes its numbers from the thresholds that it names', ({ alert }) => {
  const numbers = nodesOf(alert.expr.promql)
    .filter(({ name }) => name === 'NumberDurationLiteral')
    .map((node) => Number(textOf(alert.expr.promql, node)));
  const own = (alert.thresholds ?? []).map((name) => thresholds[name].value as number);
  // 0 and 1 are truth values and empty counts, 2 is the step between PCIe generations or one interval and the next, 60 makes
  // minutes of seconds, 86400 is a day, and 0.5 is the quantile of the median.
  expect([0, 0.5, 1, 2, 60, 86_400, ...own]).toEqual(expect.arrayContaining(numbers));
  expect(numbers).toEqual(expect.arrayContaining(own));
});

test('every threshold belongs to an alert, ends in its unit and gives a reason', () => {
  const used = new Set<ThresholdName>(alerts.flatMap(({ alert }) => alert.thresholds ?? []));
  expect([...used].sort()).toEqual(Object.keys(thresholds).sort());
  for (const [name, { unit, reason }] of Object.entries(thresholds)) {
    expect(name).toMatch(/(?:Celsius|Ratio|Seconds|PerHour|PerMinute|Count)$/);
    expect(unit).not.toBe('');
    expect(reason).toMatch(/^[A-Z].*\.$/);
  }
});

test.each([
  ['ManyExportersDown', 'ExporterDown'],
  ['ManyExportersDown', 'InferenceEngineUnreachable'],
  ['InferenceAllUpstreamsDown', 'InferenceUpstreamDown'],
  ['InferenceAllEnginesDown', 'InferenceEngineUnreachable'],
])('%s fires before %s, which it inhibits', (inhibitor, inhibited) => {
  expect(waitOf(inhibitor)).toBeLessThan(waitOf(inhibited));
});

function waitOf(name: string): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(alerts.find((one) => one.name === name)?.alert.for ?? '') ?? [];
  return Number(count) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? Number.NaN);
}

test('names of alerts, groups and recorded series are unique', () => {
  const groups = [...alertThemes.map(({ theme }) => theme), ...recordingGroups.map(({ group }) => group)];
  for (const names of [alerts.map(({ name }) => name), groups, recordings.map(({ name }) => name)]) {
    expect(names).toEqual([...new Set(names)]);
  }
});

test.each([
  ['alerts', alertThemes.map(({ theme }) => theme)],
  ['recording', recordingGroups.map(({ group }) => group)],
])('the list of rules/%s holds every file of the folder, under the name of the file', (folder, listed) => {
  const files = readdirSync(join(rulesFolder, folder)).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  expect(files.map((file) => file.replace(/\.ts$/, '')).sort()).toEqual([...listed].sort());
});

test('every theme is also the default export of its file', async () => {
  for (const theme of alertThemes) {
    const module: { readonly default?: unknown } = await import(join(rulesFolder, 'alerts', `${theme.theme}.ts`));
    expect(module.default).toBe(theme);
  }
});

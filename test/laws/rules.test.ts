import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { labelsOfPromql } from '../../cli/rules/promql/labels-of-promql.ts';
import { groupingLabels, nodesOf, parseExpression, syntaxErrors, textOf } from '../../cli/rules/promql/syntax.ts';
import { catalogue } from '../../metrics/index.ts';
import { targetLabels, labels as vocabulary } from '../../metrics/labels.ts';
import type { Alert, AlertTheme } from '../../rules/alert.ts';
import { actions, domains, profiles, severities, teams } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { recorded, recordingGroups } from '../../rules/recording/index.ts';
import type { RecordingGroup } from '../../rules/recording.ts';
import { ruleLabels } from '../../rules/render/prometheus.ts';
import { type ThresholdName, thresholds } from '../../rules/thresholds.ts';

const rulesFolder = join(import.meta.dirname, '../../rules');
/** A recorded series that has the name of an emitted one is as that. */
const everySeries = new Map([...recorded, ...catalogue]);
const listed = (themes: readonly AlertTheme[]) =>
  themes.flatMap(({ theme, profile, alerts: own }) =>
    own.map((alert) => ({ theme, profile, name: alert.name, alert })),
  );
const ours = listed(alertThemes);
/** Ours, and those on series of other GPU exporters. */
const alerts = [...ours, ...listed(profileThemes)];
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
/** Services of the platform, pods and volumes wherever they are, and the monitoring itself. */
const aboutServices = alerts
  .filter(
    ({ theme, alert }) => alert.domain === 'platform' && !/^(?:node-|kubernetes-(?:nodes|gpus)$|exporter-)/.test(theme),
  )
  .map(({ name }) => name as string);
/** These fire where a profile has no series at all. */
const absentGuards = alerts.filter(({ name }) => name.endsWith('MetricsAbsent')).map(({ name }) => name as string);
/** Objectives are of a cluster, or of what serves in it. */
const aboutObjectives = alertThemes
  .filter(({ theme }) => theme.endsWith('-slo'))
  .flatMap(({ alerts: themeAlerts }) => themeAlerts.map(({ name }) => name as string));
/** Alerts about more than one node, or about what a whole cluster lacks. */
const withoutNode = [
  'AmdSeriesAbsent',
  'DcgmSeriesAbsent',
  ...aboutRuns,
  ...aboutServing,
  ...aboutInventory,
  ...aboutBilling,
  ...aboutPrediction,
  ...aboutServices,
  ...absentGuards,
  ...aboutObjectives,
  'BridgeDeadLetter',
  'BridgeDeliveryFailing',
  'BridgeRobotLimited',
  'CmdbBaselineBehind',
  'DevicePluginNotScheduled',
  'ExporterAbsent',
  'ExporterSeriesChurn',
  'ExporterWithoutNode',
  'FirmwareSkew',
  'GpuFleetEvent',
  'ManyExportersDown',
  'SharedFilesystemAlmostFull',
  'Watchdog',
];
/** These fire on what is not there, so there is no series to take a cluster from; external_labels add it. */
const withoutCluster = [...absentGuards, 'AmdSeriesAbsent', 'DcgmSeriesAbsent', 'ExporterAbsent', 'Watchdog'];

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

test.each(recordings)('$name keeps exactly the labels that it promises', ({ name, expr, labels, fixed = {} }) => {
  expect(syntaxErrors(expr.promql)).toEqual([]);
  const left = labelsOfPromql(expr.promql, everySeries);
  expect(new Set([...left, ...Object.keys(fixed)])).toEqual(new Set<string>(labels));
  expect(labels).toContain('cluster');
  expect([...catalogue.keys()].filter((emitted) => !emittedBySome.includes(emitted))).not.toContain(name);
});

test.each(recordings)(
  '$name is named level:metric:operation after its labels, or is an old name',
  ({ name, labels, fixed }) => {
    if (compatNames().includes(name)) return;
    const [level = '', metric, operation, ...rest] = name.split(':');
    expect(metric).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(operation).toMatch(/^[a-z][a-z0-9]*$/);
    expect(rest).toEqual([]);
    if (fixed !== undefined) return expect([labels[0], labels.at(-1), level]).toEqual(['cluster', 'slo', 'slo']);
    return expect(labels).toEqual(level === 'target' ? labelsOfTargets(metric) : labelsOfLevel(level));
  },
);

/**
 * Nodes, runs and models are named within their cluster; a run is known by its job and framework too, a model by what
 * serves it, an objective of the proxy by its model, and an alert has what its rule sets.
 */
function labelsOfLevel(level: string): readonly string[] {
  const words = level.split('_');
  if (words[0] === 'run') return ['cluster', 'run', 'job_id', 'framework', ...words.slice(1)];
  if (words[0] === 'model') return ['cluster', 'engine_kind', 'model_name', ...words.slice(1)];
  if (words[0] === 'slo') return ['cluster', 'model_name', 'slo'];
  if (level === 'alertname') return ['cluster', 'alertname', 'severity', 'domain', 'team'];
  if (level === 'gpu_job') return ['cluster', 'node', 'gpu_id', 'uuid', 'job_id'];
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
      !['cmdb', 'external:prometheus'].includes(source) &&
      labels.includes('uuid') &&
      new RegExp(`\\b${name}\\b`).test(expr.promql),
  );
  // A GPU series after `unless` only excludes, and one that is counted is one of many; the alert is then about node or model.
  if (/^count by \(cluster, (?:node|model)\) \(/.test(expr.promql)) return 'about a node or more';
  return perGpu && !/up\{job="fleetlens-gpu"\}|^absent|^max by \(cluster, (?:node|folded)\)/.test(expr.promql)
    ? 'about a GPU'
    : 'about a node or more';
}

test.each(alerts)('$name names only labels in its texts that are on the alert', ({ theme, alert }) => {
  const used = [...alert.description.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
  expect([...resultLabels(alert), ...Object.keys(ruleLabels(alert))]).toEqual(expect.arrayContaining(used));
  for (const label of identity(theme, alert)) expect(used).toContain(label);
});

/** What a reader must know to find the machine, the run, the model or the service. */
function identity(theme: string, alert: Alert): readonly string[] {
  const labels = resultLabels(alert);
  return identifying(theme, alert).filter((label) => labels.has(label));
}

function identifying(theme: string, { domain }: Alert): readonly string[] {
  // Prometheus and Alertmanager are known by their address; they may watch several clusters.
  if (/^(?:prometheus|alertmanager)-/.test(theme)) return ['instance', 'rule_group', 'integration', 'remote_name'];
  const everywhere = ['cluster', 'node', 'gpu_id', 'uuid', 'run', 'job_id'];
  const serving = ['engine_kind', 'model_name', 'tenant', 'slo', 'upstream', 'engine'];
  return [...everywhere, ...serving, ...(domain === 'platform' ? ofPlatform : [])];
}

const ofPlatform = [
  ...['namespace', 'pod', 'container', 'persistentvolumeclaim', 'resource', 'instance', 'rack'],
  ...['device', 'port', 'mountpoint', 'consumergroup', 'topic', 'datname', 'cluster_queue', 'queue_name'],
];

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

/** What makes base units of the units of other exporters, the bits of a mask, and the minutes of a rate. */
const unitsOfProfiles = [16, 8, 256, 128, 100, 1_048_576, 1_000_000_000];

test.each(alerts)('$theme: $name takes its numbers from the thresholds that it names', ({ theme, alert }) => {
  const numbers = nodesOf(alert.expr.promql)
    .filter(({ name }) => name === 'NumberDurationLiteral')
    .map((node) => Number(textOf(alert.expr.promql, node)));
  const own = (alert.thresholds ?? []).map((name) => thresholds[name].value as number);
  // 0 and 1 are truth values and empty counts, 2 is the step between PCIe generations or one interval and the next, 60 and 3600
  // make minutes and hours of seconds, 86400 is a day, 0.5 is the quantile of the median, 4 is a port of InfiniBand that
  // works, and 1000 makes whole units of thousandths.
  const units = ours.some((one) => one.theme === theme) ? [] : unitsOfProfiles;
  expect([0, 0.5, 1, 2, 4, 60, 1000, 3600, 86_400, ...units, ...own]).toEqual(expect.arrayContaining(numbers));
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
  ['NodeDown', 'ExporterDown'],
  ['NodeDown', 'NodeNotReady'],
  ['InferenceFleetAnomaly', 'InferenceTrafficAnomaly'],
  ['InferenceFleetAnomaly', 'InferenceThroughputBelowHistory'],
])('%s fires before %s, which it inhibits', (inhibitor, inhibited) => {
  expect(waitOf(inhibitor)).toBeLessThan(waitOf(inhibited));
});

function waitOf(name: string): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(alerts.find((one) => one.name === name)?.alert.for ?? '') ?? [];
  return Number(count) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? Number.NaN);
}

test.each(profiles.filter((profile) => alerts.some((alert) => alert.profile === profile)))(
  'the profile %s says so when it is loaded and its series are not there',
  (profile) => {
    const guards = alerts.filter((one) => one.profile === profile && one.alert.expr.promql.startsWith('absent('));
    expect(guards).not.toEqual([]);
  },
);

test.each(alerts)('$name reads no recorded series of a profile that may be left out', ({ profile, alert }) => {
  const isLoaded = (group: RecordingGroup): boolean => group.profile === undefined || group.profile === profile;
  const loaded = new Set(recordingGroups.filter(isLoaded).flatMap(({ series }) => Object.keys(series)));
  const ofOthers = recordingGroups.filter((group) => !isLoaded(group));
  const names = ofOthers.flatMap(({ series }) => Object.keys(series)).filter((name) => !loaded.has(name));
  expect(names.filter((name) => alert.expr.promql.includes(name))).toEqual([]);
});

test('names of alerts, groups and recorded series are unique', () => {
  const groups = [...alertThemes, ...profileThemes]
    .map(({ theme }) => theme)
    .concat(recordingGroups.map(({ group }) => group));
  const ofProfiles = profileThemes.flatMap(({ profile, alerts: own }) => own.map(({ name }) => `${profile} ${name}`));
  const series = recordings.map(({ name, fixed }) => JSON.stringify([name, fixed]));
  for (const names of [ours.map(({ name }) => name), ofProfiles, groups, series]) {
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

test('an alert of a profile differs from ours of its name in nothing but what it reads and its examples', () => {
  for (const { alert } of alerts.slice(ours.length)) {
    const own = ours.find(({ name }) => name === alert.name)?.alert;
    if (own === undefined) continue;
    const { expr, fires, quiet, thresholds: numbers, edges } = alert;
    expect(alert).toEqual({ ...own, expr, fires, quiet, thresholds: numbers, edges });
    const labels = (one: Alert) => Object.keys(one.fires.alerts[0] ?? {}).sort();
    expect({ name: own.name, labels: labels(alert) }).toEqual({ name: own.name, labels: labels(own) });
  }
});

test('every theme is also the default export of its file', async () => {
  for (const theme of alertThemes) {
    const module: { readonly default?: unknown } = await import(join(rulesFolder, 'alerts', `${theme.theme}.ts`));
    expect(module.default).toBe(theme);
  }
});

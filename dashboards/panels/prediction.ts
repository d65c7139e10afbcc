import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import { prediction } from '../../metrics/prediction.ts';
import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { gpuRecordings } from '../../rules/recording/gpu.ts';
import { definePanels, type Levels } from '../panel.ts';
import { toGpuDetail, toGpuFleet } from './board-links.ts';
import { eventsOf } from './recorded-increase.ts';
import { noneIsBetter, noneIsGood, onClusters, onNodes, orZero } from './scope.ts';

const noService = 'No prediction service';
const quiet = 'Nobody stands out';
const perEntity = (vector: Expr | PlainMetric): Expr => promql`max by (cluster, node, uuid) (${vector})`;
const probability = (horizon: string): Expr =>
  perEntity(select(prediction.prediction_failure_probability, { ...onNodes, horizon }));
const rank = perEntity(select(prediction.prediction_failure_alert_rank, onNodes));
const base = promql`max by (job, instance) (${select(prediction.prediction_failure_base_probability, { kind: 'gpu', horizon: '7d' })})`;
const week = promql`max by (cluster, node, uuid, job, instance) (${select(prediction.prediction_failure_probability, { ...onNodes, horizon: '7d' })})`;
/** Of those within the alert budget. */
const ofRanked = (vector: Expr): Expr => promql`${vector} and on (cluster, node, uuid) ${rank}`;
/** Out of what is recorded for those GPUs alone that have such errors. */
const grown = (errors: Expr): Expr => ofRanked(promql`sum by (cluster, node, uuid) (${eventsOf(errors, '7d')})`);
const { series } = gpuRecordings;
const temperature = perEntity(select(gpu.gpu_temperature_celsius, onNodes));
const expected = (estimate: string): Expr =>
  promql`sum by (kind) (max by (cluster, kind) (${select(prediction.prediction_expected_failures, { ...onClusters, horizon: '7d', estimate })}))`;
const entities = promql`max by (cluster, kind) (${select(prediction.prediction_entities, onClusters)})`;
const firing = select(prometheus.ALERTS, { alertstate: 'firing', domain: 'prediction' });

const device = [
  ['uuid', 'GPU'],
  ['cluster', 'Cluster'],
  ['node', 'Node'],
] as const;

/** Who is next, why, and what to expect of the fleet. */
export const predictionPanels = definePanels('prediction', {
  likely: {
    visual: 'stat',
    metric: prediction.prediction_failure_alert_rank,
    title: 'In alert budget',
    description:
      'How many GPUs are within the alert budget? Chosen GPUs that are likelier to fail than the median and are among the likeliest of the fleet.',
    unit: 'count',
    queries: [
      {
        expr: orZero(promql`count(${rank})`, select(prediction.prediction_failure_probability, { horizon: '7d' })),
        legend: 'within',
      },
    ],
    noValue: noService,
  },
  actNow: rulesThatSay('act_now', 'Act now', noneIsGood),
  nextWindow: rulesThatSay('next_window', 'At next window', noneIsBetter),
  expectedNow: {
    visual: 'stat',
    metric: prediction.prediction_expected_failures,
    title: 'Failures expected in a week',
    description:
      'How many failures are to be expected within a week? Of GPUs in the chosen clusters, with the ends of an interval that holds nine of ten weeks.',
    unit: 'none',
    queries: [
      { expr: expectedOf('gpu', 'expected'), legend: 'expected' },
      { expr: expectedOf('gpu', 'low'), legend: 'at least' },
      { expr: expectedOf('gpu', 'high'), legend: 'at most' },
    ],
    decimals: 1,
    noValue: noService,
  },
  unforeseeable: {
    visual: 'stat',
    metric: prediction.prediction_incidents_without_precursor_ratio,
    title: 'Unannounced',
    queries: [{ expr: promql`max(${prediction.prediction_incidents_without_precursor_ratio})`, legend: 'without' }],
    noValue: 'No failure known yet',
  },
  watched: {
    visual: 'stat',
    metric: prediction.prediction_entities,
    title: 'Devices with a probability',
    unit: 'count',
    queries: [{ expr: promql`sum by (kind) (${entities})`, legend: '{{kind}}' }],
    noValue: noService,
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts about failure risk fire?',
    description: 'Alerts of the domain prediction that are firing now, with the number of their instances.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      { heading: 'Instances', unit: 'count', expr: promql`count by (severity, alertname, cluster, node) (${firing})` },
    ],
    sortBy: ['Instances', 'largest'],
    noValue: 'No alert fires',
  },
  next: {
    visual: 'table',
    metric: prediction.prediction_failure_probability,
    title: 'Who is next?',
    description:
      'GPUs within the alert budget, the likeliest first. A calibrated probability is small: read it by rank and against the base rate, of which 100 % is the average GPU. All reasons of one GPU: fleetlens prediction explain, or /api/v1/risk of the service.',
    keys: device,
    columns: [
      { heading: 'Rank', unit: 'count', expr: rank },
      { heading: 'Within a day', unit: 'ratio', expr: ofRanked(probability('24h')) },
      { heading: 'Within a week', unit: 'ratio', expr: ofRanked(probability('7d')) },
      { heading: 'Within a month', unit: 'ratio', expr: ofRanked(probability('30d')) },
      {
        heading: 'Of the base rate',
        unit: 'ratio',
        expr: ofRanked(perEntity(promql`${week} / on (job, instance) group_left () ${base}`)),
        levels: { base: 'neutral', steps: [[3, 'warning']] },
      },
    ],
    sortBy: ['Rank', 'smallest'],
    leadsTo: toGpuDetail,
    noValue: quiet,
  },
  onFleet: {
    visual: 'table',
    metric: prediction.prediction_failure_probability,
    title: 'Which GPUs are likeliest to fail?',
    description: 'GPUs within the alert budget of the prediction service. The link leads to why and how sure.',
    keys: device,
    columns: [
      { heading: 'Rank', unit: 'count', expr: rank },
      { heading: 'Within a week', unit: 'ratio', expr: ofRanked(probability('7d')) },
    ],
    sortBy: ['Rank', 'smallest'],
    leadsTo: { ...toGpuFleet, uid: 'fleetlens-failure-risk', title: 'Failure risk' },
    noValue: quiet,
  },
  signs: {
    visual: 'table',
    metric: prediction.prediction_failure_alert_rank,
    title: 'What do they show?',
    description:
      'Signs of the last seven days on the GPUs within the alert budget. An empty cell is none, and an empty line is a GPU that is there for its past failures or for what only the model adds up.',
    keys: device,
    columns: [
      { heading: 'Rank', unit: 'count', expr: rank },
      {
        heading: 'Corrected ECC errors',
        unit: 'count',
        expr: grown(select(series['gpu_severity:gpu_ecc_errors:increase10m'], { ...onNodes, severity: 'correctable' })),
      },
      {
        heading: 'PCIe replays',
        unit: 'count',
        expr: grown(select(series['gpu:gpu_pcie_replays:increase10m'], onNodes)),
      },
      {
        heading: 'NVLink errors',
        unit: 'count',
        expr: grown(select(series['gpu_kind:gpu_nvlink_errors:increase10m'], onNodes)),
      },
      { heading: 'XIDs', unit: 'count', expr: grown(select(series['gpu_xid:gpu_xid_errors:increase10m'], onNodes)) },
      {
        heading: 'Hotter than its node',
        unit: 'celsius',
        expr: ofRanked(
          promql`(${temperature} - on (cluster, node) group_left () quantile by (cluster, node) (0.5, ${temperature}))`,
        ),
      },
    ],
    sortBy: ['Rank', 'smallest'],
    leadsTo: toGpuDetail,
    noValue: quiet,
  },
  rules: {
    visual: 'table',
    metric: prediction.prediction_rule_hit,
    title: 'Which rules are met?',
    description: 'Facts and no forecasts: what NVIDIA names as a reason to act, and telemetry that has collapsed.',
    keys: [
      ['severity', 'Severity'],
      ['rule', 'Rule'],
      ['uuid', 'GPU'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Met',
        unit: 'count',
        expr: promql`topk(200, max by (severity, rule, uuid, cluster, node) (${select(prediction.prediction_rule_hit, onNodes)}))`,
      },
    ],
    leadsTo: toGpuDetail,
    noValue: 'No rule is met',
  },
  nodes: {
    visual: 'bars',
    metric: prediction.prediction_failure_probability,
    title: 'Which nodes are likeliest to fail within a week?',
    description: 'Host and GPUs together, the ten likeliest.',
    unit: 'ratio',
    queries: [
      {
        expr: promql`topk(10, max by (cluster, node) (${select(prediction.prediction_failure_probability, { ...onNodes, uuid: '', horizon: '7d' })}))`,
        legend: '{{cluster}} {{node}}',
      },
    ],
    leadsTo: toGpuFleet,
    noValue: noService,
  },
  expectation: {
    visual: 'timeseries',
    metric: prediction.prediction_expected_failures,
    title: 'How does the expectation of a week change?',
    unit: 'none',
    queries: [
      { expr: expected('low'), legend: '{{kind}} at least' },
      { expr: expected('expected'), legend: '{{kind}} expected' },
      { expr: expected('high'), legend: '{{kind}} at most' },
    ],
    noValue: noService,
  },
  median: {
    visual: 'timeseries',
    metric: prediction.prediction_failure_median_probability,
    title: 'Has the whole fleet moved?',
    unit: 'ratio',
    queries: [
      {
        expr: promql`max by (kind) (${select(prediction.prediction_failure_median_probability, { horizon: '7d' })})`,
        legend: '{{kind}} median',
      },
      {
        expr: promql`max by (kind) (${select(prediction.prediction_failure_base_probability, { horizon: '7d' })})`,
        legend: '{{kind}} base rate',
      },
    ],
    noValue: noService,
  },
  layers: {
    visual: 'bars',
    metric: prediction.prediction_failure_layer_info,
    title: 'Who makes the probabilities?',
    description:
      'Devices of the chosen nodes by layer, for a week ahead. prior: rates of elsewhere. rate: of this fleet, with what happened before. learned: a model that has proven better here.',
    unit: 'count',
    queries: [
      {
        expr: promql`count by (layer) (max by (cluster, node, uuid, layer) (${select(prediction.prediction_failure_layer_info, { ...onNodes, horizon: '7d' })}))`,
        legend: '{{layer}}',
      },
    ],
    noValue: noService,
  },
});

function expectedOf(kind: string, estimate: string): Expr {
  return promql`sum(max by (cluster) (${select(prediction.prediction_expected_failures, { ...onClusters, kind, horizon: '7d', estimate })}))`;
}

/** The title is what such a rule says, and the legend. */
function rulesThatSay(severity: string, title: string, levels: Levels) {
  const hits = select(prediction.prediction_rule_hit, { ...onNodes, severity });
  const known = select(prediction.prediction_failure_probability, { horizon: '7d' });
  return {
    visual: 'stat',
    metric: prediction.prediction_rule_hit,
    title,
    description: 'How many rules of the maker say so of a GPU or a node now?',
    unit: 'count',
    queries: [
      { expr: orZero(promql`count(max by (cluster, node, uuid, rule) (${hits}))`, known), legend: title.toLowerCase() },
    ],
    levels,
    noValue: noService,
  } as const;
}

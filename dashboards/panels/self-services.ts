import { billing } from '../../metrics/billing.ts';
import { cmdb } from '../../metrics/cmdb.ts';
import { prometheus } from '../../metrics/external.ts';
import { prediction } from '../../metrics/prediction.ts';
import { type PlainMetric, promql } from '../../metrics/promql.ts';
import { prometheusServer as server } from '../../metrics/vendors/prometheus-server.ts';
import { definePanels, type Levels } from '../panel.ts';
import { noneIsBetter } from './scope.ts';

const everywhere = 'The choices above do not narrow it.';
const isUp: Levels = { base: 'critical', steps: [[1, 'ok']] };
const noServer = 'Prometheus does not scrape itself';

function query(reading: PlainMetric, legend: string) {
  return { expr: promql`min by (source) (max by (cluster, source) (${reading}))`, legend } as const;
}

/** What the services stand on: stores, leaders and sources; and the Prometheus that runs the rules. */
export const selfServicePanels = definePanels('self-services', {
  stores: {
    visual: 'stat',
    metric: cmdb.cmdb_store_up,
    title: 'Databases that answer',
    description: `Do the databases answer? 1 for each service whose database answers. ${everywhere}`,
    unit: 'count',
    queries: [
      { expr: promql`min(${cmdb.cmdb_store_up})`, legend: 'inventory' },
      { expr: promql`min(${billing.billing_store_up})`, legend: 'billing' },
    ],
    levels: isUp,
    noValue: 'No service',
  },
  leaders: {
    visual: 'stat',
    metric: cmdb.cmdb_leader,
    title: 'Replicas that lead',
    description: `Does one replica of each service lead? Replicas that lead; one is right. ${everywhere}`,
    unit: 'count',
    queries: [
      { expr: promql`sum(${cmdb.cmdb_leader})`, legend: 'inventory' },
      { expr: promql`sum(${billing.billing_leader})`, legend: 'billing' },
    ],
    levels: {
      base: 'critical',
      steps: [
        [1, 'ok'],
        [2, 'critical'],
      ],
    },
    noValue: 'No service',
  },
  dropped: {
    visual: 'stat',
    metric: cmdb.cmdb_dropped_series,
    title: 'Series left out for their number',
    description: `How many series are left out for their number? Series that services do not show since there would be too many. ${everywhere}`,
    unit: 'count',
    queries: [
      { expr: promql`sum(max by (metric) (${cmdb.cmdb_dropped_series}))`, legend: 'inventory' },
      { expr: promql`sum(max by (metric) (${billing.billing_dropped_series}))`, legend: 'billing' },
      { expr: promql`sum(max by (metric) (${prediction.prediction_dropped_series}))`, legend: 'prediction' },
    ],
    levels: noneIsBetter,
    noValue: 'None',
  },
  sources: {
    visual: 'bars',
    metric: cmdb.cmdb_source_up,
    title: 'Do the sources of the services answer?',
    description: `1 for each source that answered when it was asked last. ${everywhere}`,
    unit: 'count',
    queries: [
      query(cmdb.cmdb_source_up, 'inventory: {{source}}'),
      query(billing.billing_source_up, 'billing: {{source}}'),
      query(prediction.prediction_source_up, 'prediction: {{source}}'),
    ],
    levels: isUp,
    max: 1,
    decimals: 0,
    noValue: 'No source',
  },
  heaviest: {
    visual: 'bars',
    metric: prometheus.prometheus_rule_group_last_duration_seconds,
    title: 'Which rule groups take most of their time?',
    description:
      'Duration of the last evaluation as a share of the interval of the group; the ten heaviest, others than those of FleetLens among them. At 100 % evaluations are missed.',
    unit: 'ratio',
    queries: [
      {
        expr: promql`topk(10, max by (rule_group) (${prometheus.prometheus_rule_group_last_duration_seconds}) / max by (rule_group) (${prometheus.prometheus_rule_group_interval_seconds}))`,
        legend: '{{rule_group}}',
      },
    ],
    levels: {
      base: 'ok',
      steps: [
        [0.5, 'warning'],
        [1, 'critical'],
      ],
    },
    noValue: noServer,
  },
  ruleFailures: {
    visual: 'timeseries',
    metric: prometheus.prometheus_rule_evaluation_failures_total,
    title: 'Do rules fail, or come too late?',
    description: 'Evaluations of rules that failed, and evaluations of groups that were missed, by group.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (rule_group) (increase(${prometheus.prometheus_rule_evaluation_failures_total}[$__rate_interval])) > 0`,
        legend: 'failed: {{rule_group}}',
      },
      {
        expr: promql`sum by (rule_group) (increase(${server.prometheus_rule_group_iterations_missed_total}[$__rate_interval])) > 0`,
        legend: 'missed: {{rule_group}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    decimals: 0,
    noValue: 'Neither',
  },
  head: {
    visual: 'timeseries',
    metric: server.prometheus_tsdb_head_series,
    title: 'How many series does Prometheus hold?',
    unit: 'count',
    queries: [{ expr: promql`max by (instance) (${server.prometheus_tsdb_head_series})`, legend: '{{instance}}' }],
    noValue: noServer,
  },
});

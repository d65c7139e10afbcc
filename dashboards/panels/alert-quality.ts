import { prometheus } from '../../metrics/external.ts';
import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { alertsGroup } from '../../rules/recording/alerts.ts';
import { definePanels } from '../panel.ts';
import { toGpuFleet } from './board-links.ts';
import { noneIsBetter, noRecording, onAlerts } from './scope.ts';

const { series } = alertsGroup;
const firing = select(series['alertname:alerts_firing:count'], onAlerts);
const pending = select(series['alertname:alerts_pending:count'], onAlerts);
const firingSeconds = select(series['alertname:alerts_firing_seconds:increase1m'], onAlerts);
const started = select(series['alertname:alerts_started:count'], onAlerts);
const withdrawn = select(series['alertname:alerts_withdrawn:count'], onAlerts);

const inRange = (readings: Expr): Expr => byName(promql`sum_over_time(${readings}[$__range])`);
const meanSeconds = promql`${inRange(firingSeconds)} / ${inRange(started)}`;

const quiet = 'No alert in the time shown';
const name = [
  ['alertname', 'Alert'],
  ['severity', 'Severity'],
  ['domain', 'Domain'],
  ['team', 'Team'],
] as const;

function byName(readings: Expr | PlainMetric): Expr {
  return promql`sum by (alertname, severity, domain, team) (${readings})`;
}

function total(readings: Expr, label: string) {
  return [{ expr: promql`sum by (severity) (${readings})`, legend: `{{severity}}${label}` }] as const;
}

/** Whether alerts are worth the attention that they take: how many, how long, how often, and how many for nothing. */
export const alertQualityPanels = definePanels('alert-quality', {
  firing: {
    visual: 'stat',
    metric: series['alertname:alerts_firing:count'],
    title: 'Alerts firing',
    description: 'How many alerts fire? Alerts that fire now, by severity, silenced and inhibited ones among them.',
    unit: 'count',
    queries: [...total(firing, '')],
    noValue: 'None',
  },
  pending: {
    visual: 'stat',
    metric: series['alertname:alerts_pending:count'],
    title: 'Pending',
    description:
      'How many alerts are pending? Alerts whose condition holds and has not held for long enough, by severity.',
    unit: 'count',
    queries: [...total(pending, '')],
    noValue: 'None',
  },
  started: {
    visual: 'stat',
    metric: series['alertname:alerts_started:count'],
    title: 'Began to fire',
    description:
      'How many alerts began to fire? In the time range shown, each beginning of an alert that comes back among them.',
    unit: 'count',
    queries: [{ expr: promql`sum(sum_over_time(${started}[$__range]))`, legend: 'began' }],
    noValue: 'None',
  },
  forNothing: {
    visual: 'stat',
    metric: series['alertname:alerts_withdrawn:count'],
    title: 'Never fired',
    description:
      'How many pending alerts never fired? Alerts that were pending and went away again, in the time range shown.',
    unit: 'count',
    queries: [{ expr: promql`sum(sum_over_time(${withdrawn}[$__range]))`, legend: 'never fired' }],
    noValue: 'None',
  },
  bySeverity: {
    visual: 'timeseries',
    metric: series['alertname:alerts_firing:count'],
    title: 'How many alerts fire over time?',
    unit: 'count',
    queries: [...total(firing, '')],
    stacked: true,
    decimals: 0,
    noValue: quiet,
  },
  byTeam: {
    visual: 'timeseries',
    metric: series['alertname:alerts_firing:count'],
    title: 'Who has to look at them?',
    description: 'Alerts that fire, by the team that is on call for their rule.',
    unit: 'count',
    queries: [{ expr: promql`sum by (team) (${firing})`, legend: '{{team}}' }],
    stacked: true,
    decimals: 0,
    noValue: quiet,
  },
  beginnings: {
    visual: 'timeseries',
    metric: series['alertname:alerts_started:count'],
    title: 'When do alerts begin, and for whom?',
    description: 'Alerts that began to fire in each step of the picture, by team.',
    unit: 'count',
    queries: [{ expr: promql`sum by (team) (sum_over_time(${started}[$__interval]))`, legend: '{{team}}' }],
    draw: 'bars',
    stacked: true,
    decimals: 0,
    noValue: quiet,
  },
  waiting: {
    visual: 'timeseries',
    metric: series['alertname:alerts_pending:count'],
    title: 'How many alerts are pending over time?',
    unit: 'count',
    queries: [...total(pending, '')],
    stacked: true,
    decimals: 0,
    noValue: quiet,
  },
  noisiest: {
    visual: 'table',
    metric: series['alertname:alerts_started:count'],
    title: 'Which alerts begin most often?',
    description:
      'By name, the hundred that began most often in the time range shown; for how long they fired, all of them added up and each on average, and how many were pending and never fired. An alert that nobody acts on should not be told.',
    keys: name,
    columns: [
      { heading: 'Began', unit: 'count', expr: promql`topk(100, ${inRange(started)})` },
      { heading: 'Fired for', unit: 'seconds', expr: promql`topk(100, ${inRange(firingSeconds)})` },
      { heading: 'Each for', unit: 'seconds', expr: promql`topk(100, ${meanSeconds})` },
      { heading: 'Never fired', unit: 'count', expr: promql`topk(100, ${inRange(withdrawn)})` },
      { heading: 'Fire now', unit: 'count', expr: promql`topk(100, ${byName(firing)})` },
    ],
    sortBy: ['Began', 'largest'],
    noValue: quiet,
  },
  flapping: {
    visual: 'table',
    metric: series['alertname:alerts_started:count'],
    title: 'Which alerts flap?',
    description:
      'Alerts that began three times or more and fired for less than ten minutes each on average. A longer "for" or "keep firing for" calms them.',
    keys: name,
    columns: [
      {
        heading: 'Each for',
        unit: 'seconds',
        expr: promql`bottomk(50, (${meanSeconds} < 600) and ${inRange(started)} >= 3)`,
      },
      {
        heading: 'Began',
        unit: 'count',
        expr: promql`topk(50, (${inRange(started)} >= 3) and ${meanSeconds} < 600)`,
      },
    ],
    sortBy: ['Began', 'largest'],
    noValue: 'None flaps',
  },
  neverFired: {
    visual: 'table',
    metric: series['alertname:alerts_withdrawn:count'],
    title: 'Which alerts are pending and never fire?',
    description:
      'Alerts that went away while they were pending, in the time range shown, and never fired in it: their threshold is close to what is normal, or "for" keeps a short trouble from being told.',
    keys: name,
    columns: [
      {
        heading: 'Never fired',
        unit: 'count',
        expr: promql`topk(50, ${inRange(withdrawn)} unless ${inRange(started)})`,
      },
    ],
    sortBy: ['Never fired', 'largest'],
    noValue: 'None',
  },
  longest: {
    visual: 'table',
    metric: prometheus.ALERTS_FOR_STATE,
    title: 'Which alerts have lasted longest?',
    description:
      'Alerts that are pending or firing now, by how long their condition has held; the fifty oldest. What fires for days is a ticket, a silence or a threshold to change.',
    keys: [
      ['alertname', 'Alert'],
      ['severity', 'Severity'],
      ['team', 'Team'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'For',
        unit: 'seconds',
        expr: promql`topk(50, time() - min by (alertname, severity, team, cluster, node) (${select(prometheus.ALERTS_FOR_STATE, onAlerts)}))`,
      },
    ],
    sortBy: ['For', 'largest'],
    leadsTo: toGpuFleet,
    noValue: 'None',
  },
  byDomain: {
    visual: 'bars',
    metric: series['alertname:alerts_firing_seconds:increase1m'],
    title: 'What are alerts about?',
    description: 'Time for which alerts fired in the time range shown, all of them added up, by domain.',
    queries: [{ expr: promql`sum by (domain) (sum_over_time(${firingSeconds}[$__range]))`, legend: '{{domain}}' }],
    noValue: noRecording,
  },
  busiestCluster: {
    visual: 'bars',
    metric: series['alertname:alerts_started:count'],
    title: 'Where do alerts begin?',
    description: 'Alerts that began to fire in the time range shown, by cluster; the ten most.',
    unit: 'count',
    queries: [
      { expr: promql`topk(10, sum by (cluster) (sum_over_time(${started}[$__range])))`, legend: '{{cluster}}' },
    ],
    levels: noneIsBetter,
    noValue: quiet,
  },
});

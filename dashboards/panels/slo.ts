import { prometheus } from '../../metrics/external.ts';
import type { Expr, PlainMetric } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { definePanels, type Levels } from '../panel.ts';
import { noneIsBetter, noneIsGood, noRecording, onClusters, orZero } from './scope.ts';
import { recordedBySlos as recorded } from './slo-series.ts';

const onSlos = { ...onClusters, slo: { re: '$slo' } } as const;

const promised = recorded('slo:objective_ratio:constant');
const remaining = recorded('slo:error_budget_ratio:remaining');
const period = recorded('slo:period_seconds:constant');
const events = recorded('slo:events:increase1d');

const errorRatio = { hour: recorded('slo:error_ratio:rate1h'), day: recorded('slo:error_ratio:rate1d') } as const;
const errorsNow = recorded('slo:error_ratio:rate5m');

const left = promql`min by (cluster, slo) (${select(remaining, onSlos)})`;
const promise = promql`max by (cluster, slo) (${select(promised, onSlos)})`;

/** Pace against the one that uses up the budget in just its period. */
function burn(errors: PlainMetric): Expr {
  return promql`max by (cluster, slo) (${select(errors, onSlos)}) / on (cluster, slo) (1 - ${promise})`;
}

const worst = 'Of an objective with several instances the worst is shown.';
const pace = '100 % uses up the budget in just its period.';
const firing = select(prometheus.ALERTS, {
  ...onClusters,
  alertstate: 'firing',
  alertname: { re: '.*(ErrorBudgetBurn.*|SloAbsent)' },
});

const room: Levels = {
  base: 'critical',
  steps: [
    [0, 'warning'],
    [0.25, 'ok'],
  ],
};

/** What was promised, what of it is left, and how fast it goes. */
export const sloPanels = definePanels('slo', {
  missed: {
    visual: 'stat',
    metric: remaining,
    title: 'Objectives missed',
    description: 'How many objectives are missed? Objectives that have used up more than their error budget.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${left} < 0)`, select(remaining, onSlos)), legend: 'missed' }],
    levels: noneIsGood,
    noValue: noRecording,
  },
  burning: {
    visual: 'stat',
    metric: errorRatio.hour,
    title: 'Budgets burning too fast',
    description: `How many budgets go too fast? Objectives that used more of their error budget in the last hour than an hour may. ${pace}`,
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${burn(errorRatio.hour)} > 1)`, promise), legend: 'too fast' }],
    levels: noneIsBetter,
    noValue: noRecording,
  },
  least: {
    visual: 'stat',
    metric: remaining,
    title: 'Left of the scarcest budget',
    description:
      'How much is left of the scarcest budget? The least of all error budgets; below zero its objective was missed.',
    queries: [{ expr: promql`min(${left})`, legend: 'left' }],
    levels: room,
    noValue: noRecording,
  },
  budgets: {
    visual: 'table',
    metric: remaining,
    title: 'How much of the error budgets is left?',
    description: `Share of what may be bad in the period of the objective and is still left; below zero it was missed. Burn is the pace at which it goes: ${pace} ${worst} Objectives of the metering proxy are on the board LLM serving.`,
    keys: [
      ['slo', 'Objective'],
      ['cluster', 'Cluster'],
    ],
    columns: [
      { heading: 'Left', unit: 'ratio', expr: left, levels: room },
      { heading: 'Burn, last hour', unit: 'ratio', expr: burn(errorRatio.hour) },
      { heading: 'Burn, last day', unit: 'ratio', expr: burn(errorRatio.day) },
      { heading: 'Promise', unit: 'ratio', expr: promise },
      { heading: 'Over', unit: 'seconds', expr: promql`max by (cluster, slo) (${select(period, onSlos)})` },
      { heading: 'Events, last day', unit: 'count', expr: promql`sum by (cluster, slo) (${select(events, onSlos)})` },
    ],
    sortBy: ['Left', 'smallest'],
    noValue: noRecording,
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts about objectives fire?',
    description: 'Budgets that go too fast, and objectives of which nothing is measured any more; of the proxy too.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
    ],
    columns: [
      { heading: 'Instances', unit: 'count', expr: promql`count by (severity, alertname, cluster) (${firing})` },
    ],
    sortBy: ['Instances', 'largest'],
    noValue: 'No alert fires',
  },
  left: {
    visual: 'timeseries',
    metric: remaining,
    title: 'Where do the error budgets go?',
    description: `${remaining.help} ${worst} The 16 scarcest.`,
    queries: [{ expr: promql`bottomk(16, ${left})`, legend: '{{slo}} {{cluster}}' }],
    max: 1,
    noValue: noRecording,
  },
  burn: {
    visual: 'timeseries',
    metric: errorRatio.hour,
    title: 'How fast do the error budgets go?',
    description: `Pace of the last hour. ${pace} At 1440 % of a budget of thirty days the fast alert fires. ${worst} At most 16 curves.`,
    unit: 'ratio',
    queries: [{ expr: promql`topk(16, ${burn(errorRatio.hour)})`, legend: '{{slo}} {{cluster}}' }],
    noValue: noRecording,
  },
  errors: {
    visual: 'timeseries',
    metric: errorsNow,
    title: 'How much is bad right now?',
    description: `${errorsNow.help} ${worst} At most 16 curves.`,
    queries: [
      {
        expr: promql`topk(16, max by (cluster, slo) (${select(errorsNow, onSlos)}))`,
        legend: '{{slo}} {{cluster}}',
      },
    ],
    noValue: noRecording,
  },
});

import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { sloRecordings } from '../../rules/recording/slo.ts';
import { definePanels } from '../panel.ts';
import { noRecording, onClusters, onObjectives } from './scope.ts';

const { series } = sloRecordings;

function eventsInRange(counter: Expr): Expr {
  return promql`sum by (cluster, model_name, slo) (increase(${counter}[$__range]))`;
}

const events = eventsInRange(select(inference.inference_slo_events_total, onObjectives));
const good = eventsInRange(select(inference.inference_slo_good_events_total, onObjectives));
/** Share that may be bad. */
const budget = promql`(1 - max by (cluster, slo) (${select(inference.inference_slo_objective_ratio, onClusters)}) > 0)`;
const ofBudget = promql`/ on (cluster, slo) group_left () ${budget}`;
const left = promql`1 - (1 - (${good} or 0 * ${events}) / (${events} > 0)) ${ofBudget}`;

function perSlo(recorded: Expr): Expr {
  return promql`max by (cluster, model_name, slo) (${recorded})`;
}

function burn(recorded: Expr): Expr {
  return promql`${perSlo(recorded)} ${ofBudget}`;
}

const pace = '100 % is just used up within thirty days.';

/** What was promised, and how much room is left. */
export const inferenceObjectivePanels = definePanels('inference-objectives', {
  budgets: {
    visual: 'table',
    metric: inference.inference_slo_events_total,
    title: 'How much of the error budgets is left?',
    description: `Share of the bad requests that the objective allows and that are still left, for the requests of the time range shown: choose thirty days for what was promised. Below zero it was missed. Burn is the pace at which the budget is used: ${pace}`,
    keys: [
      ['cluster', 'Cluster'],
      ['slo', 'Objective'],
      ['model_name', 'Model'],
    ],
    columns: [
      {
        heading: 'Left',
        unit: 'ratio',
        expr: left,
        levels: {
          base: 'critical',
          steps: [
            [0, 'warning'],
            [0.25, 'ok'],
          ],
        },
      },
      {
        heading: 'Burn, last hour',
        unit: 'ratio',
        expr: burn(select(series['slo:error_ratio:rate1h'], onObjectives)),
      },
      {
        heading: 'Burn, last day',
        unit: 'ratio',
        expr: burn(select(series['slo:error_ratio:rate1d'], onObjectives)),
      },
      { heading: 'Requests', unit: 'count', expr: events },
    ],
    sortBy: ['Left', 'smallest'],
    noValue: 'No objective is measured: this needs the proxy',
  },
  burn: {
    visual: 'timeseries',
    metric: series['slo:error_ratio:rate1h'],
    title: 'How fast are the error budgets used up?',
    description: `Pace of the last hour against what the objective allows. ${pace} At 1440 % the alert InferenceErrorBudgetBurnFast fires. At most 16 curves.`,
    queries: [
      {
        expr: promql`topk(16, ${burn(select(series['slo:error_ratio:rate1h'], onObjectives))})`,
        legend: '{{model_name}} {{slo}}',
      },
    ],
    noValue: noRecording,
  },
  missed: {
    visual: 'timeseries',
    metric: series['slo:error_ratio:rate5m'],
    title: 'How many requests miss their objective?',
    description: `${series['slo:error_ratio:rate5m'].help} At most 16 curves.`,
    queries: [
      {
        expr: promql`topk(16, ${perSlo(select(series['slo:error_ratio:rate5m'], onObjectives))})`,
        legend: '{{model_name}} {{slo}}',
      },
    ],
    max: 1,
    noValue: noRecording,
  },
  promises: {
    visual: 'table',
    metric: inference.inference_slo_objective_ratio,
    title: 'What is promised?',
    description:
      'Share of requests that should be good, and the longest time that is good; a threshold without a model is for all that have none of their own.',
    keys: [
      ['cluster', 'Cluster'],
      ['slo', 'Objective'],
      ['model_name', 'Model'],
    ],
    columns: [
      {
        heading: 'Good within',
        unit: 'seconds',
        expr: promql`max by (cluster, slo, model_name) (${select(inference.inference_slo_threshold_seconds, onClusters)})`,
      },
      {
        heading: 'Share of good ones',
        unit: 'ratio',
        expr: promql`max by (cluster, slo) (${select(inference.inference_slo_objective_ratio, onClusters)})`,
      },
    ],
    noValue: 'No proxy',
  },
  quality: {
    visual: 'table',
    metric: inference.model_accuracy,
    title: 'How good are the answers?',
    description: `${inference.model_accuracy.help} The alert ModelAccuracyLow fires below the threshold.`,
    keys: [
      ['cluster', 'Cluster'],
      ['dataset', 'Data'],
      ['model_name', 'Model'],
    ],
    columns: [
      {
        heading: 'Quality',
        unit: 'none',
        expr: promql`max by (cluster, dataset, model_name) (${select(inference.model_accuracy, onObjectives)})`,
      },
      {
        heading: 'Threshold',
        unit: 'none',
        expr: promql`max by (cluster, dataset, model_name) (${select(inference.model_accuracy_threshold, onObjectives)})`,
      },
      {
        heading: 'Measured before',
        unit: 'seconds',
        expr: promql`time() - max by (cluster, dataset, model_name) (${select(inference.model_accuracy_timestamp_seconds, onObjectives)})`,
      },
    ],
    sortBy: ['Quality', 'smallest'],
    noValue: 'Nobody has pushed a quality',
  },
});

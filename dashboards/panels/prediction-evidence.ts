import type { Metric } from '../../metrics/define.ts';
import { prediction } from '../../metrics/prediction.ts';
import { type Expr, promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';

const notYet = 'Nothing could be judged yet';
const noModel = 'No model is made yet';

type Figure = Metric<string, 'gauge', 'source' | 'kind' | 'horizon'>;
const byStatement = (metric: Figure): Expr => promql`max by (source, kind, horizon) (${select(metric, {})})`;
const ofWeek = (metric: Figure): Expr =>
  promql`max by (source, kind) (${select(metric, { kind: { re: 'gpu|all' }, horizon: '7d' })})`;
const gain = (estimate: string): Expr =>
  promql`max by (kind, horizon, figure) (${select(prediction.prediction_promotion_gain, { estimate })})`;
const byHorizon = (metric: Metric<string, 'gauge', 'horizon'>): Expr =>
  promql`max by (horizon) (${select(metric, {})})`;
const observed = byHorizon(prediction.prediction_outcome_observed_failures);
const expected = byHorizon(prediction.prediction_outcome_expected_failures);
const bySource = '{{source}} {{kind}}';

/** How good what is said has been, and whether it still holds. */
export const predictionEvidencePanels = definePanels('prediction-evidence', {
  precision: {
    visual: 'stat',
    metric: prediction.prediction_evaluation_precision_ratio,
    title: 'Alerts that came true',
    description:
      'How many alerts came true? Share of the alerts within the daily budget that were followed by a failure within a week.',
    queries: [{ expr: ofWeek(prediction.prediction_evaluation_precision_ratio), legend: bySource }],
    noValue: notYet,
  },
  recall: {
    visual: 'stat',
    metric: prediction.prediction_evaluation_incident_recall_ratio,
    title: 'Failures alerted before',
    description:
      'How many failures had an alert before? At the daily budget, a week ahead. The others came without a warning.',
    queries: [{ expr: ofWeek(prediction.prediction_evaluation_incident_recall_ratio), legend: bySource }],
    noValue: notYet,
  },
  lead: {
    visual: 'stat',
    metric: prediction.prediction_evaluation_lead_seconds,
    title: 'Lead time',
    description: 'How long before? Half of the failures that had an alert had it at least so long before.',
    queries: [{ expr: ofWeek(prediction.prediction_evaluation_lead_seconds), legend: bySource }],
    noValue: notYet,
  },
  skill: {
    visual: 'stat',
    metric: prediction.prediction_evaluation_brier_skill,
    title: 'Better than the base rate',
    description:
      'How much better than the base rate? Brier skill a week ahead: 0 knows no more than that all are alike, below 0 is worse than that.',
    unit: 'none',
    queries: [{ expr: ofWeek(prediction.prediction_evaluation_brier_skill), legend: bySource }],
    noValue: notYet,
  },
  figures: {
    visual: 'table',
    metric: prediction.prediction_evaluation_average_precision,
    title: 'How good are the statements?',
    description:
      'prequential: of models that did not know the time, when the set in use was made. said: what this service said and whose time is over. Average precision is to be compared with the share that failed.',
    keys: [
      ['kind', 'Kind'],
      ['horizon', 'Horizon'],
      ['source', 'Judged'],
    ],
    columns: [
      { heading: 'Statements', unit: 'count', expr: byStatement(prediction.prediction_evaluation_rows) },
      { heading: 'Failed', unit: 'ratio', expr: byStatement(prediction.prediction_evaluation_failed_ratio) },
      {
        heading: 'Average precision',
        unit: 'none',
        expr: byStatement(prediction.prediction_evaluation_average_precision),
      },
      {
        heading: 'Alerts that came true',
        unit: 'ratio',
        expr: byStatement(prediction.prediction_evaluation_precision_ratio),
      },
      {
        heading: 'Failures with an alert',
        unit: 'ratio',
        expr: byStatement(prediction.prediction_evaluation_incident_recall_ratio),
      },
      {
        heading: 'Half had it before',
        unit: 'seconds',
        expr: byStatement(prediction.prediction_evaluation_lead_seconds),
      },
      {
        heading: 'Nine of ten had it before',
        unit: 'seconds',
        expr: byStatement(prediction.prediction_evaluation_short_lead_seconds),
      },
      {
        heading: 'False episodes per 1,000 days',
        unit: 'none',
        expr: byStatement(prediction.prediction_evaluation_false_episodes_per_thousand_days),
      },
      { heading: 'Brier skill', unit: 'none', expr: byStatement(prediction.prediction_evaluation_brier_skill) },
    ],
    sortBy: ['Statements', 'largest'],
    noValue: notYet,
  },
  calibration: {
    visual: 'timeseries',
    metric: prediction.prediction_evaluation_calibration_error,
    title: 'How far are probabilities from shares that failed?',
    unit: 'none',
    queries: [
      {
        expr: byStatement(prediction.prediction_evaluation_calibration_error),
        legend: '{{source}} {{kind}} {{horizon}}',
      },
    ],
    noValue: notYet,
  },
  outcome: {
    visual: 'timeseries',
    metric: prediction.prediction_outcome_observed_failures,
    title: 'Do as many fail as was said?',
    description:
      'Failures over the sum of the probabilities of past statements, by horizon. 100 % is right; outside 50 % to 200 % the size of probabilities is wrong.',
    unit: 'ratio',
    queries: [{ expr: promql`${observed} / (${expected} > 0)`, legend: '{{horizon}}' }],
    noValue: notYet,
  },
  promotion: {
    visual: 'table',
    metric: prediction.prediction_promotion_gain,
    title: 'Was the learned model better than the rate?',
    description:
      'Gains on times that neither knew. It is used only if it gains in all, and in ranking and calibration by more than chance.',
    keys: [
      ['kind', 'Kind'],
      ['horizon', 'Horizon'],
      ['figure', 'Figure'],
    ],
    columns: [
      { heading: 'Gain', unit: 'none', expr: gain('mean') },
      { heading: 'At least, 19 of 20', unit: 'none', expr: gain('low') },
    ],
    sortBy: ['Gain', 'largest'],
    noValue: 'No learned model was tried',
  },
  drift: {
    visual: 'bars',
    metric: prediction.prediction_feature_drift_psi,
    title: 'Which features lie elsewhere than in training?',
    description: 'The ten largest population stability indexes; above 0.2 is worth a look.',
    queries: [
      {
        expr: promql`topk(10, max by (kind, feature) (${prediction.prediction_feature_drift_psi}))`,
        legend: '{{kind}} {{feature}}',
      },
    ],
    noValue: noModel,
  },
  age: {
    visual: 'stat',
    metric: prediction.prediction_model_trained_timestamp_seconds,
    title: 'Age of the models',
    unit: 'seconds',
    queries: [{ expr: promql`time() - max(${prediction.prediction_model_trained_timestamp_seconds})`, legend: 'age' }],
    noValue: 'Only the prior answers',
  },
  incidents: {
    visual: 'stat',
    metric: prediction.prediction_incidents,
    title: 'Known failures',
    unit: 'count',
    queries: [{ expr: promql`max by (kind) (${prediction.prediction_incidents})`, legend: '{{kind}}' }],
    noValue: noModel,
  },
});

import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { definePanels, type Query } from '../panel.ts';
import { ofChosenRuns, onRuns, perRun } from './scope.ts';

const loss = ofChosenRuns(training.training_loss);
const median = ofChosenRuns(training.training_loss_median);
const deviation = ofChosenRuns(training.training_loss_mad);
const bounded = 'At most 16 curves: choose runs above.';

/** A board over a thousand runs must not draw a thousand curves, whatever is chosen. */
function curves(readings: Expr, name?: string): Query {
  return { expr: promql`topk(16, ${readings})`, legend: name === undefined ? '{{run}}' : `{{run}} ${name}` };
}

function curvesOf<M extends Parameters<typeof ofChosenRuns>[0]>(metric: M) {
  return { visual: 'timeseries', metric, queries: [curves(ofChosenRuns(metric))] } as const;
}

/** What the chosen runs learn. */
export const trainingLearningPanels = definePanels('training-learning', {
  loss: {
    visual: 'timeseries',
    metric: training.training_loss,
    title: 'Does the loss fall?',
    description: `${training.training_loss.help} With the median of the last 128 losses, and what the next one must stay below not to count as a spike (median + 6 MAD, and 1.1 times the median). ${bounded}`,
    queries: [
      curves(loss),
      curves(median, 'median'),
      curves(promql`(${median} + 6 * ${deviation} > 1.1 * ${median} or 1.1 * ${median})`, 'spike limit'),
    ],
    noValue: 'No loss seen',
  },
  evalLoss: {
    ...curvesOf(training.training_eval_loss),
    title: 'Does the loss fall on data not trained on?',
    description: `${training.training_eval_loss.help} ${bounded}`,
    noValue: 'No evaluation seen',
  },
  learningRate: {
    ...curvesOf(training.training_learning_rate),
    title: 'Where is the learning rate in its schedule?',
    description: `${training.training_learning_rate.help} ${bounded}`,
    noValue: 'Not reported',
  },
  gradNorm: {
    ...curvesOf(training.training_grad_norm),
    title: 'Are the gradients sound?',
    description: `${training.training_grad_norm.help} ${bounded}`,
    noValue: 'Not reported',
  },
  trouble: {
    visual: 'timeseries',
    metric: training.training_nonfinite_steps_total,
    title: 'When were steps lost to numbers?',
    description:
      'Steps whose loss was NaN or infinite, steps whose update was left out (such as for an overflow of mixed precision), and losses that stood out.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, ${perRun(promql`increase(${select(training.training_nonfinite_steps_total, onRuns)}[$__rate_interval])`)} > 0)`,
        legend: '{{run}} NaN or infinite',
      },
      {
        expr: promql`topk(16, ${perRun(promql`increase(${select(training.training_skipped_steps_total, onRuns)}[$__rate_interval])`)} > 0)`,
        legend: '{{run}} left out',
      },
      {
        expr: promql`topk(16, ${perRun(promql`increase(${select(training.training_loss_spikes_total, onRuns)}[$__rate_interval])`)} > 0)`,
        legend: '{{run}} spikes',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'No such step',
  },
  lossScale: {
    ...curvesOf(training.training_loss_scale),
    title: 'Does the loss scale hold?',
    description: `${training.training_loss_scale.help} ${bounded}`,
    noValue: 'No mixed precision',
  },
});

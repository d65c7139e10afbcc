import { countOf, promql, select, sumOf } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { trainingGroup } from '../../rules/recording/training.ts';
import { definePanels } from '../panel.ts';
import { noRecording, ofChosenRuns, onRuns, perRun } from './scope.ts';

const { series } = trainingGroup;
const phase = training.training_phase_duration_seconds;
const ofSteps = { ...onRuns, phase: { notRe: 'checkpoint|evaluation' } } as const;
const bounded = 'At most 16 curves: choose runs above.';

const p50 = perRun(select(series['run:training_step_duration_seconds:p50'], onRuns));
const p95 = perRun(select(series['run:training_step_duration_seconds:p95'], onRuns));
const badput = select(series['run_reason:training_badput_ratio:avg1h'], onRuns);
const goodput = perRun(select(series['run:training_goodput_ratio:avg1h'], onRuns));
const age = perRun(select(series['run:training_checkpoint_age_seconds:min'], onRuns));

/** How fast the chosen runs are, and where their time goes. */
export const trainingSpeedPanels = definePanels('training-speed', {
  tokens: {
    visual: 'timeseries',
    metric: training.training_tokens_per_second,
    title: 'How many tokens per second?',
    description: `${training.training_tokens_per_second.help} ${bounded}`,
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, ${ofChosenRuns(training.training_tokens_per_second)})`,
        legend: '{{run}}',
      },
    ],
    noValue: 'Not reported',
  },
  steps: {
    visual: 'timeseries',
    metric: training.training_step_duration_seconds,
    title: 'How long does a step take?',
    description: `Duration that half of the steps of ten minutes did not exceed, and 95 % of them. ${bounded}`,
    queries: [
      { expr: promql`topk(16, ${p50})`, legend: '{{run}} half' },
      { expr: promql`topk(16, ${p95})`, legend: '{{run}} 95 %' },
    ],
    noValue: noRecording,
  },
  mfu: {
    visual: 'timeseries',
    metric: training.training_mfu_ratio,
    title: 'How much of the peak of the GPUs is used?',
    description: `${training.training_mfu_ratio.help} ${bounded}`,
    queries: [{ expr: promql`topk(16, ${ofChosenRuns(training.training_mfu_ratio)})`, legend: '{{run}}' }],
    max: 1,
    noValue: 'Not reported',
  },
  memory: {
    visual: 'timeseries',
    metric: training.training_memory_bytes,
    title: 'How much device memory do the frameworks report?',
    description: `${training.training_memory_bytes.help} ${bounded}`,
    queries: [
      {
        expr: promql`topk(16, max by (cluster, run, job_id, framework, kind) (${select(training.training_memory_bytes, onRuns)}))`,
        legend: '{{run}} {{kind}}',
      },
    ],
    noValue: 'Not reported',
  },
  phases: {
    visual: 'timeseries',
    metric: phase,
    title: 'Where does the time of a step go?',
    description:
      'Mean duration of each phase, over the chosen runs. Choose one run: phases of different runs do not add up.',
    queries: [
      {
        expr: promql`sum by (phase) (increase(${sumOf(phase, ofSteps)}[$__rate_interval])) / sum by (phase) (increase(${countOf(phase, ofSteps)}[$__rate_interval]))`,
        legend: '{{phase}}',
      },
    ],
    stacked: true,
    noValue: 'No run reports phases',
  },
  goodput: {
    visual: 'timeseries',
    metric: series['run:training_goodput_ratio:avg1h'],
    title: 'How much of the time makes progress?',
    description: `${series['run:training_goodput_ratio:avg1h'].help} ${bounded}`,
    queries: [{ expr: promql`topk(16, ${goodput})`, legend: '{{run}}' }],
    max: 1,
    noValue: noRecording,
  },
  badput: {
    visual: 'timeseries',
    metric: series['run_reason:training_badput_ratio:avg1h'],
    title: 'What does the rest of the time go into?',
    description:
      'Share of the last hour that was not spent on lasting steps, by reason, averaged over the chosen runs; recovery is the time from the last step before a restart to the first after it.',
    queries: [
      { expr: promql`sum by (reason) (${badput}) / on () group_left () count(${goodput})`, legend: '{{reason}}' },
    ],
    stacked: true,
    noValue: noRecording,
  },
  checkpoints: {
    visual: 'timeseries',
    metric: series['run:training_checkpoint_age_seconds:min'],
    title: 'How much work would a crash cost?',
    description: `${series['run:training_checkpoint_age_seconds:min'].help} ${bounded}`,
    queries: [{ expr: promql`topk(16, ${age})`, legend: '{{run}}' }],
    noValue: 'No checkpoint seen',
  },
  setbacks: {
    visual: 'timeseries',
    metric: training.training_restarts_total,
    title: 'When did runs start again or go back?',
    description: 'Restarts, returns to an earlier step, and checkpoints that could not be saved. At most 16 of each.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(16, ${perRun(promql`increase(${select(training.training_restarts_total, onRuns)}[$__rate_interval])`)} > 0)`,
        legend: '{{run}} restarts',
      },
      {
        expr: promql`topk(16, ${perRun(promql`increase(${select(training.training_rollbacks_total, onRuns)}[$__rate_interval])`)} > 0)`,
        legend: '{{run}} went back',
      },
      {
        expr: promql`topk(16, ${perRun(promql`increase(${select(training.training_checkpoint_failures_total, onRuns)}[$__rate_interval])`)} > 0)`,
        legend: '{{run}} checkpoint failed',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'None',
  },
  wastedSteps: {
    visual: 'bars',
    metric: training.training_wasted_steps_total,
    title: 'Which runs had to do steps again?',
    description: 'The ten runs that lost the most steps by going back, in the time range shown.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(10, ${perRun(promql`increase(${select(training.training_wasted_steps_total, onRuns)}[$__range])`)} > 0)`,
        legend: '{{run}}',
      },
    ],
    decimals: 0,
    noValue: 'None',
  },
});

import { prometheus } from '../../metrics/external.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { trainingGroup } from '../../rules/recording/training.ts';
import { definePanels, type Levels } from '../panel.ts';
import { noneIsBetter, noneIsGood, noRecording, ofChosenRuns, onRuns, orZero, perRun, straggling } from './scope.ts';

const { series } = trainingGroup;
const info = select(training.training_run_info, onRuns);
const nonFinite = ofChosenRuns(training.training_loss_nonfinite);
const tokens = ofChosenRuns(training.training_tokens_per_second);
const goodput = perRun(select(series['run:training_goodput_ratio:avg1h'], onRuns));
const firing = select(prometheus.ALERTS, { ...onRuns, alertstate: 'firing', domain: 'training' });
const quiet = select(prometheus.ALERTS, {
  ...onRuns,
  alertstate: 'firing',
  alertname: { re: 'TrainingStalled|TrainingWentQuiet' },
});

function inPhase(phase: string): Expr {
  return perRun(select(training.training_run_phase, { ...onRuns, phase }));
}

/** The hundred runs that showed a sign of life last: with a thousand runs a table of all of them helps nobody. */
const latest = promql`topk(100, ${ofChosenRuns(training.training_last_step_timestamp_seconds)} or ${ofChosenRuns(training.training_start_timestamp_seconds)})`;

function ofLatest(column: Expr): Expr {
  return promql`${column} and on (cluster, run, job_id, framework) ${latest}`;
}

function latestOf(gauge: Parameters<typeof ofChosenRuns>[0]): Expr {
  return ofLatest(ofChosenRuns(gauge));
}

const lasting: Levels = {
  base: 'warning',
  steps: [[0.9, 'ok']],
};
const noRun = 'No run seen';

/** Training runs at a glance: how many are how, which alerts fire, and a line for each run. */
export const trainingPanels = definePanels('training', {
  training: {
    visual: 'stat',
    metric: training.training_run_phase,
    title: 'Training',
    description: 'How many runs train? Runs that are in the phase training now.',
    unit: 'count',
    queries: [{ expr: promql`sum(${inPhase('training')})`, legend: 'training' }],
    noValue: noRun,
  },
  stalled: {
    visual: 'stat',
    metric: prometheus.ALERTS,
    title: 'Standing still',
    description:
      'How many runs stand still? Runs that report no more steps, by the alerts TrainingStalled and TrainingWentQuiet.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${perRunName(quiet)})`, info), legend: 'standing still' }],
    levels: noneIsGood,
    noValue: noRun,
  },
  failed: {
    visual: 'stat',
    metric: training.training_run_phase,
    title: 'Failed',
    description:
      'How many runs have failed? Runs that failed and that the exporters still show, by default for an hour after their end.',
    unit: 'count',
    queries: [{ expr: promql`sum(${inPhase('failed')})`, legend: 'failed' }],
    levels: noneIsBetter,
    noValue: noRun,
  },
  nonFinite: {
    visual: 'stat',
    metric: training.training_loss_nonfinite,
    title: 'Loss is NaN',
    description: 'How many runs have a loss of NaN? Runs whose last training loss is NaN or infinite.',
    unit: 'count',
    queries: [{ expr: promql`sum(${nonFinite})`, legend: 'NaN or infinite' }],
    levels: noneIsGood,
    noValue: 'No loss seen',
  },
  goodput: {
    visual: 'stat',
    metric: series['run:training_goodput_ratio:avg1h'],
    title: 'Goodput',
    description:
      'How much of the time goes into lasting steps? Goodput of the last hour, averaged over the runs; evaluation and checkpoints count as lost here.',
    queries: [{ expr: promql`avg(${goodput})`, legend: 'mean' }],
    levels: lasting,
    decimals: 0,
    noValue: noRecording,
  },
  tokens: {
    visual: 'stat',
    metric: training.training_tokens_per_second,
    title: 'Tokens/s',
    description:
      'How many tokens per second in all? Tokens per second of the runs that train now, as they reported them last.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum(${tokens} and on (cluster, run, job_id, framework) ${inPhase('training')} == 1)`,
        legend: 'tokens per second',
      },
    ],
    decimals: 0,
    noValue: 'Not reported',
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts about training fire?',
    description:
      'Alerts about runs and about the training exporters that are firing now; those without a run are about an exporter.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
      ['run', 'Run'],
    ],
    columns: [
      {
        heading: 'Instances',
        unit: 'count',
        expr: promql`count by (severity, alertname, cluster, run) (${firing})`,
      },
    ],
    sortBy: ['Severity', 'smallest'],
    noValue: 'No alert fires',
  },
  phases: {
    visual: 'timeseries',
    metric: training.training_run_phase,
    title: 'In which phase are the runs?',
    description: 'Number of runs by phase.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (phase) (max by (cluster, run, job_id, framework, phase) (${select(training.training_run_phase, onRuns)} == 1))`,
        legend: '{{phase}}',
      },
    ],
    stacked: true,
    noValue: noRun,
  },
  runs: {
    visual: 'table',
    metric: training.training_run_info,
    title: 'How is each run?',
    description:
      'The hundred runs that showed a sign of life last; the link on the name narrows the board to the run. Slowest rank is its speed against the fastest. Columns stay empty where the run does not report the value.',
    keys: [
      ['cluster', 'Cluster'],
      ['run', 'Run'],
      ['job_id', 'Job'],
      ['framework', 'Framework'],
      ['phase', 'Phase'],
    ],
    columns: [
      {
        heading: 'Last step',
        unit: 'seconds',
        expr: ofLatest(promql`time() - ${ofChosenRuns(training.training_last_step_timestamp_seconds)}`),
      },
      {
        heading: 'In phase',
        unit: 'count',
        expr: ofLatest(
          promql`max by (cluster, run, job_id, framework, phase) (${select(training.training_run_phase, onRuns)}) == 1`,
        ),
      },
      { heading: 'Step', unit: 'count', expr: latestOf(training.training_step) },
      { heading: 'Of', unit: 'count', expr: latestOf(training.training_max_steps) },
      { heading: 'Loss', unit: 'none', expr: latestOf(training.training_loss) },
      { heading: 'Tokens/s', unit: 'count', decimals: 0, expr: latestOf(training.training_tokens_per_second) },
      { heading: 'MFU', unit: 'ratio', expr: latestOf(training.training_mfu_ratio) },
      {
        heading: 'Goodput, last hour',
        unit: 'ratio',
        expr: ofLatest(goodput),
        levels: lasting,
      },
      {
        heading: 'Effective time, whole life',
        unit: 'ratio',
        expr: ofLatest(perRun(select(series['run:training_effective_time_ratio:life'], onRuns))),
      },
      {
        heading: 'Slowest rank',
        unit: 'ratio',
        expr: ofLatest(perRun(select(series['run:training_rank_relative_score_ratio:min'], onRuns))),
        levels: straggling,
      },
      { heading: 'Time left', unit: 'seconds', expr: latestOf(training.training_eta_seconds) },
      {
        heading: 'Checkpoint age',
        unit: 'seconds',
        expr: ofLatest(perRun(select(series['run:training_checkpoint_age_seconds:min'], onRuns))),
      },
    ],
    sortBy: ['Last step', 'smallest'],
    noValue: noRun,
  },
  where: {
    visual: 'table',
    metric: training.training_run_info,
    title: 'Where do the runs write from?',
    description: 'Host and pod that write, as far as they are known. At most 100 lines: choose a run above.',
    keys: [
      ['cluster', 'Cluster'],
      ['run', 'Run'],
      ['job_id', 'Job'],
      ['framework', 'Framework'],
      ['source', 'Read from'],
      ['host', 'Host'],
      ['namespace', 'Namespace'],
      ['pod', 'Pod'],
    ],
    columns: [
      {
        heading: 'Exporters',
        unit: 'count',
        expr: promql`topk(100, count by (cluster, run, job_id, framework, source, host, namespace, pod) (${info}))`,
      },
    ],
    noValue: noRun,
  },
});

function perRunName(alerts: Expr): Expr {
  return promql`count by (cluster, run) (${alerts})`;
}

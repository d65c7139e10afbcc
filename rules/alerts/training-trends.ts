import { promql, select, series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineAlerts } from '../alert.ts';
import { exampleOtherRun, examplePhase, exampleRun, exampleRunElsewhere, exampleRunTarget } from '../examples.ts';
import { endedPhases, runsIn } from '../runs.ts';
import { thresholds } from '../thresholds.ts';
import { whichRun } from '../training-texts.ts';
import { perRun } from '../vectors.ts';

const medianNow = perRun(promql`avg_over_time(${training.training_loss_median}[6h])`);
const medianBefore = perRun(promql`avg_over_time(${training.training_loss_median}[6h] offset 6h)`);
/** The first six hours must be known nearly as a whole. */
const knownFor12h = perRun(promql`last_over_time(${training.training_loss_median}[30m] offset 690m)`);

const lost = select(training.training_badput_seconds_total, { reason: { not: 'evaluation' } });
const lostSeconds = promql`sum by (cluster, run, job_id, framework) (max by (cluster, run, job_id, framework, reason) (increase(${lost}[1d])))`;
const wallSeconds = perRun(promql`increase(${training.training_wall_seconds_total}[1d])`);

const young = exampleOtherRun('young');
const failed = exampleOtherRun('failed');

function badput(reason: string, values: string, labels = exampleRunTarget) {
  return [series(training.training_badput_seconds_total, { ...labels, reason }), values] as const;
}

/**
 * Alerts that look back for many hours, hence an interval of their own: with a thousand runs each evaluation reads tens
 * of millions of samples. Longer than two minutes and ALERTS would go stale between evaluations when one is missed.
 */
export default defineAlerts({
  theme: 'training-trends',
  interval: '2m',
  alerts: [
    {
      name: 'TrainingPlateau',
      expr: promql`${medianNow}
> ${medianBefore} - ${thresholds.trainingPlateauRatio} * abs(${medianBefore})
and
${knownFor12h}
and
${runsIn('training', 'evaluating', 'checkpointing')}`,
      thresholds: ['trainingPlateauRatio'],
      for: '1h',
      severity: 'info',
      action: 'none',
      domain: 'training',
      team: 'workload',
      summary: 'The training loss of a run has stopped falling.',
      description: `${whichRun} has a median loss of {{ $value | humanize }} and was not noticeably above that six hours earlier. Look at the loss on evaluation data before you let it go on.`,
      runbook: {
        meaning:
          'Information for the owner of the run: over six hours the median loss is no lower than over the six hours before. The run may be done, its learning rate may be at its end, or it may have stopped to learn. Late in a long pre-training it is normal.',
        firstLook: [
          'Loss on evaluation data and learning rate on the board Training runs. A loss on evaluation data that rises while that on training data does not is overfitting.',
          'How much is still planned: `training_step{run="<run>"}` of `training_max_steps{run="<run>"}`.',
          'Is the learning rate what you meant: `training_learning_rate{run="<run>"}`. A schedule that was set for fewer steps is at its minimum long before the end.',
        ],
        remedy: [
          'Done: stop it and free the GPUs.',
          'Learning rate at its minimum too early: go on from a checkpoint with a schedule for the right number of steps.',
          'Normal for this run: nothing, or lower trainingPlateauRatio.',
        ],
      },
      fires: {
        when: 'The median falls by 0.09 % in six hours',
        series: [
          [series(training.training_loss_median, exampleRunTarget), '2.4-0.000006x800'],
          examplePhase('training', '1x800'),
        ],
        at: '800m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'The median falls by 0.11 % in six hours; another run is flat, but only nine hours old',
        series: [
          [series(training.training_loss_median, exampleRunTarget), '2.4-0.0000073x900'],
          examplePhase('training', '1x900'),
          [series(training.training_loss_median, young), '_x320 2.4x560'],
          examplePhase('training', '1x900', young),
        ],
        at: '860m',
      },
    },
    {
      name: 'TrainingGoodputLow',
      expr: promql`1 - ${lostSeconds} / (${wallSeconds} > ${thresholds.trainingGoodputMinimumSeconds})
< ${thresholds.trainingGoodputLowRatio}
unless
${runsIn(...endedPhases)}`,
      thresholds: ['trainingGoodputLowRatio', 'trainingGoodputMinimumSeconds'],
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run loses much of its time on things other than lasting steps.',
      description: `${whichRun} spent {{ $value | humanizePercentage }} of the last day on steps that last. See on the board where the rest went.`,
      runbook: {
        meaning:
          'Goodput is the share of the time that is spent on steps that are not lost later. The rest is starting, waiting for data, saving, recovery after a crash and steps done twice. Evaluation is a choice and is not held against the run here; the goodput on the board counts it as lost.',
        firstLook: [
          'Where the time goes: badput by reason on the board, or `sort_desc(increase(training_badput_seconds_total{run="<run>"}[1d]))`.',
          'How often it started again or went back: `increase(training_restarts_total{run="<run>"}[1d])`, `increase(training_wasted_steps_total{run="<run>"}[1d])`.',
        ],
        remedy: [
          'recovery and wasted_progress: find why it restarts, and save checkpoints more often.',
          'checkpoint_save: save asynchronously (`async_save`, `--async-save`, `async_mode`), or less often.',
          'startup: keep compilation caches (`TORCHINDUCTOR_CACHE_DIR`) and containers on the nodes, and load checkpoints in parallel.',
          'data_loading: see the runbook of TrainingDataStarved.',
        ],
      },
      fires: {
        when: 'For five hours a tenth of the time goes into saving and a twentieth into steps that are done twice, seen by two exporters',
        series: [
          [series(training.training_wall_seconds_total, exampleRunTarget), '0+60x305'],
          badput('checkpoint_save', '0+6x305'),
          badput('checkpoint_save', '0+6x305', exampleRunElsewhere),
          badput('wasted_progress', '0+3x305'),
          examplePhase('training', '1x305'),
        ],
        at: '305m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A run evaluates for a quarter of the time and loses a twelfth; another lost three and a half hours and waits since; a third lost all and has failed',
        series: [
          [series(training.training_wall_seconds_total, exampleRunTarget), '0+60x305'],
          badput('checkpoint_save', '0+5x305'),
          badput('checkpoint_save', '0+5x305', exampleRunElsewhere),
          badput('evaluation', '0+15x305'),
          examplePhase('training', '1x305'),
          [series(training.training_wall_seconds_total, young), '0+60x217 13020x88'],
          badput('startup', '0+60x217 13020x88', young),
          examplePhase('starting', '1x305', young),
          [series(training.training_wall_seconds_total, failed), '0+60x305'],
          badput('startup', '0+60x305', failed),
          examplePhase('failed', '1x305', failed),
        ],
        at: '305m',
      },
    },
  ],
});

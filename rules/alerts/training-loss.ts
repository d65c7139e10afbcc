import { promql, select, series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineAlerts } from '../alert.ts';
import { exampleOtherRun, examplePhase, exampleRun, exampleRunElsewhere, exampleRunTarget } from '../examples.ts';
import { endedPhases, runsIn } from '../runs.ts';
import { thresholds } from '../thresholds.ts';
import { readLog, whichRun } from '../training-texts.ts';
import { perRun, recent } from '../vectors.ts';

const spikes = (rule: 'mad' | 'max') => select(training.training_loss_spikes_total, { rule });
const stillGoing = runsIn('training', 'evaluating', 'checkpointing');
const other = exampleOtherRun('other');
const rising = exampleOtherRun('rising');
const isTraining = examplePhase('training', '1x60');

const findBatch =
  'Which step and which data: the board Training runs shows the step; log the indices or hashes of the batch for some steps around it, and look at those samples.';
const comparePrecision =
  'Mixed precision: `training_loss_scale{run="<run>"}` and `rate(training_skipped_steps_total{run="<run>"}[5m])`. A loss scale that halves again and again means overflow in every step.';
const rewind =
  'Go back to a checkpoint from before it began, and skip the batches in between; most pre-training runs get over it that way.';
const calm =
  'If it comes back elsewhere, lower the learning rate or lengthen the warm-up, and clip gradients (norm 1.0 is common).';

export default defineAlerts({
  theme: 'training-loss',
  alerts: [
    {
      name: 'TrainingLossNonFinite',
      expr: promql`(${perRun(recent(training.training_loss_nonfinite))} == 1 unless ${runsIn(...endedPhases)})
or
${perRun(promql`increase(${training.training_nonfinite_steps_total}[5m])`)} > 0`,
      for: '0s',
      keepFiringFor: '10m',
      severity: 'critical',
      action: 'restart_app',
      domain: 'training',
      team: 'workload',
      summary: 'The training loss of a run is NaN or infinite.',
      description: `${whichRun} reports a loss that is no number. Stop it before it overwrites good checkpoints, then go back to one from before.`,
      runbook: {
        meaning:
          'A loss that is NaN or infinite makes the weights useless at the next update, unless the framework skips the step. From then on the run burns GPU time for nothing, and its next checkpoint is spoiled. Megatron leaves such a loss out of its log line, which is recognized too. The Trainer of Hugging Face puts the loss of the step before in its place unless it has `logging_nan_inf_filter=False`, and then nobody can see it.',
        firstLook: [
          'Does it go on: `training_loss_nonfinite{run="<run>"}`, and `increase(training_nonfinite_steps_total{run="<run>"}[5m])`. One step that was skipped is harmless, every step is the end.',
          comparePrecision,
          'What came before: loss and norm of the gradients on the board Training runs. A rise over many steps is divergence, a jump within one is data or hardware.',
          findBatch,
          'One rank or all: log the loss before it is averaged. One rank alone points to its data shard or its GPU: `dmesg -T | grep -i xid`, `dcgmi diag -r 2` on an idle node.',
        ],
        remedy: [
          'Keep the newest good checkpoint: copy it, or stop the clean-up of old ones.',
          rewind,
          'Overflow in fp16: train in bf16, or lower the initial loss scale.',
          'To find the operation, run a few steps with `torch.autograd.set_detect_anomaly(True)`; for Megatron `--check-for-nan-in-loss-and-grad` stops by itself.',
          calm,
        ],
      },
      fires: {
        when: 'The loss of a run becomes NaN, which two exporters see',
        series: [
          [series(training.training_loss_nonfinite, exampleRunTarget), '0x3 1x5'],
          [series(training.training_loss_nonfinite, exampleRunElsewhere), '0x4 1x4'],
          [series(training.training_nonfinite_steps_total, exampleRunTarget), '0x3 1+60x5'],
        ],
        at: '5m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A run that ended with NaN is still shown, and a healthy one skipped steps for its loss scale',
        series: [
          [series(training.training_loss_nonfinite, exampleRunTarget), '1x20'],
          [series(training.training_nonfinite_steps_total, exampleRunTarget), '5x20'],
          examplePhase('failed', '1x20'),
          [series(training.training_loss_nonfinite, other), '0x20'],
          [series(training.training_skipped_steps_total, other), '0+1x20'],
        ],
        at: '18m',
      },
      edges: [
        {
          when: 'A single step was not finite, and the next loss is sound',
          series: [[series(training.training_nonfinite_steps_total, exampleRunTarget), '0x5 1x10']],
          at: '9m',
          alerts: [exampleRun],
        },
      ],
    },
    {
      name: 'TrainingLossSpike',
      expr: promql`(
  round(${perRun(promql`increase(${spikes('mad')}[30m])`)}) >= ${thresholds.trainingSpikesCount}
  or
  round(${perRun(promql`increase(${spikes('max')}[30m])`)}) > 0
)
and
${stillGoing}`,
      thresholds: ['trainingSpikesCount'],
      for: '0s',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'The training loss of a run jumps far above what it was.',
      description: `${whichRun} reported losses far above those before ({{ $value | humanize }} within half an hour). See whether the loss comes down again by itself.`,
      runbook: {
        meaning:
          'Losses stand out: above the median of the 128 before by six median deviations and by a tenth, or ten times as large as all of the first hundred. Many spikes heal within some dozens of steps. One that stays costs all work since the last good checkpoint.',
        firstLook: [
          'Loss and its median on the board Training runs, for the last hour: a single peak, a step up, or a climb.',
          'Norm of the gradients just before: a rise that comes first points to the learning rate, one that comes with the loss to the data.',
          findBatch,
          comparePrecision,
          'Did the run start again or go back: `increase(training_restarts_total{run="<run>"}[1h])`. Then optimizer state, data order and the learning rate schedule may not have been restored.',
        ],
        remedy: [
          'A single peak that is gone: note the step, and do nothing.',
          'Reinforcement learning or a GAN: both rules are made for losses that start high and fall. One that begins at 0 and grows, as with GRPO, or that swings by nature sets them off all the time. Silence this alert for such runs and watch their reward: allow its tag in the mapping file, and it is shown as `training_scalar`.',
          rewind,
          calm,
        ],
      },
      fires: {
        when: 'The loss steps up, and report after report stands out',
        series: [
          [series(training.training_loss_spikes_total, { ...exampleRunTarget, rule: 'mad' }), '0x5 1 2 3x5'],
          [series(training.training_loss_spikes_total, { ...exampleRunTarget, rule: 'max' }), '0x12'],
          isTraining,
        ],
        at: '8m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'Two losses stood out by chance; a run with many has ended',
        series: [
          [series(training.training_loss_spikes_total, { ...exampleRunTarget, rule: 'mad' }), '0x5 1x5 2x20'],
          [series(training.training_loss_spikes_total, { ...exampleRunTarget, rule: 'max' }), '0x30'],
          [series(training.training_loss_spikes_total, { ...other, rule: 'mad' }), '0x5 1+1x25'],
          isTraining,
          examplePhase('training', '1x10 0x20', other),
          examplePhase('finished', '0x10 1x20', other),
        ],
        at: '20m',
      },
    },
    {
      name: 'TrainingGradNormExplosion',
      expr: promql`${perRun(recent(training.training_grad_norm))}
> ${thresholds.trainingGradNormRatio} * ${perRun(promql`quantile_over_time(0.5, ${training.training_grad_norm}[1h] offset 5m)`)}
and
${perRun(promql`last_over_time(${training.training_grad_norm}[5m] offset 20m)`)}
and
${stillGoing}`,
      thresholds: ['trainingGradNormRatio'],
      for: '2m',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'The gradients of a run are many times as large as usual.',
      description: `${whichRun} has a gradient norm of {{ $value | humanize }}, many times its median of the last hour. Watch the loss: it is often the next to go.`,
      runbook: {
        meaning:
          'Gradients grow before the loss does. With clipping the updates stay bounded but point anywhere; without clipping the weights are lost within a few steps.',
        firstLook: [
          'Loss and norm of the gradients on the board Training runs, for the last hour.',
          'Is clipping on: `max_grad_norm` (Hugging Face), `--clip-grad` (Megatron-LM), `training.max_norm` (torchtitan), `gradient_clipping` (DeepSpeed).',
          comparePrecision,
          findBatch,
          readLog,
        ],
        remedy: ['Let it go on while the loss is sound.', rewind, calm],
      },
      fires: {
        when: 'After forty quiet minutes the norm is ten and a half times as large for five minutes',
        series: [[series(training.training_grad_norm, exampleRunTarget), '0.8x39 8.4x10'], isTraining],
        at: '44m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A single batch has thirty times the norm, a run that has just begun settles, and a third is at nine and a half times',
        series: [
          [series(training.training_grad_norm, exampleRunTarget), '0.8x39 24 0.8x10'],
          isTraining,
          [series(training.training_grad_norm, other), '_x30 0.1x6 9x20'],
          examplePhase('training', '1x60', other),
          [series(training.training_grad_norm, rising), '0.8x39 7.6x10'],
          examplePhase('training', '1x60', rising),
        ],
        at: '43m',
      },
    },
  ],
});

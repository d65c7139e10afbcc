import { promql, series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineAlerts } from '../alert.ts';
import { exampleOtherRun, examplePhase, exampleRun, exampleRunTarget, type RunLabels } from '../examples.ts';
import { runsIn } from '../runs.ts';
import { thresholds } from '../thresholds.ts';
import { readLog, whichRun } from '../training-texts.ts';
import { perRun, recent } from '../vectors.ts';

const interval = perRun(recent(training.training_checkpoint_interval_seconds));
const stepsSince = promql`(${perRun(recent(training.training_step))} - ${perRun(recent(training.training_last_checkpoint_step))})`;
const medianStep = perRun(recent(training.training_step_duration_median_seconds));

const lookAtFolder =
  'What is there: `ls -lat <checkpoint folder> | head`, `df -h <checkpoint folder>`, `df -i <checkpoint folder>`; on Lustre `lfs quota -h -u $USER <mount>`.';
const grepLog =
  'Errors of the writer: `grep -n -i -E "checkpoint|no space|quota|permission|timed out|errno" <log> | tail -n 50`.';
const freeSpace =
  'Full or over quota: delete old checkpoints by hand, oldest first, and limit how many are kept (`save_total_limit`, `keep_latest_k`).';

const maintained = exampleOtherRun('maintained');

function checkpoints(
  { last, step, savedStep }: { readonly last: string; readonly step: string; readonly savedStep: string },
  labels: RunLabels = exampleRunTarget,
) {
  return [
    [series(training.training_last_checkpoint_timestamp_seconds, labels), last],
    [series(training.training_checkpoint_interval_seconds, labels), '600x60'],
    [series(training.training_step, labels), step],
    [series(training.training_last_checkpoint_step, labels), savedStep],
    [series(training.training_step_duration_median_seconds, labels), '2x60'],
    examplePhase('training', '1x60', labels),
  ] as const;
}

export default defineAlerts({
  theme: 'training-checkpoints',
  alerts: [
    {
      name: 'TrainingCheckpointStale',
      expr: promql`time() - ${perRun(training.training_last_checkpoint_timestamp_seconds)} > ${thresholds.trainingCheckpointAgeRatio} * ${interval}
and
${runsIn('training')}
unless
${stepsSince} * ${medianStep} <= ${interval}`,
      thresholds: ['trainingCheckpointAgeRatio'],
      for: '1m',
      keepFiringFor: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run trains on and has saved no checkpoint for longer than usual.',
      description: `The newest checkpoint of run {{ $labels.run }}{{ with $labels.job_id }} (job {{ . }}){{ end }} in {{ $labels.cluster }} is {{ $value | humanizeDuration }} old. See whether saving hangs or its storage is full.`,
      runbook: {
        meaning:
          'At least one checkpoint was left out. All steps since the newest one are lost if the run dies now. Time in which the run stood still does not count, such as maintenance.',
        firstLook: [
          lookAtFolder,
          grepLog,
          'An asynchronous writer that hangs: `for p in $(pgrep -f <script>.py); do py-spy dump --pid $p; done | grep -i -A 15 -E "checkpoint|save"`.',
          'Was the setting changed: `save_steps` (Hugging Face), `--save-interval` (Megatron-LM), `checkpoint.interval` (torchtitan), `every_n_train_steps` (Lightning, NeMo).',
        ],
        remedy: [
          freeSpace,
          'Have it save now if the script listens for a signal (`kill -USR1 <pid>` where it was set up so, SIGTERM for Megatron-LM with `--exit-signal-handler`, which also ends it).',
          'Saved less often on purpose: nothing. The usual time between two is a median over eight, and follows.',
        ],
      },
      fires: {
        when: 'Saved every ten minutes until a quarter of an hour ago, then not any more for 22 minutes of steps',
        series: checkpoints({ last: '600x60', step: '0+30x60', savedStep: '300x60' }),
        at: '33m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'Nineteen minutes without a checkpoint; another run goes on after maintenance of half an hour, from its checkpoint',
        series: [
          ...checkpoints({ last: '600x60', step: '0+30x60', savedStep: '300x60' }),
          ...checkpoints({ last: '0x60', step: '300x21 300+30x30', savedStep: '300x60' }, maintained),
        ],
        at: '29m',
      },
    },
    {
      name: 'TrainingCheckpointFailed',
      expr: promql`round(${perRun(promql`increase(${training.training_checkpoint_failures_total}[30m])`)}) > 0`,
      for: '0s',
      severity: 'critical',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run could not save a checkpoint.',
      description: `${whichRun} failed to save {{ $value | humanize }} checkpoints within half an hour. Look for a full disk or quota first.`,
      runbook: {
        meaning:
          'A checkpoint was reported as failed, or stayed incomplete while a newer one was completed. Many runs train on as if nothing had happened, and the loss shows only when somebody wants to start from it.',
        firstLook: [
          lookAtFolder,
          grepLog,
          readLog,
          'Which one is good: the folder named by `latest_checkpointed_iteration.txt` (Megatron-LM) or `latest` (DeepSpeed); `checkpoint-<n>/trainer_state.json` (Hugging Face).',
          'Was the run killed while it saved: then the incomplete folder is what is left of that, and later ones are good.',
        ],
        remedy: [
          freeSpace,
          'Move incomplete folders aside, so that a restart does not pick one: `mv <folder> <folder>.incomplete`.',
          'Try the newest good one once: load it in a short job before you rely on it.',
        ],
      },
      fires: {
        when: 'A checkpoint stayed incomplete a quarter of an hour ago',
        series: [[series(training.training_checkpoint_failures_total, exampleRunTarget), '0x5 1x30']],
        at: '20m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'The only failure is more than half an hour old, and the exporter was restarted in between',
        series: [[series(training.training_checkpoint_failures_total, exampleRunTarget), '0x5 1x10 _ _ _ 1x30']],
        at: '40m',
      },
    },
  ],
});

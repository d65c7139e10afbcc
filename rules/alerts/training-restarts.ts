import { promql, series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineAlerts } from '../alert.ts';
import { exampleOtherRun, examplePhase, exampleRun, exampleRunTarget } from '../examples.ts';
import { endedPhases, runsIn, runsNowIn } from '../runs.ts';
import { thresholds } from '../thresholds.ts';
import { lookForXids, readLog, restartFromCheckpoint, whichRun } from '../training-texts.ts';
import { perRun } from '../vectors.ts';

const evaluates = exampleOtherRun('evaluates');
const uploads = exampleOtherRun('uploads');

export default defineAlerts({
  theme: 'training-restarts',
  alerts: [
    {
      name: 'TrainingFailed',
      expr: promql`(${perRun(training.training_exit_code)} != 0 and ${runsNowIn(...endedPhases)})
or
(${runsNowIn('failed')}) * 0`,
      for: '2m',
      severity: 'warning',
      action: 'restart_app',
      domain: 'training',
      team: 'workload',
      summary: 'A run has failed and was not started again.',
      description: `${whichRun} has failed{{ if ne $value 0.0 }} with exit code {{ $value | humanize }}{{ end }}. Read the end of its log, then start it again from its newest checkpoint.`,
      runbook: {
        meaning:
          'The command of the run ended with an error, or the run said that it failed; or steps are left to do and its process is gone, or it was silent for as long as `--runs.idle-after`. Nothing started it again within two minutes, and its GPUs are free or idle.',
        firstLook: [
          readLog,
          'What the exit code says: 1 is mostly a Python exception; 137 is SIGKILL, as from the out-of-memory killer, the time limit of the job or a lost node; 143 is SIGTERM, as from `scancel`, a preemption or an eviction; 134 and 139 are crashes of native code; 130 is Ctrl-C.',
          'What the scheduler says: `sacct -j <job_id> -o JobID,State,ExitCode,DerivedExitCode,MaxRSS,Reason%40`; `kubectl describe pod -n <namespace> <pod>`, section Last State.',
          lookForXids,
          'Did it fail with NaN, or after a stall: look at the board Training runs before its end.',
        ],
        remedy: [
          'Out of GPU memory (`torch.OutOfMemoryError`): a smaller micro batch or activation checkpointing; if it ran for hours before, look for growth of `training_memory_bytes{run="<run>"}`.',
          'An NCCL timeout or `Connection closed by remote peer`: another rank failed first. Find the earliest error over all ranks.',
          'An XID or an uncorrectable memory error: take the node out, then start again.',
          restartFromCheckpoint,
          'Stopped on purpose, or it waits in the queue to go on: nothing. The alert goes when the run goes on, or when the exporter no longer shows it.',
        ],
      },
      fires: {
        when: 'A run ends with the exit code of the out-of-memory killer',
        series: [
          [series(training.training_exit_code, exampleRunTarget), '_x3 137x10'],
          examplePhase('training', '1x2 0x10'),
          examplePhase('failed', '0x2 1x10'),
        ],
        at: '6m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A run crashes and its wrapper starts it again within a minute; another goes on under another job; a third finishes with exit code 0',
        series: [
          [series(training.training_exit_code, exampleRunTarget), '_x3 1x10'],
          examplePhase('failed', '0x3 1 0x10'),
          examplePhase('training', '1x2 0 0 0 1x10'),
          examplePhase('failed', '0x3 1 1 stale', { ...uploads, job_id: '1' }),
          examplePhase('failed', '_x5 0x10', { ...uploads, job_id: '2' }),
          [series(training.training_exit_code, evaluates), '0x15'],
          examplePhase('finished', '1x15', evaluates),
        ],
        at: '7m',
      },
      edges: [
        {
          when: 'A run says that it finished, and its command ends with an error',
          series: [[series(training.training_exit_code, exampleRunTarget), '1x10'], examplePhase('finished', '1x10')],
          at: '6m',
          alerts: [exampleRun],
        },
      ],
    },
    {
      name: 'TrainingRestartLoop',
      expr: promql`round(${perRun(promql`increase(${training.training_restarts_total}[1h])`)}) > ${thresholds.trainingRestartsPerHour}
unless
${runsIn(...endedPhases)}`,
      thresholds: ['trainingRestartsPerHour'],
      for: '0s',
      severity: 'critical',
      action: 'restart_app',
      domain: 'training',
      team: 'workload',
      summary: 'A run is started again and again.',
      description: `${whichRun} was started {{ $value | humanize }} times within an hour. Find what it dies of before it is started once more.`,
      runbook: {
        meaning:
          'Each start costs loading, compilation and the steps since the last checkpoint. A run that dies every few minutes holds its GPUs and gets nowhere, and may wear out its node or spoil its checkpoints.',
        firstLook: [
          readLog,
          'Does it die at the same step: `max_over_time(training_step{run="<run>"}[1h])` after each start. The same step is the data or the code; any step is the machine or memory.',
          'Does it die on the same node: `sacct -j <job_id> --duplicates -o JobID,State,ExitCode,NodeList,Start,End`.',
          lookForXids,
        ],
        remedy: [
          'Stop what restarts it: `scontrol hold <job_id>`, or `kubectl patch` the job with `suspend: true`.',
          'Always one node: take it out with `sbatch --exclude=<node>` or `kubectl cordon <node>`.',
          'It dies while it loads a checkpoint: that one is damaged. Point the run to the one before.',
          restartFromCheckpoint,
        ],
      },
      fires: {
        when: 'Four restarts within an hour',
        series: [
          [series(training.training_restarts_total, exampleRunTarget), '0x9 1x9 2x9 3x9 4x20'],
          examplePhase('restarting', '0x30 1x40'),
        ],
        at: '45m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'Three restarts within an hour, and a run with many that has given up',
        series: [
          [series(training.training_restarts_total, exampleRunTarget), '0x9 1x9 2x9 3x40'],
          examplePhase('training', '1x70'),
          [series(training.training_restarts_total, evaluates), '0x9 1+1x9 10x50'],
          examplePhase('failed', '0x20 1x50', evaluates),
        ],
        at: '45m',
      },
    },
    {
      name: 'TrainingRolledBack',
      expr: promql`round(${perRun(promql`increase(${training.training_wasted_steps_total}[15m])`)}) > 0`,
      for: '0s',
      severity: 'info',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run went back to an earlier step and does work once more.',
      description: `${whichRun} lost {{ $value | humanize }} steps, which it has to do again. If that is much, save checkpoints more often.`,
      runbook: {
        meaning:
          'The run started again from a checkpoint, or somebody set it back, and the steps since then are lost. Up to the distance of two checkpoints that is what a crash costs; more means that the newest checkpoint could not be used.',
        firstLook: [
          'How much: `increase(training_wasted_steps_total{run="<run>"}[1h])` times `training_step_duration_median_seconds{run="<run>"}`.',
          'Which checkpoint it took, and whether a newer one is there: `ls -lt <checkpoint folder> | head`, and the first lines of the log after the start.',
          'Why it started again: `increase(training_restarts_total{run="<run>"}[1h])`, and the end of the log before.',
        ],
        remedy: [
          'Set back on purpose, such as before a loss spike: nothing.',
          'Checkpoints are far apart: save more often, or save asynchronously so that it costs less.',
          'Preempted: let the script save a checkpoint on SIGTERM, and give it the time (`#SBATCH --signal=B:TERM@300`, `terminationGracePeriodSeconds: 300`).',
        ],
      },
      fires: {
        when: 'A run goes back by eighty steps',
        series: [[series(training.training_wasted_steps_total, exampleRunTarget), '0x5 80x20']],
        at: '10m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A run starts again at the step at which it was stopped; the exporter, too, was restarted and kept its counters',
        series: [
          [series(training.training_wasted_steps_total, exampleRunTarget), '80x5 _ _ _ 80x20'],
          [series(training.training_restarts_total, exampleRunTarget), '0x5 _ _ _ 1x20'],
        ],
        at: '12m',
      },
      edges: [
        {
          when: 'A run goes back by one step',
          series: [[series(training.training_wasted_steps_total, exampleRunTarget), '0x5 1x20']],
          at: '10m',
          alerts: [exampleRun],
        },
      ],
    },
  ],
});

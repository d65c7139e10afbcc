import type { Expr } from '../../metrics/promql.ts';
import { promql, series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { type Alert, defineAlerts, type Example } from '../alert.ts';
import {
  exampleOtherRun,
  examplePhase,
  exampleRun,
  exampleRunElsewhere,
  exampleRunTarget,
  type RunLabels,
} from '../examples.ts';
import { runsIn, runsNowIn } from '../runs.ts';
import { thresholds } from '../thresholds.ts';
import {
  dumpStacks,
  findProcesses,
  lookAtGpus,
  lookForXids,
  readLog,
  restartFromCheckpoint,
  whichRun,
} from '../training-texts.ts';
import { perRun, recent } from '../vectors.ts';

/** The bare series on purpose: while the exporter is not scraped nobody knows of new steps, and no age may grow. */
const silence = promql`time() - ${perRun(training.training_last_step_timestamp_seconds)}`;
const medianStep = perRun(recent(training.training_step_duration_median_seconds));
const reportInterval = perRun(recent(training.training_report_interval_seconds));
const step = perRun(recent(training.training_step));
const maxSteps = perRun(recent(training.training_max_steps));
const alive = perRun(recent(training.training_run_alive));

const noNewSteps = promql`(
  ${silence} > ${thresholds.trainingStallStepsCount} * ${medianStep}
  and
  ${silence} > ${thresholds.trainingStallSeconds} + 2 * ${reportInterval}
  or
  (${silence} > ${thresholds.trainingStallUnknownPaceSeconds} unless ${medianStep})
)
and
${runsIn('training')}`;

/** Steps take 2 s and are reported every 20 s; `lastStep` is when the last one was reported. */
function reports(lastStep: string, labels: RunLabels = exampleRunTarget): readonly (readonly [Expr, string])[] {
  return [
    [series(training.training_last_step_timestamp_seconds, labels), lastStep],
    [series(training.training_step_duration_median_seconds, labels), '2x30'],
    [series(training.training_report_interval_seconds, labels), '20x30'],
    [series(training.training_step, labels), '9000x30'],
  ];
}

const evaluates = exampleOtherRun('evaluates');
const uploads = exampleOtherRun('uploads');
const past = exampleOtherRun('past');
const unseen = exampleOtherRun('unseen');
const gone = exampleOtherRun('gone');
const wrapped = exampleOtherRun('wrapped');

type Series = Example['series'];

/**
 * What is close to the limits of silence, for both alerts: those of known steps, and that of an unknown pace. `more` says whether the
 * process lives; `wait` is `for` in minutes.
 */
function silences(more: Series, wait: 1 | 5): NonNullable<Alert['edges']> {
  const lastAt = (seconds: number, stepSeconds?: string): Series => [
    [series(training.training_last_step_timestamp_seconds, exampleRunTarget), `${seconds}x45`],
    ...(stepSeconds === undefined
      ? []
      : [[series(training.training_step_duration_median_seconds, exampleRunTarget), `${stepSeconds}x45`] as const]),
    [series(training.training_report_interval_seconds, exampleRunTarget), '20x45'],
    examplePhase('training', '1x45'),
    ...more,
  ];
  const alerts = [exampleRun];
  return [
    { when: 'Ten steps of 23 s are over', series: lastAt(300, '23'), at: `${9 + wait}m`, alerts },
    { when: 'Ten steps of 25 s are not', series: lastAt(300, '25'), at: `${9 + wait}m` },
    { when: 'Steps are fast, and reports a little late', series: lastAt(330, '2'), at: `${8 + wait}m` },
    { when: 'Only one step was ever reported, half an hour ago', series: lastAt(60), at: `${32 + wait}m`, alerts },
    { when: 'Only one step was reported, and hardly half an hour ago', series: lastAt(60), at: `${30 + wait}m` },
    { when: 'Steps of five minutes, the last one half an hour ago', series: lastAt(60, '300'), at: `${32 + wait}m` },
  ];
}

export default defineAlerts({
  theme: 'training-progress',
  alerts: [
    {
      name: 'TrainingStalled',
      expr: promql`${noNewSteps}
and
(
  (${alive} == 1 unless ${maxSteps} <= ${step})
  or
  ${maxSteps} > ${step}
)`,
      thresholds: ['trainingStallStepsCount', 'trainingStallSeconds', 'trainingStallUnknownPaceSeconds'],
      for: '1m',
      severity: 'critical',
      action: 'restart_app',
      domain: 'training',
      team: 'workload',
      summary: 'A run that is not done makes no more steps.',
      description: `${whichRun} has reported no step for {{ $value | humanizeDuration }}. Take the stacks of all ranks before you restart it, or the cause is gone.`,
      runbook: {
        meaning:
          'No step was reported for far longer than the run needs for one, and it is not known to evaluate or to save. Its process is there or steps are left to do, so it hangs, and its GPUs are held for nothing. By far the most common cause is one rank that died or waits for something, while all others stand in a collective.',
        firstLook: [
          findProcesses,
          readLog,
          dumpStacks,
          lookAtGpus,
          lookForXids,
          'Storage, on each node: `timeout 10 ls <data folder>`, `timeout 10 touch <checkpoint folder>/probe`. Processes in state D wait for it: `ps -eo pid,stat,wchan:30,cmd | grep " D"`.',
          'Was it stopped on purpose, such as for maintenance (`sacct -j <job_id> -o JobID,State,End`): from files alone that looks the same while steps are left. Silence the run until it goes on.',
          'Does it evaluate or save, and its framework writes nothing of it: then this is a false alarm. Raise trainingStallSeconds, or have the script push its phase.',
        ],
        remedy: [
          'A rank is gone or stands elsewhere: stop the whole job, and take its node out if a GPU or the network is to blame.',
          restartFromCheckpoint,
          'So that it says more the next time: `NCCL_DEBUG=INFO`, `TORCH_NCCL_ASYNC_ERROR_HANDLING=1`, `TORCH_NCCL_TRACE_BUFFER_SIZE=2000`. A collective that hangs then ends in an error with its name.',
        ],
      },
      fires: {
        when: 'A live run with steps of two seconds reported the last one four minutes ago; a second exporter reads the same files and cannot tell whether it lives',
        series: [
          ...reports('0+60x5 300x20'),
          ...reports('0+60x5 300x20', exampleRunElsewhere),
          [series(training.training_run_alive, exampleRunTarget), '1x30'],
          examplePhase('training', '1x30'),
        ],
        at: '9m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'Silence of 160 s, which buffered event files explain; one run evaluates, one has done all its steps and uploads, one has done more, and one has not been scraped for three minutes',
        series: [
          ...reports('0+60x5 380x20'),
          [series(training.training_run_alive, exampleRunTarget), '1x30'],
          examplePhase('training', '1x30'),
          ...reports('0x30', evaluates),
          [series(training.training_max_steps, evaluates), '10000x30'],
          examplePhase('evaluating', '1x30', evaluates),
          examplePhase('training', '0x30', evaluates),
          ...reports('0x30', uploads),
          [series(training.training_max_steps, uploads), '9000x30'],
          [series(training.training_run_alive, uploads), '1x30'],
          examplePhase('training', '1x30', uploads),
          ...reports('0x30', past),
          [series(training.training_max_steps, past), '8000x30'],
          [series(training.training_run_alive, past), '1x30'],
          examplePhase('training', '1x30', past),
          ...reports('0+60x5 stale', unseen),
          [series(training.training_run_alive, unseen), '1x30'],
          examplePhase('training', '1x30', unseen),
        ],
        at: '9m',
      },
      edges: silences([[series(training.training_run_alive, exampleRunTarget), '1x45']], 1),
    },
    {
      name: 'TrainingWentQuiet',
      expr: promql`(
  ${noNewSteps}
  or
  ${silence} and ${runsNowIn('ended')} and ${alive} == 0
)
unless
${alive} == 1
unless
${maxSteps}
unless
${runsNowIn('finished', 'failed')}`,
      thresholds: ['trainingStallStepsCount', 'trainingStallSeconds', 'trainingStallUnknownPaceSeconds'],
      for: '5m',
      severity: 'info',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run reports no more steps, and nobody can tell whether it is done.',
      description: `${whichRun} has reported no step for {{ $value | humanizeDuration }}. See whether it has finished: a run that ends without a mark looks just like one that hangs.`,
      runbook: {
        meaning:
          'The run went quiet as a run that hangs does, but there is no proof of life: its process cannot be seen from here or is gone, and the step at which it ends is not known. A run that has simply finished, and whose framework leaves no mark of that, looks the same as one that was killed. A run whose process cannot be seen counts as ended after the time of `--runs.idle-after`, and this alert then ends too.',
        firstLook: [
          'Is it still there: `squeue -j <job_id>`, `sacct -j <job_id> -o JobID,State,ExitCode,End`; `kubectl get pods -n <namespace>`.',
          readLog,
          'Was it killed: `dmesg -T | grep -i -E "out of memory|killed process"` on its nodes.',
          'If it is there, go on as for TrainingStalled: stacks first.',
        ],
        remedy: [
          'Done: nothing.',
          'To know the next time, start it with `fleetlens training run -- <command>`, which reports the end and the exit code; or run the exporter where it can see the processes; or let the script tell its last step.',
          restartFromCheckpoint,
        ],
      },
      fires: {
        when: 'A run without proof of life has been quiet for eight minutes; the process of another is gone',
        series: [
          ...reports('0+60x5 300x20'),
          examplePhase('training', '1x30'),
          ...reports('0+60x5 300x20', gone),
          [series(training.training_run_alive, gone), '1x5 0x20'],
          examplePhase('training', '1x5 0x20', gone),
          examplePhase('ended', '0x5 1x20', gone),
        ],
        at: '13m',
        alerts: [exampleRun, { ...exampleRun, run: 'gone', job_id: '4712' }],
      },
      quiet: {
        when: 'A live run stalls, for which there is TrainingStalled; another is at its last step; one said to its wrapper that it finished, of which the exporter of another node knows nothing; one ended so long ago that nobody knows of its process',
        series: [
          ...reports('0+60x5 300x20'),
          [series(training.training_run_alive, exampleRunTarget), '1x30'],
          examplePhase('training', '1x30'),
          ...reports('0+60x5 300x20', uploads),
          [series(training.training_max_steps, uploads), '9000x30'],
          examplePhase('training', '1x30', uploads),
          ...reports('0+60x5 300x20', wrapped),
          examplePhase('finished', '0x5 1x20', wrapped),
          ...reports('0+60x5 300x20', { ...wrapped, node: 'n2', instance: 'n2:9410' }),
          examplePhase('training', '1x30', { ...wrapped, node: 'n2', instance: 'n2:9410' }),
          ...reports('0x30', evaluates),
          examplePhase('ended', '1x30', evaluates),
        ],
        at: '13m',
      },
      edges: silences([], 5),
    },
    {
      name: 'TrainingNotStarted',
      expr: promql`time() - ${perRun(training.training_start_timestamp_seconds)} > ${thresholds.trainingStartSeconds}
and
${runsIn('starting')}`,
      thresholds: ['trainingStartSeconds'],
      for: '1m',
      severity: 'warning',
      action: 'investigate',
      domain: 'training',
      team: 'workload',
      summary: 'A run was started long ago and has not done its first step.',
      description: `${whichRun} shows up for {{ $value | humanizeDuration }} and has reported no step yet. See whether it compiles, loads data, or hangs in its first collective.`,
      runbook: {
        meaning:
          'The program has opened its event file or was started by the wrapper, and since then nothing was heard of a step. Large models compile, load and shard for many minutes. A rank that never came, a wrong address of the first node or a blocked port looks the same, and then the job waits until its time limit.',
        firstLook: [
          findProcesses,
          readLog,
          'Are all ranks there: the log of each node should show its rank; `squeue -j <job_id> -o %D`, or `kubectl get pods -l <label of the job>`.',
          dumpStacks,
          'The network that NCCL takes: start with `NCCL_DEBUG=INFO` and look for `NET/` and `Init COMPLETE` in the log of each rank.',
        ],
        remedy: [
          'A rank or node is missing: stop the job and start it again without that node.',
          'All wait in `init_process_group` or the first collective: check MASTER_ADDR, MASTER_PORT, the interface (`NCCL_SOCKET_IFNAME`) and firewalls.',
          'It really takes so long: raise trainingStartSeconds, and keep the compilation cache between runs.',
        ],
      },
      fires: {
        when: 'A run was started an hour ago, and nothing but its event file is there',
        series: [
          [series(training.training_start_timestamp_seconds, exampleRunTarget), '0x70'],
          examplePhase('starting', '1x70'),
        ],
        at: '60m',
        alerts: [exampleRun],
      },
      quiet: {
        when: 'A run compiles for 40 minutes; another was started two hours ago and trains',
        series: [
          [series(training.training_start_timestamp_seconds, exampleRunTarget), '0x70'],
          examplePhase('starting', '1x70'),
          [series(training.training_start_timestamp_seconds, unseen), '-7200x70'],
          examplePhase('training', '1x70', unseen),
          examplePhase('starting', '0x70', unseen),
        ],
        at: '40m',
      },
    },
  ],
});

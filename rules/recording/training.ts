import type { Expr } from '../../metrics/promql.ts';
import { bucket, countOf, promql, select, sumOf } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineRecordings } from '../recording.ts';
import { endedPhases, runsIn } from '../runs.ts';
import { ownWork, perRun } from '../vectors.ts';

/** What `run` at the beginning of a name stands for. */
const run = ['cluster', 'run', 'job_id', 'framework'] as const;

const productive = training.training_productive_seconds_total;
const wall = training.training_wall_seconds_total;
const wasted = select(training.training_badput_seconds_total, { reason: 'wasted_progress' });
const duration = training.training_step_duration_seconds;

const productiveLife = perRun(productive);
const productive1h = perRun(promql`increase(${productive}[1h])`);
const wall1h = perRun(promql`increase(${wall}[1h])`);

/** Time on steps that were not lost later, which is all of it for a run that never lost any. */
function lasting(spent: Expr, lost: Expr): Expr {
  return promql`clamp_min(${spent} - (${lost} or 0 * ${spent}), 0)`;
}

/** Only while steps are reported: quantiles of nothing are NaN. */
function stepDurationQuantile(quantile: number): Expr {
  return promql`histogram_quantile(${quantile}, max by (cluster, run, job_id, framework, le) (rate(${bucket(duration)}[10m])))
and
${perRun(promql`rate(${countOf(duration)}[10m])`)} > 0`;
}

/** What overview boards and alerts read of training runs: one value for each run, however many exporters see it. */
export const trainingGroup = defineRecordings(
  { group: 'training' },
  {
    'run:training_goodput_ratio:avg1h': {
      help: 'Share of the last hour that was spent on steps, without those that were lost by a rollback.',
      unit: 'ratio',
      labels: run,
      expr: promql`${lasting(productive1h, perRun(promql`increase(${wasted}[1h])`))} / (${wall1h} > 0)`,
    },
    'run:training_effective_time_ratio:life': {
      help: 'Effective training time ratio: share of the whole life of the run, all attempts and restarts included, that was spent on steps that last.',
      unit: 'ratio',
      labels: run,
      expr: promql`${lasting(productiveLife, perRun(wasted))} / (${perRun(wall)} > 0)`,
    },
    'run_reason:training_badput_ratio:avg1h': {
      help: 'Share of the last hour that was not spent on lasting steps, by reason.',
      unit: 'ratio',
      labels: [...run, 'reason'],
      expr: promql`max by (cluster, run, job_id, framework, reason) (increase(${training.training_badput_seconds_total}[1h])) / on (cluster, run, job_id, framework) group_left () (${wall1h} > 0)`,
    },
    'run:training_tokens:rate5m': {
      help: 'Tokens per second by the counter, those included that had to be trained on again.',
      unit: 'none',
      labels: run,
      expr: perRun(promql`rate(${training.training_tokens_total}[5m])`),
    },
    'run:training_steps:rate5m': {
      help: 'Steps per second by the counter, those included that had to be done again.',
      unit: 'none',
      labels: run,
      expr: perRun(promql`rate(${training.training_steps_total}[5m])`),
    },
    'run:training_step_duration_seconds:mean5m': {
      help: 'Mean duration of the steps that were reported in the last five minutes.',
      unit: 'seconds',
      labels: run,
      expr: perRun(promql`rate(${sumOf(duration)}[5m]) / (rate(${countOf(duration)}[5m]) > 0)`),
    },
    'run:training_step_duration_seconds:p50': {
      help: 'Duration that half of the steps of the last ten minutes did not exceed.',
      unit: 'seconds',
      labels: run,
      expr: stepDurationQuantile(0.5),
    },
    'run:training_step_duration_seconds:p95': {
      help: 'Duration that 95 % of the steps of the last ten minutes did not exceed.',
      unit: 'seconds',
      labels: run,
      expr: stepDurationQuantile(0.95),
    },
    'run:training_step_duration_seconds:p99': {
      help: 'Duration that 99 % of the steps of the last ten minutes did not exceed.',
      unit: 'seconds',
      labels: run,
      expr: stepDurationQuantile(0.99),
    },
    'run:training_checkpoint_age_seconds:min': {
      help: 'Age of the newest complete checkpoint of a run that has not ended.',
      unit: 'seconds',
      labels: run,
      expr: promql`time() - ${perRun(training.training_last_checkpoint_timestamp_seconds)} unless ${runsIn(...endedPhases)}`,
    },
    'run:training_rank_relative_score_ratio:min': {
      help: 'Score of the slowest rank of a run that has not ended, in any phase of its own work: time of the fastest rank over its time.',
      unit: 'ratio',
      labels: run,
      expr: promql`min by (cluster, run, job_id, framework) (${select(training.training_rank_relative_score_ratio, { phase: ownWork })}) unless ${runsIn(...endedPhases)}`,
    },
    'cluster_phase:training_run:count': {
      help: 'Number of runs of the cluster by phase.',
      unit: 'none',
      labels: ['cluster', 'phase'],
      expr: promql`sum by (cluster, phase) (max by (cluster, run, job_id, framework, phase) (${training.training_run_phase}))`,
    },
  },
);

import { perRun } from '../../../../dashboards/panels/scope.ts';
import { prometheus } from '../../../../metrics/external.ts';
import { type Expr, promql, select } from '../../../../metrics/promql.ts';
import { training } from '../../../../metrics/training.ts';
import { trainingGroup } from '../../../../rules/recording/training.ts';

const { series } = trainingGroup;
const onRuns = { cluster: { re: '$cluster' }, run: { re: '$run' } } as const;

/** The hundred runs that showed a sign of life last. */
const lastStep = perRun(select(training.training_last_step_timestamp_seconds, onRuns));
const latest = promql`topk(100, ${lastStep} or ${perRun(select(training.training_start_timestamp_seconds, onRuns))})`;
const of = (readings: Expr) => promql`${readings} and on (cluster, run, job_id, framework) ${latest}`;

/** One row for each run in each reading. */
export const runQueries = {
  phase: of(
    promql`max by (cluster, run, job_id, framework, phase) (${select(training.training_run_phase, onRuns)}) == 1`,
  ),
  silence: of(promql`time() - ${lastStep}`),
  interval: of(perRun(select(training.training_report_interval_seconds, onRuns))),
  step: of(perRun(select(training.training_step, onRuns))),
  steps: of(perRun(select(training.training_max_steps, onRuns))),
  left: of(perRun(select(training.training_eta_seconds, onRuns))),
  loss: of(perRun(select(training.training_loss, onRuns))),
  nonFinite: of(perRun(select(training.training_loss_nonfinite, onRuns))),
  tokens: of(perRun(select(training.training_tokens_per_second, onRuns))),
  goodput: of(perRun(select(series['run:training_goodput_ratio:avg1h'], onRuns))),
  slowest: of(perRun(select(series['run:training_rank_relative_score_ratio:min'], onRuns))),
  lost: of(
    promql`max by (cluster, run, job_id, framework, reason) (${select(series['run_reason:training_badput_ratio:avg1h'], onRuns)})`,
  ),
  alerts: promql`max by (run, alertname) (${select(prometheus.ALERTS, { ...onRuns, alertstate: 'firing', domain: 'training' })})`,
};

import { promql, select } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { thresholds } from '../thresholds.ts';
import { perRun } from '../vectors.ts';
import type { Slo } from './objective.ts';

/** Runs whose clock goes, and by how much. One that waits for its first step counts, one that has ended does not. */
const wall = promql`(${perRun(promql`increase(${training.training_wall_seconds_total}[10m])`)} > 0)`;
const badput = select(training.training_badput_seconds_total, { reason: { not: 'evaluation' } });
const lost = promql`sum by (cluster, run, job_id, framework) (max by (cluster, run, job_id, framework, reason) (increase(${badput}[10m])))`;

/**
 * Share of the time of training runs that goes into steps that last. Ten minutes are looked at each time, so that each lost second is within ten
 * of them. A rollback loses hours at once: then more is lost than the runs took, which the budget pays in full.
 */
export const trainingGoodput: Slo = {
  name: 'training-goodput',
  title: 'the training runs of a cluster',
  missed: ['the time of runs', 'is lost'],
  objective: thresholds.trainingGoodputObjectiveRatio,
  periodDays: 30,
  by: ['cluster'],
  indicator: {
    kind: 'members',
    good: promql`sum by (cluster) (1 - (${lost} or 0 * ${wall}) / ${wall})`,
    members: promql`count by (cluster) (${wall})`,
  },
  minimum: { events: thresholds.trainingGoodputRunMinutesCount, bad: thresholds.trainingGoodputLostMinutesCount },
  pages: false,
  expected: false,
  domain: 'training',
  team: 'sre',
  firstLook: [
    'What it goes into: `sum by (reason) (increase(training_badput_seconds_total[1d]))`, and the row Speed of the board Training runs.',
    'One run or all of them: `sort_desc(sum by (run) (increase(training_badput_seconds_total{reason!="evaluation"}[1d])))`.',
    'All of them at once: storage, network or a node that many share; recovery and wasted_progress come from GPUs and nodes that fail.',
  ],
  remedy: [
    'One run: see the runbook of TrainingGoodputLow, with its owner.',
    'checkpoint_save and startup of many runs: the file system; see the runbooks of the storage alerts.',
    'Many short runs, which spend their time on starting: lower trainingGoodputObjectiveRatio to what they can reach.',
  ],
};

import type { Expr } from '../../metrics/promql.ts';
import { promql, select } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { definePanels } from '../panel.ts';
import { onRuns, straggling } from './scope.ts';

function perRank(readings: Expr): Expr {
  return promql`max by (cluster, run, job_id, framework, phase, rank) (${readings})`;
}

const seconds = perRank(select(training.training_rank_phase_seconds, onRuns));
const score = perRank(select(training.training_rank_relative_score_ratio, onRuns));
const individual = perRank(select(training.training_rank_individual_score_ratio, onRuns));
const spread = select(training.training_rank_phase_spread_seconds, onRuns);
/** The 64 lines with the worst scores. */
const slowest = promql`bottomk(64, ${score})`;
const onRank = promql`on (cluster, run, job_id, framework, phase, rank)`;

const noRanks = 'No run reports ranks';

/** Ranks of the chosen runs against each other. */
export const trainingRankPanels = definePanels('training-ranks', {
  slowest: {
    visual: 'bars',
    metric: training.training_rank_phase_seconds,
    title: 'Which ranks take longest?',
    description: 'The 16 longest phases of single ranks. In communication the rank that takes least is the slow one.',
    queries: [{ expr: promql`topk(16, ${seconds})`, legend: '{{run}} · {{phase}} · rank {{rank}}' }],
    noValue: noRanks,
  },
  spread: {
    visual: 'timeseries',
    metric: training.training_rank_phase_spread_seconds,
    title: 'How far are fastest and slowest rank apart?',
    description: `${training.training_rank_phase_spread_seconds.help} At most 24 curves: choose a run above.`,
    queries: [
      {
        expr: promql`topk(24, max by (cluster, run, job_id, framework, phase, kind) (${spread}))`,
        legend: '{{run}} · {{phase}} {{kind}}',
      },
    ],
    noValue: noRanks,
  },
  scores: {
    visual: 'table',
    metric: training.training_rank_relative_score_ratio,
    title: 'Which ranks hold up the others?',
    description:
      'The 64 worst scores. The relative score compares with the fastest rank, the individual one with the best time of the same rank. A rank that is bad in both became slow; one that is bad in the first alone always was.',
    keys: [
      ['cluster', 'Cluster'],
      ['run', 'Run'],
      ['job_id', 'Job'],
      ['framework', 'Framework'],
      ['phase', 'Phase'],
      ['rank', 'Rank'],
    ],
    columns: [
      { heading: 'Relative score', unit: 'ratio', expr: slowest, levels: straggling },
      { heading: 'Individual score', unit: 'ratio', expr: promql`${individual} and ${onRank} ${slowest}` },
      { heading: 'Time', unit: 'seconds', expr: promql`${seconds} and ${onRank} ${slowest}` },
    ],
    sortBy: ['Relative score', 'smallest'],
    noValue: noRanks,
  },
});

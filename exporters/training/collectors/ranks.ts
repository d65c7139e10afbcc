import { isOver } from '../runs/life.ts';
import { rankSpread } from '../runs/rank-times.ts';
import { perRun } from './training-collector.ts';

export const ranksCollector = perRun('ranks', ({ labels, state }, { emit }, { shownRanks }) => {
  // Nobody waits for a rank of a run that is over.
  if (isOver(state)) return;
  const counts = [...state.rankPhases.values()].map(({ ranks }) => ranks.size);
  emit('training_ranks', labels, counts.length === 0 ? undefined : Math.max(...counts));
  for (const [phase, times] of state.rankPhases) {
    const spread = rankSpread(times);
    if (spread === undefined) continue;
    const ofPhase = { ...labels, phase };
    for (const kind of ['min', 'median', 'max'] as const) {
      emit('training_rank_phase_spread_seconds', { ...ofPhase, kind }, spread[kind]);
    }
    for (const { rank, seconds, relative, individual } of spread.scores.slice(0, shownRanks)) {
      const ofRank = { ...ofPhase, rank: String(rank) };
      emit('training_rank_phase_seconds', ofRank, seconds);
      emit('training_rank_relative_score_ratio', ofRank, relative);
      emit('training_rank_individual_score_ratio', ofRank, individual);
    }
  }
});

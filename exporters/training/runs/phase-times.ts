import { observe } from './histogram.ts';
import { addRankTime, createRankTimes, type RankRoom } from './rank-times.ts';
import { createPhaseState, phaseBounds, type RunState } from './run-state.ts';

/** What a loop may name beside the usual ones; the rest goes together. */
export const maxPhases = 32;
const otherPhase = 'other';
const waitingPhase = 'data_loading';

interface PhaseReport {
  readonly phase: string;
  readonly seconds: number;
  /** How many steps the value stands for. */
  readonly weight?: number;
  /** Of which rank it is, if it is not of the whole run. */
  readonly rank?: number | undefined;
  readonly memoryDeltaBytes?: number | undefined;
}

/** Counts a phase of a step. False if it had to be counted under `other`. */
export function addPhaseTime(
  run: RunState,
  { phase, seconds, weight = 1, rank, memoryDeltaBytes }: PhaseReport,
): boolean {
  if (!(seconds >= 0) || !Number.isFinite(seconds)) return true;
  const isKept = run.phases.has(phase) || run.phases.size < maxPhases;
  const name = isKept ? phase : otherPhase;
  const state = run.phases.get(name) ?? createPhaseState();
  run.phases.set(name, state);
  observe(state.durations, phaseBounds, seconds, weight);
  if (memoryDeltaBytes !== undefined && Number.isFinite(memoryDeltaBytes)) state.memoryDeltaBytes = memoryDeltaBytes;
  if (name === waitingPhase && rank === undefined) run.progress.waitedSeconds += seconds * weight;
  return isKept;
}

interface RankReport {
  readonly phase: string;
  readonly rank: number;
  readonly seconds: number;
  readonly weight: number;
  readonly atSeconds: number;
}

/** Compares ranks in the phase. False if the limit of ranks, or of phases that are compared, is reached. */
export function addRankPhase(run: RunState, { phase, ...time }: RankReport, maxRanks: number, room: RankRoom): boolean {
  const isRank = Number.isInteger(time.rank) && time.rank >= 0;
  if (!isRank || !(time.seconds >= 0) || !Number.isFinite(time.seconds)) return false;
  const known = run.rankPhases.get(phase);
  if (known === undefined && run.rankPhases.size >= maxPhases) return false;
  const times = known ?? createRankTimes();
  run.rankPhases.set(phase, times);
  const isTaken = addRankTime(times, time, maxRanks, room);
  if (isTaken && phase === waitingPhase) rankWaited(run, time);
  return isTaken;
}

/** What a run takes of the room for ranks. */
export function countRankTimes({ rankPhases }: RunState): number {
  return [...rankPhases.values()].reduce((sum, { ranks }) => sum + ranks.size, 0);
}

/** Ranks wait at the same time, and a step is done when the last of them is: the one that waited longest counts. */
function rankWaited(
  { rankWaits, progress }: RunState,
  { rank, seconds, weight }: Pick<RankReport, 'rank' | 'seconds' | 'weight'>,
): void {
  const waited = (rankWaits.get(rank) ?? 0) + seconds * weight;
  rankWaits.set(rank, waited);
  progress.waitedSeconds = Math.max(progress.waitedSeconds, waited);
}

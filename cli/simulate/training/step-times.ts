import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import type { RunShape } from './run-shape.ts';
import type { RunKey } from './simulated-run.ts';

export interface RankTimes {
  readonly dataLoadingSeconds: number;
  /** Until its own gradients are there, without waiting for others. */
  readonly forwardBackwardSeconds: number;
  readonly optimizerSeconds: number;
}

export interface StepTimes {
  /** The whole step; the same on all ranks, because they wait for the slowest. */
  readonly seconds: number;
  readonly ranks: readonly RankTimes[];
}

/** Parts of a step that nothing slows down. */
const share = { dataLoading: 0.02, optimizer: 0.05, communication: 0.06 } as const;

/** What the ranks of a run do in one step that begins at this second. */
export function stepTimes(key: RunKey, shape: RunShape, step: number, beginSecond: number): StepTimes {
  const ranks = Array.from({ length: key.ranks }, (_, rank) => rankTimes(key, shape, { step, rank, beginSecond }));
  const slowest = Math.max(...ranks.map((times) => sumOf(times)));
  return { seconds: slowest + share.communication * shape.stepSeconds, ranks };
}

interface Place {
  readonly step: number;
  readonly rank: number;
  readonly beginSecond: number;
}

function rankTimes({ seed, node, pod, fault }: RunKey, { stepSeconds }: RunShape, place: Place): RankTimes {
  const { step, rank, beginSecond } = place;
  const { straggler } = fault;
  // Two cards of one kind differ by a percent or two.
  const own = 1 + 0.02 * noise(seed, node, pod, 113, rank);
  const now = 1 + 0.015 * noise(seed, node, pod, 114, rank, step);
  const isSlow = straggler !== undefined && rank === straggler.rank && beginSecond >= straggler.fromSecond;
  const whole = 1 - share.dataLoading - share.optimizer - share.communication;
  return {
    dataLoadingSeconds: stepSeconds * share.dataLoading * (0.7 + 0.6 * noise(seed, node, pod, 115, rank, step)),
    forwardBackwardSeconds: stepSeconds * whole * own * now * (isSlow ? straggler.factor : 1),
    optimizerSeconds: stepSeconds * share.optimizer * (0.95 + 0.1 * noise(seed, node, pod, 116, rank, step)),
  };
}

function sumOf({ dataLoadingSeconds, forwardBackwardSeconds, optimizerSeconds }: RankTimes): number {
  return dataLoadingSeconds + forwardBackwardSeconds + optimizerSeconds;
}

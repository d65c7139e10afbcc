import type { Contribution } from '../api/read-explained';

export interface Bar extends Contribution {
  /** Share of half the width that the bar takes, 0 to 1. */
  readonly length: number;
  readonly raises: boolean;
}

export interface Bars {
  readonly bars: readonly Bar[];
  /** What everything else adds up to. */
  readonly rest: number;
  readonly restCount: number;
  /** What everybody starts from, in log-odds; it tells nothing of this GPU. */
  readonly base: Contribution | undefined;
}

/** What every GPU of the fleet has, and would hide all else by its length. */
const baseFeatures = new Set(['base_rate', 'training_average']);

/** The strongest reasons, as bars of one scale; the rest is summed up, so that nothing is hidden. */
export function barsOf(contributions: readonly Contribution[], most = 8): Bars {
  const base = contributions.find(({ feature }) => baseFeatures.has(feature));
  const own = contributions
    .filter((each) => each !== base && Math.abs(each.amount) > negligible)
    .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount));
  const longest = Math.abs(own[0]?.amount ?? 0) || 1;
  const rest = own.slice(most);
  return {
    bars: own.slice(0, most).map((each) => ({
      ...each,
      length: Math.abs(each.amount) / longest,
      raises: each.amount > 0,
    })),
    rest: rest.reduce((sum, { amount }) => sum + amount, 0),
    restCount: rest.length,
    base,
  };
}

/** In log-odds: a hundredth of a percent. */
const negligible = 1e-4;

/** By how many times a contribution multiplies the odds, such as 2.7. */
export function timesOf(amount: number): number {
  return Math.exp(amount);
}

import { decayDays, type Hold } from './kernel.ts';
import { compress, type FitInput, misfit, rateOf } from './likelihood.ts';
import { minimise } from './minimise.ts';

/** Hazard per entity and day: `base`, plus `excitation[k]` for each event, faded by decay k. */
export interface Rates {
  readonly base: number;
  readonly excitation: readonly number[];
  readonly hold: Hold;
}

export interface RateFit extends Rates {
  /** Rows that were learned from, and those of them that failed. */
  readonly rows: number;
  readonly failed: number;
  readonly logLikelihood: number;
  readonly hasConverged: boolean;
}

const startBase = -5.5;
const startExcitation = -6;
/**
 * Most likely rates given labels: each usable row fails with 1 - exp(-hazard over the horizon). Rates are fitted on their logarithms, from e^-5.5 and
 * e^-6, so they stay positive. Undefined without a failed row, which has no likeliest rate.
 */
export function fitRates(input: FitInput): RateFit | undefined {
  const data = compress(input);
  if (data.failed === 0) return undefined;
  const start = Float64Array.from([startBase, ...decayDays.map(() => startExcitation)]);
  const { point, value, hasConverged } = minimise((at, gradient) => misfit(data, at, gradient), start);
  const [base = 0, ...excitation] = [...point].map(rateOf);
  return {
    base,
    excitation,
    hold: input.hold,
    rows: data.rows,
    failed: data.failed,
    logLikelihood: -value,
    hasConverged,
  };
}

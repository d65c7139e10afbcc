import type { Factors } from './gamma-interval';

export interface ProbabilityRange {
  readonly low: number;
  readonly high: number;
}

/** A probability whose hazard is off by the factors; it stays between 0 and 1. */
export function probabilityRange(probability: number, { low, high }: Factors): ProbabilityRange {
  const hazard = -Math.log1p(-Math.min(probability, 1 - 1e-12));
  return { low: -Math.expm1(-hazard * low), high: -Math.expm1(-hazard * high) };
}
